// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/lower/readahead.h"

#include "src/common/log.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BDI	  "/sys/class/bdi/cifs-"
#define READAHEAD "128" /* KiB */

/* The kernel counts its mounts: cifs-1, cifs-2, and so on. */
static unsigned long last_mount(void)
{
	unsigned long last = 0;
	glob_t found;

	if (glob(BDI "*", 0, NULL, &found) != 0)
		return 0;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		unsigned long number = strtoul(found.gl_pathv[i] + strlen(BDI), NULL, 10);

		if (number > last)
			last = number;
	}
	globfree(&found);
	return last;
}

void readahead_of_cifs(void)
{
	auto_free char *path = xasprintf(BDI "%lu/read_ahead_kb", last_mount());
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, READAHEAD, strlen(READAHEAD)) < 0)
		log_line(LOG_WARNING, "%s: %s", path, strerror(errno));
}
