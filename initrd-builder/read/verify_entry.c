// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/read/verify_entry.h"

#include "initrd-builder/base/path.h"
#include "initrd-builder/read/image_notes.h"
#include "initrd-builder/read/verify_tell.h"
#include "src/common/mem.h"
#include "src/rootovl/settings/image_dirs.h"

#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#define TEXT_MAX     16384 /* bytes of a file that are kept */
#define LEFT_OUT_MAX 10000

static bool begins(const char *path, const char *prefix)
{
	return strncmp(path, prefix, strlen(prefix)) == 0;
}

/*
 * What the initramfs itself runs by, so that a later archive must not replace it with something
 * else: its systemd and what systemd starts, the helper, programs, libraries, how these are found.
 */
static bool is_vital(const char *place)
{
	static const char *const below[] = {
		"usr/lib/systemd/", "usr/lib/rootovl/", "usr/lib/udev/",
		"usr/bin/",	    "usr/sbin/",	"etc/systemd/",
	};
	static const char *const files[] = {
		"init",
		"etc/initrd-release",
		"etc/ld.so.cache",
		"etc/passwd",
	};
	const char *name = strrchr(place, '/');

	for (size_t i = 0; i < ARRAY_SIZE(below); i++) {
		if (begins(place, below[i]))
			return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (strcmp(place, files[i]) == 0)
			return true;
	}
	name = name ? name + 1 : place;
	return begins(place, "usr/lib") &&
	       (strstr(name, ".so.") || begins(name, "ld-") ||
		(strlen(name) > 3 && strcmp(name + strlen(name) - 3, ".so") == 0));
}

/* These the kernel takes before it unpacks anything, and needs no directories for. */
static bool is_early(const char *path)
{
	return begins(path, "kernel/x86/microcode/") || begins(path, "kernel/firmware/acpi/");
}

/* No file system has longer names; nor has the kernel's rootfs (simple_lookup() of fs/libfs.c). */
static bool has_long_part(const char *path)
{
	for (; *path; path += strcspn(path, "/"), path += *path == '/') {
		if (strcspn(path, "/") > NAME_MAX)
			return true;
	}
	return false;
}

static bool ends_with_slash(const char *name)
{
	return *name && name[strlen(name) - 1] == '/';
}

/* Whether it does harm is known when all files are. */
static void note_left_out(struct verify *verify, const char *path)
{
	struct verify_entries *entry = &verify->entry;

	if (is_early(path) || entry->n_left_out == LEFT_OUT_MAX)
		return;
	entry->left_out =
		xreallocarray(entry->left_out, entry->n_left_out + 1, sizeof(*entry->left_out));
	entry->left_out[entry->n_left_out++] =
		(struct left_out){ xstrdup(path), verify->read.n_segments };
}

/* Programs of the image that are not root's must be able to enter its directories. */
static void check_dir(struct verify *verify, const char *place, const struct cpio_entry *e)
{
	auto_free char *path = xasprintf("/%s", place);

	if (!image_dirs_find(path))
		return;
	if ((e->mode & 05) != 05)
		verify_tell(verify, verify->read.n_segments, place,
			    "this makes the image's directory mode %04o, and networkd and others "
			    "that are not root cannot enter it (pack it with mode 755)",
			    e->mode & 07777);
	else if (e->uid != 0)
		verify_tell(verify, verify->read.n_segments, place,
			    "this gives the image's directory to the user %u (pack it with the "
			    "owner root)",
			    e->uid);
}

/* A directory where a link to one stood, the usrmerge links above all. */
static void check_link(struct verify *verify, const struct node *old, const char *place)
{
	const struct node *to = tree_follow(verify->entry.tree, place);

	if (to && S_ISDIR(to->mode))
		verify_tell(verify, verify->read.n_segments, place,
			    "this directory replaces the link to %s: what it led to is out of "
			    "reach by this name",
			    old->target);
}

/* A unit in /etc is taken in place of that in /usr/lib: systemd.unit(5). */
static void check_unit(struct verify *verify, const char *place)
{
	static const char dir[] = "etc/systemd/system/";
	auto_free char *own = NULL;
	const struct node *unit;

	if (!verify->read.image || !begins(place, dir))
		return;
	own = xasprintf("usr/lib/systemd/system/%s", place + strlen(dir));
	unit = tree_get(verify->entry.tree, own);
	if (unit && unit->segment == verify->read.image)
		verify_tell(verify, verify->read.n_segments, place,
			    "this takes the place of the image's own unit /%s", own);
}

