// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/record.h"

#include "initrd-builder/build/digest.h"
#include "initrd-builder/write/output.h"
#include "src/common/files.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#define TEXT_MAX (64 * 1024)

static int add_listing(struct digest *digest, const struct rootfs *root, const char *path)
{
	auto_close int fd = rootfs_openat(root, path, O_RDONLY | O_DIRECTORY);

	digest_text(digest, path);
	if (fd == -ENOENT)
		return 0;
	return fd < 0 ? fd : digest_listing(digest, fd);
}

int record_tree(const struct rootfs *root, const char *version, char **ret, struct failure *f)
{
	auto_free char *modules = xasprintf("lib/modules/%s", version);
	auto_free char *tree = NULL;
	struct digest digest;
	int r;

	digest_begin(&digest);
	r = add_listing(&digest, root, modules);
	if (r == 0)
		r = add_listing(&digest, root, "lib/firmware");
	tree = digest_end(&digest);
	if (r == -E2BIG)
		return fail(f, E2BIG, "remove what no machine needs",
			    "%s: %s and lib/firmware have more than %d files", root->path, modules,
			    DIGEST_ENTRIES);
	if (r < 0)
		return fail_errno(f, -r, NULL, "%s: %s and lib/firmware", root->path, modules);
	*ret = STEAL(tree);
	return 0;
}

int record_text(const struct rootfs *root, const struct kernel *kernel,
		const struct container *container, const char *userspace_key, const char *lists,
		features with, char **ret, struct failure *f)
{
	auto_free char *tree = NULL, *asked = xstrdup("");
	int r = record_tree(root, kernel->version, &tree, f);

	if (r < 0)
		return r;
	for (enum feature i = 0; i < FEATURE_COUNT; i++) {
		if (features_has(with, i))
			set_text(&asked, xasprintf("%s%s %s\n", asked, features_option(i),
						   features_word(i)));
	}
	*ret = xasprintf("rootovl %s\nlists %s\ncontainer %s %s\nuserspace %s\nkernel %s\ntree %s\n"
			 "compression %s\n%s",
			 ROOTOVL_VERSION, lists, container->engine->name,
			 container->id ? container->id : "-", userspace_key, kernel->version, tree,
			 kernel->compression->name, asked);
	return 0;
}

/* What came of it: the whole of the image, the size of the archive. */
static int outcome(int dir_fd, const char *version, char **ret)
{
	auto_free char *image = xasprintf("initramfs.lkp-%s.img", version);
	auto_free char *archive = xasprintf("modules-%s.cgz", version);
	auto_close int fd = openat(dir_fd, image, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	auto_free char *digest_of_it = NULL;
	struct digest digest;
	struct stat st;
	int r;

	if (fd < 0 || fstatat(dir_fd, archive, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	digest_begin(&digest);
	r = digest_file(&digest, fd);
	digest_of_it = digest_end(&digest);
	if (r == 0)
		*ret = xasprintf("image %s\narchive %jd\n", digest_of_it, (intmax_t)st.st_size);
	return r;
}

static char *name_of(const char *version)
{
	return xasprintf("initramfs.lkp-%s.from", version);
}

bool record_is_current(int dir_fd, const char *version, const char *text)
{
	auto_free char *name = name_of(version);
	auto_free char *was = NULL, *come = NULL, *now = NULL;

	if (file_read(dir_fd, name, TEXT_MAX, &was) < 0 || strncmp(was, text, strlen(text)) != 0 ||
	    outcome(dir_fd, version, &come) < 0)
		return false;
	now = xasprintf("%s%s", text, come);
	return strcmp(was, now) == 0;
}

int record_write(int dir_fd, const char *dir, const char *version, const char *text,
		 struct failure *f)
{
	auto_free char *name = name_of(version);
	auto_free char *come = NULL;
	auto_output struct output output = OUTPUT_NONE;
	int r = outcome(dir_fd, version, &come);

	if (r < 0)
		return fail_errno(f, -r, NULL, "%s: reading what was written", dir);
	r = output_open(dir_fd, dir, name, &output, f);
	if (r == 0 && dprintf(output.fd, "%s%s", text, come) < 0)
		r = fail_errno(f, errno, "is there room?", "%s", output.path);
	return r < 0 ? r : output_commit(&output, NULL, f);
}
