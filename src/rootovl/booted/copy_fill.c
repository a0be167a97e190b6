// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/booted/copy_fill.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/booted/copy_disk.h"
#include "src/rootovl/booted/tree_copy.h"
#include "src/rootovl/disk/copy_state.h"
#include "src/rootovl/disk/disk_dirs.h"
#include "src/rootovl/disk/lower_identity.h"
#include "src/rootovl/settings/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define NOTE_MAX 8192

/*
 * Records that the copy is too large, so that find_copy.c does not try again on a disk of this
 * size.
 */
static void note_too_large(const struct copy_disk *disk)
{
	struct statvfs vfs;

	if (fstatvfs(disk->dir, &vfs) == 0) {
		const struct copy_state state = {
			.kind = COPY_LARGE,
			.disk = (uint64_t)vfs.f_blocks * vfs.f_frsize,
		};

		(void)copy_state_write(disk->dir, &state);
	}
}

/*
 * Opens the copy to complete. Removes a copy of another state of the lower. A complete copy, if the
 * service is started twice in a boot, counts as a part while it is checked.
 */
static int open_part(struct copy_disk *disk, const struct copy_state *state)
{
	auto_copy_state struct copy_state then = { 0 };
	int r = copy_state_read(disk->dir, &then);
	bool same = r == 0 && then.of && !strcmp(then.of, state->of);

	if (!same) {
		r = copy_state_remove(disk->dir);
		if (r == 0)
			r = copy_disk_remove(disk, disk->dir, COPY_ROOT);
		/* A copy of rootovl 0.1.0's first form, "root" with its mark "made", takes room. */
		unlinkat(disk->dir, "made", 0);
		(void)fsync(disk->dir);
		if (r == 0)
			r = copy_disk_remove(disk, disk->dir, "root");
	}
	if (r == 0 && !(same && then.kind == COPY_PART))
		r = copy_state_write(disk->dir, state);
	return r < 0 ? r : disk_dirs_enter(disk->dir, COPY_ROOT);
}

/* Checks that the copy is complete, and that the lower did not change during that time. */
static int check_made(const char *key, int lower, int root, const struct copy_state *made,
		      struct failure *f)
{
	auto_free char *now = lower_identity(key, lower);
	struct tree_count is;
	int r = now ? 0 : -errno;

	if (r < 0)
		return fail_errno(f, -r, NULL, RUN_LOWER);
	r = tree_measure(root, &is);
	if (r < 0)
		return fail_errno(f, -r, NULL, "looking at the copy");
	if (strcmp(now, made->of) != 0)
		return fail(f, ESTALE, "the next boot begins anew",
			    "the root was changed while it was copied");
	if (is.entries != made->entries || is.bytes != made->bytes)
		return fail(f, EUCLEAN, "the next boot begins anew",
			    "%" PRIu64 " objects of %" PRIu64 " bytes became %" PRIu64
			    " of %" PRIu64,
			    made->entries, made->bytes, is.entries, is.bytes);
	return 0;
}

/* Makes the copy durable, and then writes the state that says it is complete. */
static int mark_whole(struct copy_disk *disk, struct copy_state *made, struct failure *f)
{
	/* syncfs(2) reports write errors since Linux 5.8. */
	int r = syncfs(disk->dir) < 0 ? -errno : 0;

	made->kind = COPY_WHOLE;
	if (r == 0)
		r = copy_state_write(disk->dir, made);
	return r < 0 ? fail_errno(f, -r, "the kernel's log", "the disk") : 0;
}

static int copy_lower(const char *key, struct copy_disk *disk, int lower, int root,
		      struct copy_state *made, struct failure *f)
{
	struct tree_count count;
	int r = tree_copy(lower, root, copy_disk_make_room, disk, &count, f);

