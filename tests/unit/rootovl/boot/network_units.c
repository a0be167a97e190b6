// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each kernel command line that is taken, as `rootovl network` takes it, by the real
 * systemd-network-generator. With UNITS=DIR in the environment the units stay there, those of line
 * N in DIR/N: tests/root/rootovl/boot/network_units.bats gives them to networkd. GENERATOR is
 * another generator than this machine's.
 */
#include "src/rootovl/boot/network_units.h"
#include "src/common/mem.h"
#include "src/common/program.h"
#include "tests/unit/rootovl/settings/network_lines.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void write_units(const char *line, const char *root, const char *generator)
{
	auto_failure struct failure f = { 0 };
	struct network_words words;
	struct cmdline cmdline = { 0 };

	cmdline_add(&cmdline, line);
	if (network_words_read(&words, &cmdline, &f) < 0 ||
	    network_units_write(&words, root, generator, &f) < 0)
		fail_msg("%s: %s", line, f.what);
	network_words_done(&words);
	cmdline_done(&cmdline);
}

TEST(the_generator_takes_each_line)
{
	const char *kept = getenv("UNITS"), *line = getenv("LINE"), *other = getenv("GENERATOR");
	const char *generator = other ? other : "/usr/lib/systemd/systemd-network-generator";
	char passing[] = "/tmp/network-units-XXXXXX";
	const char *dir = kept ? kept : mkdtemp(passing);
	auto_failure struct failure f = { 0 };

	if (access(generator, X_OK) < 0)
		skip();
	for (size_t i = 0; i < (line ? 1 : ARRAY_SIZE(network_good)); i++) {
		auto_free char *root = xasprintf("%s/%zu", dir, i);

		assert_int_equal(mkdir(root, 0755), 0);
		write_units(line ? line : network_good[i].line, root, generator);
	}
	if (!kept)
		program_run(
			&(struct program){ .argv = (const char *const[]){ "rm", "-rf", dir, NULL },
					   .output = -1 },
			NULL, &f);
}
