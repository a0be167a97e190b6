// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/kernel_modules.h"

#include "src/common/jail.h"
#include "src/common/macro.h"
#include "src/common/mem.h"
#include "src/common/packed.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK	    65536
#define BUILTIN_MAX (1 << 20)
#define NAMES_MAX   100000
#define VERSION_MAX 64
#define CPU_S	    300
#define OUTPUT_MAX  (8ull << 30)
#define ANSWER_MAX  (64u << 20)

static void free_reader(struct archive **archive)
{
	archive_read_free(*archive);
}

static void free_writer(struct archive **archive)
{
	archive_write_free(*archive);
}

struct copy {
	struct archive *in, *out;
	const char *path; /* of the archive that is read */
	struct kernel_modules *modules;
	struct strv names;
	size_t n;
	struct failure *f;
};

static int broken(const struct copy *copy, struct archive *archive)
{
	return fail(copy->f, EBADMSG, "it is a cpio archive with lib/modules/KVER", "%s: %s",
		    copy->path, archive_error_string(archive));
}

/* "kernel/drivers/block/virtio_blk.ko.xz" is virtio_blk. */
static void add_module(struct copy *copy, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	const char *end = strstr(name, ".ko");
	char *module;

	if (!end || end == name || (end[3] && end[3] != '.') || copy->n++ >= NAMES_MAX)
		return;
	module = xstrndup(name, (size_t)(end - name));
	for (char *c = module; *c; c++)
		if (*c == '-')
			*c = '_';
	strv_push(&copy->names, module);
}

static void take_builtin(struct copy *copy, const char *text)
{
	auto_strv char **lines = strv_split(text, "\n");

	for (size_t i = 0; lines && lines[i]; i++)
		add_module(copy, lines[i]);
	copy->modules->builtin = true;
}

/* The path below lib/modules, KVER in front; NULL: it is elsewhere, or leads out. */
static const char *below_modules(const char *path)
{
	static const char *const tops[] = { "lib/modules/", "usr/lib/modules/" };

	while (*path == '/' || !strncmp(path, "./", 2))
		path += *path == '/' ? 1 : 2;
	for (size_t i = 0; i < ARRAY_SIZE(tops); i++)
		if (!strncmp(path, tops[i], strlen(tops[i])) && path[strlen(tops[i])])
			return strstr(path, "..") ? NULL : path + strlen(tops[i]);
	return NULL;
}

static int note(struct copy *copy, const char *below)
{
	struct kernel_modules *modules = copy->modules;
	size_t len = strcspn(below, "/");
	const char *file = below[len] ? below + len + 1 : "";

	if (!modules->version && len <= VERSION_MAX)
		modules->version = xstrndup(below, len);
	if (!modules->version || strlen(modules->version) != len ||
	    strncmp(below, modules->version, len) != 0)
		return fail(copy->f, EINVAL, "give it the modules of one kernel",
			    "%s: modules of more than one kernel", copy->path);
	if (!strcmp(file, "modules.dep.bin"))
		modules->dependencies = true;
	add_module(copy, file);
	return 0;
}

static int copy_content(struct copy *copy, struct archive_entry *entry, bool builtin)
{
	la_int64_t size = archive_entry_size(entry), done = 0;
	auto_free char *text = builtin && size < BUILTIN_MAX ? xcalloc((size_t)size + 1, 1) : NULL;
	auto_free char *block = xcalloc(BLOCK, 1);

	while (done < size) {
		la_ssize_t n = archive_read_data(copy->in, block, BLOCK);

		if (n <= 0)
			return broken(copy, copy->in);
		if (text && done + n <= size)
			memcpy(text + done, block, (size_t)n);
		if (archive_write_data(copy->out, block, (size_t)n) != n)
			return broken(copy, copy->out);
		done += n;
	}
	if (text)
		take_builtin(copy, text);
	return 0;
}