	if (r < 0)
		return r;
	made->entries = count.entries;
	made->bytes = count.bytes;
	made->room = count.room;
	r = check_made(key, lower, root, made, f);
	if (r == 0)
		r = mark_whole(disk, made, f);
	if (r < 0)
		return r;
	log_line(LOG_NOTICE,
		 "the copy of %s is whole: %" PRIu64 " objects, %" PRIu64
		 " MiB; the next boot runs on it",
		 key, made->entries, made->bytes >> 20);
	if (count.refused)
		log_line(LOG_NOTICE,
			 "%" PRIu64 " files with a colon in their names are not in it: the server "
			 "lists them, and does not give them",
			 count.refused);
	return 0;
}

static int make(const char *key, struct copy_disk *disk, struct failure *f)
{
	auto_close int lower = open(RUN_LOWER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_copy_state struct copy_state made = { .kind = COPY_PART };
	auto_close int root = -1;
	int r;

	if (lower < 0)
		return fail_errno(f, errno, NULL, RUN_LOWER);
	made.of = lower_identity(key, lower);
	if (!made.of)
		return fail_errno(f, errno, NULL, RUN_LOWER);
	root = open_part(disk, &made);
	if (root < 0)
		return fail_errno(f, -root, NULL, DISK_CACHE "/%s", disk->id);
	(void)futimens(disk->dir, NULL);
	copy_disk_list(disk);
	r = copy_lower(key, disk, lower, root, &made, f);
	/* The next boot cannot continue this copy. */
	if (r == -EFBIG || r == -ESTALE || r == -EUCLEAN || r == -EISDIR || r == -ENOTDIR ||
	    r == -ELOOP)
		(void)copy_disk_remove(disk, disk->dir, COPY_ROOT);
	if (r == -EFBIG)
		note_too_large(disk);
	return r;
}

/* Resets the count of failed boots, because the machine came up on the copy. */
static void forget_tries(const struct copy_disk *disk, struct copy_state *state)
{
	if (state->tries) {
		int r;

		state->tries = 0;
		r = copy_state_write(disk->dir, state);
		if (r < 0)
			log_line(LOG_WARNING, "the tries of the copy still count: %s",
				 strerror(-r));
	}
}

/* Checks the copy on which this machine runs. Makes it invalid if it has changed. */
static int check(struct copy_disk *disk, struct failure *f)
{
	auto_close int root =
		openat(disk->dir, COPY_ROOT, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	auto_copy_state struct copy_state made = { 0 };
	struct tree_count is = { 0 };
	int r = copy_state_read(disk->dir, &made);

	if (r == 0) {
		forget_tries(disk, &made);
		r = root < 0 ? -errno : tree_measure(root, &is);
	}
	if (r == 0 && is.entries == made.entries && is.bytes == made.bytes)
		return 0;
	(void)copy_state_unmake(disk->dir);
	return fail(f, EUCLEAN, "the next boot runs on the server's root",
		    "it is not what it was when it was made");
}

static int run(const struct command_line *line)
{
	auto_failure struct failure f = { 0 };
	auto_free char *note = NULL;
	auto_strv char **lines = NULL;
	struct copy_disk disk;
	int r;

	(void)line;
	r = file_read(AT_FDCWD, RUN_CACHE, NOTE_MAX, &note);
	lines = r < 0 ? NULL : strv_split(note, "\n");
	if (strv_len(lines) != 3) {
		fail(&f, ENOENT, NULL, "cache-fill: this boot left nothing to be copied");
		return command_failed(&f);
	}
	r = copy_disk_open(&disk, lines[1], &f);
	if (r == 0)
		r = !strcmp(lines[2], "used") ? check(&disk, &f) : make(lines[0], &disk, &f);
	if (r < 0) {
		auto_free char *text = log_failure_text(&f);

		log_line(LOG_WARNING, "no copy of %s: %s", lines[0], text);
	}
	copy_disk_close(&disk);
	return r < 0 ? 1 : 0;
}

const struct command command_cache_fill = {
	.name = "cache-fill",
	.meaning = "for rootovl-cache.service: copy the root to the disk of the upper",
	.synopsis = "",
	.about = "For rootovl-cache.service alone: copies the root to the disk of the upper.",
	.exits = "Exit status: 0 the copy is whole, 1 it is not, 2 wrong usage.",
	.run = run,
};