/* Gives false where the kernel leaves the entry out, and tells it. */
static bool check_old(struct verify *verify, const struct node *old, const struct cpio_entry *e)
{
	struct replaced *replaced = &verify->entry.replaced;
	const char *place = old->path;

	if (!((old->mode ^ e->mode) & S_IFMT) && S_ISDIR(e->mode))
		return true;
	if (S_ISDIR(old->mode) && old->children) {
		verify_tell(verify, verify->read.n_segments, place,
			    "a directory that is not empty stands there: the kernel leaves this "
			    "out");
		return false;
	}
	if (S_ISLNK(old->mode) && S_ISDIR(e->mode))
		check_link(verify, old, place);
	if (verify->read.image && old->segment == verify->read.image && is_vital(place)) {
		free(replaced->target);
		*replaced = (struct replaced){ true, old->mode, old->size, old->sum,
					       old->target ? xstrdup(old->target) : NULL };
	}
	return true;
}

/* The library that the image has a stub of does no harm in its place. */
static bool is_real_one(const struct verify *verify, const struct node *node)
{
	const char *name = strrchr(node->path, '/');
	uint64_t size;
	uint32_t sum;

	return name && begins(name, "/libcrypto.so.") && S_ISREG(node->mode) &&
	       sscanf(verify->entry.stub, "%" SCNu32 " %" SCNu64, &sum, &size) == 2 &&
	       sum == node->sum && size == node->size;
}

/* All of an entry is known now: is it another one than that of the image? */
static void finish(struct verify *verify)
{
	struct replaced *old = &verify->entry.replaced;
	const struct node *node = verify->entry.node;
	bool same = !((old->mode ^ node->mode) & S_IFMT) && old->size == node->size &&
		    old->sum == node->sum &&
		    (!old->target || (node->target && strcmp(old->target, node->target) == 0));

	if (old->is && !same && !is_real_one(verify, node) &&
	    !(S_ISLNK(old->mode) && S_ISDIR(node->mode)))
		verify_tell(verify, verify->read.n_segments, node->path,
			    "this replaces the image's own, and is not the same");
	old->is = false;
	verify->entry.node = NULL;
}

static void note_lkp(struct verify *verify, const char *place)
{
	if (!begins(place, "lkp/"))
		return;
	if (!verify->entry.lkp)
		verify->entry.lkp = verify->read.n_segments;
	/* LKP keeps the folder in its sources by a file .keep. */
	if (begins(place, "lkp/scheduled/") && place[strlen("lkp/scheduled/")] != '.' &&
	    !verify->entry.scheduled) {
		verify->entry.scheduled = true;
		verify->entry.lkp = verify->read.n_segments;
	}
}

static void note(struct verify *verify, const char *place, mode_t mode)
{
	struct verified *in = &verify->read.segments[verify->read.n_segments - 1];
	char *kernel = S_ISREG(mode) ? path_kernel(place) : NULL;

	purpose_add(verify->read.purpose, place, !S_ISDIR(mode));
	note_lkp(verify, place);
	if (kernel && strv_len(in->kernels) < 100 && !strv_has(in->kernels, kernel))
		strv_add(&in->kernels, kernel);
	else
		free(kernel);
}

static int put(struct verify *verify, const char *place, const struct cpio_entry *e)
{
	const struct node *old = tree_get(verify->entry.tree, place);

	if (old && !check_old(verify, old, e))
		return 0;
	if (!old)
		check_unit(verify, place);
	note(verify, place, e->mode);
	if (S_ISDIR(e->mode))
		check_dir(verify, place, e);
	if (old && S_ISDIR(e->mode) && S_ISDIR(old->mode))
		return 0;
	verify->entry.node = tree_put(verify->entry.tree, place, e->mode, e->target,
				      (unsigned)verify->read.n_segments);
	if (!verify->entry.node) {
		verify_tell(verify, verify->read.n_segments, NULL, "too many names: not read on");
		return -ECANCELED;
	}
	verify->entry.node->size = S_ISREG(e->mode) ? e->size : 0;
	verify->entry.left = e->size;
	if (!verify->entry.left)
		finish(verify);
	return 0;
}

