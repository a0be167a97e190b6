// SPDX-License-Identifier: GPL-2.0-or-later
/* The part of rootovl that a booted root gets: `rootovl report`, static, for roots of any kind. */
#include "src/common/usage.h"
#include "src/rootovl/booted/guard.h"
#include "src/rootovl/disk/copy.h"
#include "src/rootovl/lower/nbd.h"
#include "src/rootovl/machine/report.h"

#include <string.h>

static const char usage[] =
	"usage: rootovl report [--json] [--svg FILE] [FILE]\n"
	"       rootovl nbd-keep\n"
	"       rootovl guard reboot|poweroff|halt|kexec\n"
	"       rootovl cache-fill\n"
	"       rootovl --help | --version\n"
	"The part of rootovl for a booted root; rootovl(8) has the others.\n"
	"\n"
	"  report      show how this machine's root was made\n"
	"  nbd-keep    for rootovl-nbd.service: connect a root on NBD again\n"
	"  cache-fill  for rootovl-cache.service: copy the root to the disk of the upper\n"
	"  guard       for rootovl-guard@.service: end the machine although its server is dead\n";

int main(int argc, char **argv)
{
	static char report[] = "rootovl report"; /* getopt(3) says it */

	if (argc > 1 && !strcmp(argv[1], "report")) {
		argv[1] = report;
		return report_main(argc - 1, argv + 1);
	}
	if (argc > 1 && !strcmp(argv[1], "nbd-keep"))
		return nbd_keep_main(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "guard"))
		return guard_main(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "cache-fill"))
		return cache_fill_main(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "--version"))
		return puts("rootovl " ROOTOVL_VERSION) < 0;
	return usage_end(argv, usage);
}