static int copy_entry(struct copy *copy, struct archive_entry *entry)
{
	const char *path = archive_entry_pathname(entry);
	const char *below = path ? below_modules(path) : NULL;
	const mode_t type = archive_entry_filetype(entry);
	auto_free char *to = below ? xasprintf("usr/lib/modules/%s", below) : NULL;
	bool builtin;
	int r;

	/* Links such as `build` lead to where the kernel was built. */
	if (!below || (type != AE_IFREG && type != AE_IFDIR) || archive_entry_hardlink(entry))
		return 0;
	r = note(copy, below);
	if (r < 0)
		return r;
	builtin = !strcmp(below + strcspn(below, "/"), "/modules.builtin");
	archive_entry_set_pathname(entry, to);
	archive_entry_set_uid(entry, 0);
	archive_entry_set_gid(entry, 0);
	archive_entry_set_perm(entry, type == AE_IFDIR ? 0755 : 0644);
	if (archive_write_header(copy->out, entry) != ARCHIVE_OK)
		return broken(copy, copy->out);
	return type == AE_IFREG ? copy_content(copy, entry, builtin) : 0;
}

static int copy_all(struct copy *copy)
{
	struct archive_entry *entry;
	int r = 0, next = ARCHIVE_OK;

	while (r == 0 && (next = archive_read_next_header(copy->in, &entry)) == ARCHIVE_OK)
		r = copy_entry(copy, entry);
	if (r < 0)
		return r;
	if (next != ARCHIVE_EOF)
		return broken(copy, copy->in);
	if (!copy->modules->version)
		return fail(copy->f, ENOENT, "make modules_install INSTALL_MOD_PATH=DIR makes them",
			    "%s: no lib/modules/KVER is in it", copy->path);
	return archive_write_close(copy->out) == ARCHIVE_OK ? 0 : broken(copy, copy->out);
}

/* What is done in the jail. */
struct work {
	const char *path;
	int in, out;
};

static int read_all(const struct work *work, struct kernel_modules *ret, struct failure *f)
{
	__attribute__((cleanup(free_reader))) struct archive *in = archive_read_new();
	__attribute__((cleanup(free_writer))) struct archive *out = archive_write_new();
	struct copy copy = { .in = in, .out = out, .path = work->path, .modules = ret, .f = f };
	int r;

	archive_read_support_filter_all(in);
	archive_read_support_format_cpio(in);
	archive_write_set_format_cpio_newc(out);
	if (archive_read_open_fd(in, work->in, BLOCK) != ARCHIVE_OK)
		return broken(&copy, in);
	if (archive_write_open_fd(out, work->out) != ARCHIVE_OK)
		return broken(&copy, out);
	r = copy_all(&copy);
	ret->names = STEAL(copy.names.list);
	return r;
}

static int do_work(void *arg, FILE *answer, struct failure *f)
{
	struct kernel_modules modules = { 0 };
	int r = read_all(arg, &modules, f);

	packed_put(answer, modules.version);
	packed_put_list(answer, modules.names);
	packed_put_number(answer, modules.builtin);
	packed_put_number(answer, modules.dependencies);
	kernel_modules_done(&modules);
	return r;
}

static int take(const char *answer, size_t len, const char *path, struct kernel_modules *ret,
		struct failure *f)
{
	struct packed packed = { .at = answer, .left = len };

	ret->version = packed_text(&packed);
	ret->names = packed_list(&packed);
	ret->builtin = packed_number(&packed, 1);
	ret->dependencies = packed_number(&packed, 1);
	if (packed_is_whole(&packed) && ret->version && !strchr(ret->version, '/'))
		return 0;
	return fail(f, EPROTO, NULL, "%s: what read it gave no answer", path);
}

int kernel_modules_read(const char *archive, const char *output, const volatile sig_atomic_t *stop,
			struct kernel_modules *ret, struct failure *f)
{
	auto_close int in = open(archive, O_RDONLY | O_CLOEXEC);
	auto_close int out =
		in < 0 ? -1
		       : open(output, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct work work = { archive, in, out };
	const int keep[] = { in, out, -1 };
	auto_free char *answer = NULL;
	size_t len;
	int r;

	*ret = (struct kernel_modules){ 0 };
	if (in < 0 || out < 0)
		return fail_errno(f, errno, NULL, "%s", in < 0 ? archive : output);
	r = run_jailed(&(struct jail){ .name = archive,
				       .work = do_work,
				       .arg = &work,
				       .keep = keep,
				       .file = OUTPUT_MAX,
				       .cpu_s = CPU_S,
				       .answer_max = ANSWER_MAX,
				       .stop = stop },
		       &answer, &len, f);
	return r < 0 ? r : take(answer, len, archive, ret, f);
}

void kernel_modules_done(struct kernel_modules *modules)
{
	free(modules->version);
	strv_free(modules->names);
	*modules = (struct kernel_modules){ 0 };
}