/* CRC archives came with Linux 5.19. */
static void check_format(struct verify *verify, const struct cpio_entry *e)
{
	struct verified *in = &verify->read.segments[verify->read.n_segments - 1];

	if (!e->checksum || in->checksum)
		return;
	in->checksum = true;
	for (char **kernel = verify->known.root_kernels; kernel && *kernel; kernel++) {
		if (strverscmp(*kernel, "5.19") < 0)
			verify_tell(verify, verify->read.n_segments, NULL,
				    "an archive with checksums (cpio -H crc), which Linux %s does "
				    "not know",
				    *kernel);
	}
}

bool verify_is_endless(struct verify *verify)
{
	if (tree_is_exhausted(verify->entry.tree) && !verify->read.endless &&
	    verify->read.n_segments)
		verify_tell(verify, verify->read.n_segments, NULL,
			    "following its names and links takes too many steps: not read on");
	verify->read.endless = tree_is_exhausted(verify->entry.tree);
	return verify->read.endless;
}

int verify_entry(struct verify *verify, const struct cpio_entry *e)
{
	auto_free char *path = path_clean(e->name), *place = NULL;

	verify->entry.node = NULL;
	verify->entry.replaced.is = false;
	check_format(verify, e);
	if (e->skipped) {
		verify_tell(verify, verify->read.n_segments, path, "%s: the kernel leaves this out",
			    e->skipped);
		return 0;
	}
	if (path_has_dotdot(path)) {
		verify_tell(verify, verify->read.n_segments, path,
			    "a name with \"..\": it leads out of its directory");
		return 0;
	}
	if (!*path && S_ISDIR(e->mode)) {
		check_dir(verify, "", e);
		return 0;
	}
	if (has_long_part(path) || (!S_ISDIR(e->mode) && ends_with_slash(e->name))) {
		verify_tell(verify, verify->read.n_segments, path, "%s: the kernel leaves this out",
			    has_long_part(path) ? "a part of its name is longer than 255 bytes"
						: "it is no directory, and its name ends with a "
						  "slash");
		return 0;
	}
	place = tree_place(verify->entry.tree, path);
	if (verify_is_endless(verify))
		return -ECANCELED;
	if (!place) {
		note_left_out(verify, path);
		note(verify, path, e->mode);
		return 0;
	}
	return put(verify, place, e);
}

static void note_stub(struct verify *verify, const char *data, size_t n)
{
	struct verify_entries *entry = &verify->entry;
	size_t room;

	if ((verify->read.image && verify->read.image != verify->read.n_segments) ||
	    strcmp(entry->node->path, STUB_NOTE) != 0)
		return;
	if (entry->left == entry->node->size)
		entry->stub_len = 0;
	room = sizeof(entry->stub) - 1 - entry->stub_len;
	n = n < room ? n : room;
	memcpy(entry->stub + entry->stub_len, data, n);
	entry->stub_len += n;
	entry->stub[entry->stub_len] = '\0';
}

/* Files that the rules about the payload read; "*" stands for one name or more. */
static bool is_read(const char *path)
{
	static const char *const patterns[] = {
		"usr/lib/rootovl/payload.conf",
		"etc/rootovl/payload.d/*.conf",
		"lkp/scheduled/job.sh",
		"*/systemd/system/*.service",
	};

	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
		if (fnmatch(patterns[i], path, 0) == 0)
			return true;
	}
	return false;
}

/* Keeps the beginning of such a file as text. */
static void keep_text(struct node *node, uint64_t left, const void *data, size_t n)
{
	uint64_t at = node->size - left;

	if (!is_read(node->path) || at >= TEXT_MAX)
		return;
	if (!node->text)
		node->text = xcalloc(1, (node->size < TEXT_MAX ? node->size : TEXT_MAX) + 1);
	memcpy(node->text + at, data, n < TEXT_MAX - at ? n : TEXT_MAX - at);
}

void verify_entry_content(struct verify *verify, const void *data, size_t n)
{
	struct node *node = verify->entry.node;

	if (!node)
		return;
	note_stub(verify, data, n);
	keep_text(node, verify->entry.left, data, n);
	if (is_vital(node->path))
		node->sum = (uint32_t)crc32(node->sum, data, (uInt)n);
	verify->entry.left -= n;
	if (!verify->entry.left)
		finish(verify);
}
