// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * `rootovl network`, in the initramfs before udev and systemd-networkd: directories that the
 * payload changed are mended, for networkd is not root, and the network's parameters become its
 * units. systemd-network-generator(8) does the work, with words that it takes;
 * what a root on the network needs besides is added to what it wrote.
 */
#include "src/rootovl/boot/network_units.h"
#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/common/program.h"
#include "src/rootovl/machine/command_line.h"
#include "src/rootovl/machine/mend_dirs.h"
#include "src/rootovl/settings/network_unit.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <string.h>

#define UNITS	  "/run/systemd/network"
#define GENERATOR "/usr/lib/systemd/systemd-network-generator"
#define NO_IP	  UNITS "/95-rootovl.network"
#define MASTERS	  UNITS "/00-rootovl-masters.link"
#define DROP_IN	  "/run/systemd/system/systemd-network-generator.service.d"
#define UNIT_MAX  65536

/* The root directory for the units; "" is the machine itself. */
struct place {
	const char *root, *generator;
};

static int generate(const struct place *place, char *const *words, struct failure *f)
{
	auto_strv char **argv = NULL;
	int r;

	if (!words)
		return 0;
	strv_add(&argv, xstrdup(place->generator));
	if (*place->root)
		strv_add(&argv, xasprintf("--root=%s", place->root));
	strv_add(&argv, xstrdup("--"));
	for (; *words; words++)
		strv_add(&argv, xstrdup(*words));
	r = program_run(
		&(struct program){ .argv = (const char *const *)argv, .output = STDERR_FILENO },
		NULL, f);
	return r <= 0 ? r
		      : fail(f, EINVAL, "what it said stands above", "%s: exit status %d",
			     place->generator, r);
}

static int write_unit(const char *path, const char *text, struct failure *f)
{
	int r = file_write(AT_FDCWD, path, text, 0644);

	return r < 0 ? fail_errno(f, -r, NULL, "%s", path) : 0;
}

static int amend(const struct place *place, const struct network_words *words, const char *path,
		 struct failure *f)
{
	auto_free char *text = NULL, *more = NULL, *link = xasprintf("%s" MASTERS, place->root);
	const char *ending = strrchr(path, '.');
	bool netdev = !strcmp(ending, ".netdev");
	int r = file_read(AT_FDCWD, path, UNIT_MAX, &text);

	if (r < 0)
		return fail_errno(f, -r, NULL, "%s", path);
	if (netdev)
		more = network_unit_netdev(words, text);
	else if (!strcmp(ending, ".network"))
		more = network_unit_text(words, text);
	if (!more)
		return 0;
	r = write_unit(path, more, f);
	return r < 0 || !netdev ? r : write_unit(link, network_unit_link(), f);
}

/*
 * Stops the network generator of the root, which reads the same command line. It would end at a
 * parameter that it does not know, or because the units exist already, and be a failed unit of the
 * root.
 */
static int stop_others(struct failure *f)
{
	int r = file_make_dirs(DROP_IN);

	return r < 0 ? fail_errno(f, -r, NULL, "%s", DROP_IN)
		     : write_unit(DROP_IN "/rootovl.conf",
				  "# made by rootovl, which ran it\n"
				  "[Unit]\nConditionPathExists=!/run/rootovl\n",
				  f);
}

static int write_no_ip(const struct place *place, const struct network_words *words,
		       struct failure *f)
{
	auto_free char *text = network_unit_text(words, NULL);
	auto_free char *dir = xasprintf("%s" UNITS, place->root);
	auto_free char *path = xasprintf("%s" NO_IP, place->root);
	int r = file_make_dirs(dir);

	return r < 0 ? fail_errno(f, -r, NULL, "%s", dir) : write_unit(path, text, f);
}

int network_units_write(const struct network_words *words, const char *root, const char *generator,
			struct failure *f)
{
	const struct place place = { root, generator };
	auto_free char *all = xasprintf("%s" UNITS "/*.net*", root);
	glob_t files;
	int r = generate(&place, words->words, f);

	if (r == 0)
		r = generate(&place, words->others, f);
	if (r == 0 && glob(all, 0, NULL, &files) == 0) {
		for (size_t i = 0; r == 0 && i < files.gl_pathc; i++)
			r = amend(&place, words, files.gl_pathv[i], f);
		globfree(&files);
	}
	return r < 0 || words->ip ? r : write_no_ip(&place, words, f);
}

int network_units_make(struct failure *f)
{
	struct cmdline cmdline = { 0 };
	struct network_words words = { 0 };
	int r;

	mend_dirs("");
	/* Without the generator another program than networkd sets up the network. */
	if (access(GENERATOR, F_OK) < 0)
		return 0;
	r = command_line_read(&cmdline, f);
	if (r == 0)
		r = network_words_read(&words, &cmdline, f);
	if (r == 0)
		r = stop_others(f);
	if (r == 0)
		r = network_units_write(&words, "", GENERATOR, f);
	network_words_done(&words);
	cmdline_done(&cmdline);
	return r;
}

static int run(const struct command_line *line)
{
	auto_failure struct failure f = { 0 };
	int r;

	(void)line;
	if (access("/etc/initrd-release", F_OK) < 0)
		r = fail(&f, EINVAL, NULL,
			 "network: this is not an initramfs (no /etc/initrd-release)");
	else
		r = network_units_make(&f);
	return r < 0 ? command_failed(&f) : 0;
}

const struct command command_network = {
	.name = "network",
	.meaning = "make networkd's units (in the initramfs)",
	.synopsis = "",
	.about = "In the initramfs: makes systemd-networkd's units of ip= and the like.",
	.exits = "Exit status: 0 done, 1 failed, 2 wrong usage.",
	.run = run,
};
