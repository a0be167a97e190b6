// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/kept_files.h"

#include "src/common/files.h"
#include "src/common/macro.h"
#include "src/common/mem.h"
#include "src/rootovl/newroot/newroot.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define NOTE_MAX     (((size_t)1 << 20) + 1)
#define NOTE_MODE    0600
#define OF_UPPER     "upper\n" /* a note of before: the upper had the file, and its text follows */
#define NOT_OF_UPPER "lower\n" /* the same: the lower had it, or nothing did */

static const char *const files[] = {
	"/etc/hostname", "/etc/fstab", "/etc/crypttab", "/etc/veritytab", "/etc/integritytab",
};

static char *note_name(const char *path, const char *when)
{
	return xasprintf("%s-%s", when, strrchr(path, '/') + 1);
}

/* Reads a recorded file. *ret is NULL if there is no record. */
static int note_read(int dir, const char *path, const char *when, char **ret)
{
	auto_free char *name = note_name(path, when);
	int r = file_read(dir, name, NOTE_MAX + strlen(OF_UPPER), ret);

	return r == -ENOENT ? 0 : r;
}

static int note_write(int dir, const char *path, const char *when, const char *text)
{
	auto_free char *name = note_name(path, when);

	return file_write_durable(dir, name, text, NOTE_MODE);
}

static int note_remove(int dir, const char *path, const char *when)
{
	auto_free char *name = note_name(path, when);

	return unlinkat(dir, name, 0) < 0 && errno != ENOENT ? -errno : 0;
}

/* Reads a file that the upper has; NULL where it has none, or one that is no text. */
static void read_own(struct newroot *nr, const char *path, struct stat *st, char **ret)
{
	auto_free char *text = NULL;
	size_t len;

	if (newroot_stat(nr, path, false, st) < 0 || !S_ISREG(st->st_mode) ||
	    newroot_is_lower_file(nr, path) ||
	    newroot_read(nr, path, NOTE_MAX - 1, &text, &len) < 0)
		return;
	if (strlen(text) == len)
		*ret = STEAL(text);
}

static int put_back(struct newroot *nr, const char *path, const char *before, const struct stat *st,
		    struct failure *f)
{
	const char *text = before + strlen(OF_UPPER);

	if (strncmp(before, OF_UPPER, strlen(OF_UPPER)) != 0)
		return newroot_forget(nr, path, f);
	return newroot_replace(nr, path, text, strlen(text), st, f);
}

/* A boot that did not get to noting what it made had no job that could have changed the file. */
static int restore(struct newroot *nr, int dir, const char *path, struct failure *f)
{
	auto_free char *before = NULL, *made = NULL, *now = NULL;
	struct stat st;
	int r = note_read(dir, path, "before", &before);

	if (r == 0)
		r = note_read(dir, path, "made", &made);
	if (r == 0 && before)
		read_own(nr, path, &st, &now);
	if (r == 0 && now && (!made || !strcmp(now, made))) {
		r = put_back(nr, path, before, &st, f);
		if (r < 0)
			return r;
	}
	/* This order: what was made is not known without it, and would be put back again. */
	if (r == 0)
		r = note_remove(dir, path, "before");
	if (r == 0)
		r = note_remove(dir, path, "made");
	return r < 0 ? fail_errno(f, -r, NULL, "the note of %s in the upper that is kept", path)
		     : 0;
}

static int note_before(struct newroot *nr, int dir, const char *path, struct failure *f)
{
	auto_free char *now = NULL, *note = NULL;
	struct stat st;
	int r = newroot_stat(nr, path, false, &st);

	read_own(nr, path, &st, &now);
	/* A link of the upper, say: nothing could put it back. */
	if (r == 0 && !now && !newroot_is_lower_file(nr, path))
		return 0;
	note = now ? xasprintf(OF_UPPER "%s", now) : xstrdup(NOT_OF_UPPER);
	r = note_write(dir, path, "before", note);
	return r < 0 ? newroot_fail(nr, f, -r, "the note of %s in the upper that is kept", path)
		     : 0;
}

/* Drops the note of a file that is as it was. */
static int note_after(struct newroot *nr, int dir, const char *path, struct failure *f)
{
	auto_free char *before = NULL, *now = NULL;
	struct stat st;
	bool changed;
	int r = note_read(dir, path, "before", &before);

	if (r == 0 && before)
		read_own(nr, path, &st, &now);
	changed = now && (strncmp(before, OF_UPPER, strlen(OF_UPPER)) != 0 ||
			  strcmp(before + strlen(OF_UPPER), now) != 0);
	if (r == 0 && before)
		r = changed ? note_write(dir, path, "made", now) : note_remove(dir, path, "before");
	return r < 0 ? newroot_fail(nr, f, -r, "the note of %s in the upper that is kept", path)
		     : 0;
}

static int each(int (*work)(struct newroot *nr, int dir, const char *path, struct failure *f),
		struct newroot *nr, struct failure *f)
{
	auto_close int dir = open(RUN_UPPER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = dir < 0 ? fail_errno(f, errno, NULL, RUN_UPPER) : 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(files); i++)
		r = work(nr, dir, files[i], f);
	return r;
}

int kept_files_restore(struct newroot *nr, struct failure *f)
{
	return each(restore, nr, f);
}

int kept_files_before(struct newroot *nr, struct failure *f)
{
	return each(note_before, nr, f);
}

int kept_files_after(struct newroot *nr, struct failure *f)
{
	return each(note_after, nr, f);
}
