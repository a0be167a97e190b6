// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The driver of the root tier's tests of the payload copier: opens a new root on given directories
 * and carries out what its arguments say.
 *
 *	copy LOWER UPPER SOURCE ACTION…
 *
 * SOURCE may be "-" where nothing is copied, UPPER where nothing is written. An action is
 *	rule LINE       a line of a payload table
 *	table FILE      a payload table
 *	copy SRC[:DEST] as rootovl.copy=
 *	kernel NAME, user NAME, for the lines that follow
 *	enable UNIT, fstab, id IDENTITY, write PATH TEXT, link TARGET PATH, read PATH
 * The payload is copied before the rest is done. Prints the stats, warnings and what
 * was put out of action, or the failure and its hint.
 */
#include "src/common/mem.h"
#include "src/rootovl/configure/machine_id.h"
#include "src/rootovl/configure/mounts.h"
#include "src/rootovl/configure/units.h"
#include "src/rootovl/payload/payload.h"
#include "src/rootovl/plan/payload_settle.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

struct run {
	struct newroot *nr;
	int source;
	struct payload_words words;
	struct payload_rules rules;
	char **enabled; /* units */
	struct failure f;
};

static char *read_table(const char *path)
{
	auto_fclose FILE *in = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	return in && getdelim(&text, &size, '\0', in) >= 0 ? text : NULL;
}

static int add_table(struct run *run, const char *path)
{
	auto_free char *text = read_table(path);

	if (!text)
		return fail_errno(&run->f, errno, NULL, "%s", path);
	return payload_rules_parse(&run->rules, path, text, &run->words, &run->f);
}

static int read_path(struct run *run, const char *path)
{
	auto_free char *text = NULL;
	size_t len;
	int r = newroot_read(run->nr, path, 1 << 20, &text, &len);

	if (r < 0)
		return fail_errno(&run->f, -r, NULL, "%s", path);
	fputs(text, stdout);
	return 0;
}

/* How many arguments an action has. */
static int args_of(const char *action)
{
	if (strcmp(action, "fstab") == 0)
		return 0;
	return strcmp(action, "write") == 0 || strcmp(action, "link") == 0 ? 2 : 1;
}

/* Carries out what has to come before the copying. */
static int collect(struct run *run, char **argv)
{
	const char *action = argv[0], *arg = argv[1];

	for (int i = 1; i <= args_of(action); i++) {
		if (!argv[i])
			return fail(&run->f, EINVAL, NULL, "%s: an argument is missing", action);
	}
	if (strcmp(action, "rule") == 0)
		return payload_rules_parse(&run->rules, "rule", arg, &run->words, &run->f);
	if (strcmp(action, "table") == 0)
		return add_table(run, arg);
	if (strcmp(action, "copy") == 0)
		return payload_rules_add_copy(&run->rules, arg, &run->f);
	if (strcmp(action, "kernel") == 0)
		run->words.kernel = arg;
	else if (strcmp(action, "user") == 0)
		run->words.user = arg;
	return 0;
}

static int make_fstab_safe(struct run *run)
{
	struct mounts_out out;
	int r = mounts_make_safe(run->nr, run->enabled, false, &out, &run->f);

	for (char **text = out.told; text && *text; text++)
		printf("disabled: %s\n", *text);
	for (char **name = out.missed; name && *name; name++)
		printf("missed: %s\n", *name);
	mounts_out_done(&out);
	return r;
}

static int set_id(struct run *run, const char *identity)
{
	const char *why;
	int r = machine_id_set(run->nr, *identity ? identity : NULL, &why, &run->f);

	if (r == 0 && why)
		printf("id: %s\n", why);
	return r;
}

/* Carries out what comes after it. */
static int carry_out(struct run *run, char **argv)
{
	const char *action = argv[0];

	if (strcmp(action, "enable") == 0) {
		strv_add(&run->enabled, xstrdup(argv[1]));
		return units_enable(run->nr, argv[1], &run->f);
	}
	if (strcmp(action, "fstab") == 0)
		return make_fstab_safe(run);
	if (strcmp(action, "id") == 0)
		return set_id(run, argv[1]);
	if (strcmp(action, "write") == 0)
		return newroot_write(run->nr, argv[1], argv[2], strlen(argv[2]), 0644, &run->f);
	if (strcmp(action, "link") == 0)
		return newroot_symlink(run->nr, argv[1], argv[2], &run->f);
	if (strcmp(action, "read") == 0)
		return read_path(run, argv[1]);
	return 0;
}

static int copy(struct run *run)
{
	struct payload_stats stats = { .files = 0 };
	int r;

	payload_settle(&run->rules);
	r = payload_copy(run->source, run->nr, &run->rules, &stats, &run->f);
	printf("files %" PRIu64 " bytes %" PRIu64 " others %" PRIu64 " dirs %" PRIu64
	       " replaced %" PRIu64 " xattrs_skipped %" PRIu64 "\n",
	       stats.files, stats.bytes, stats.others, stats.dirs, stats.replaced,
	       stats.xattrs_skipped);
	for (char **text = stats.warnings; text && *text; text++)
		printf("warning: %s\n", *text);
	payload_stats_done(&stats);
	return r;
}

static int run_all(struct run *run, char **argv)
{
	int r = 0;

	for (char **a = argv; r == 0 && *a; a += args_of(*a) + 1)
		r = collect(run, a);
	if (r == 0 && run->rules.n)
		r = copy(run);
	for (char **a = argv; r == 0 && *a; a += args_of(*a) + 1)
		r = carry_out(run, a);
	return r;
}

static int open_dir(const char *path)
{
	int fd = strcmp(path, "-") == 0 ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && strcmp(path, "-") != 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(2);
	}
	return fd;
}

int main(int argc, char **argv)
{
	auto_close int lower = -1, upper = -1;
	struct run run = { .source = -1 };
	int r;

	if (argc < 5) {
		fprintf(stderr, "usage: copy LOWER UPPER SOURCE ACTION...\n");
		return 2;
	}
	lower = open_dir(argv[1]);
	upper = open_dir(argv[2]);
	run.source = open_dir(argv[3]);
	r = newroot_open(lower, &run.nr, &run.f);
	if (r == 0 && upper >= 0)
		r = newroot_set_upper(run.nr, upper, &run.f);
	if (r == 0)
		r = run_all(&run, argv + 4);
	newroot_close(run.nr);
	payload_rules_done(&run.rules);
	strv_free(run.enabled);
	if (r < 0)
		printf("failure: %s\n", run.f.what);
	if (r < 0 && run.f.hint)
		printf("hint: %s\n", run.f.hint);
	failure_done(&run.f);
	if (run.source >= 0)
		close(run.source);
	return r < 0;
}
