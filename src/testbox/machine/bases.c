// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/bases.h"

#include "src/common/files.h"
#include "src/common/json.h"
#include "src/common/mem.h"
#include "src/common/program.h"
#include "src/testbox/machine/images.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define CHAIN_MAX 16
#define INFO_MAX  (1u << 20)

static void add(struct plan_base *base, const char *path, const char *format)
{
	struct stat st;

	strv_add(&base->paths, xstrdup(path));
	strv_add(&base->formats, xstrdup(format));
	base->devices = xreallocarray(base->devices, base->n + 1, sizeof(*base->devices));
	base->devices[base->n++] = stat(path, &st) == 0 && S_ISBLK(st.st_mode);
}

/* What qemu-img says of the images from `path` down; NULL: nothing. */
static json_t *read_chain(const struct box *box, const char *path,
			  const volatile sig_atomic_t *stop)
{
	const char *const argv[] = {
		"qemu-img", "info", "-U", "--backing-chain", "--output=json", "-f",
		"qcow2",    path,   NULL
	};
	auto_free char *file = xasprintf("%s/qemu-img.log", box->run), *text = NULL;
	auto_close int output = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	const struct program program = { .argv = argv, .output = output, .errors = -1 };
	const struct program_watch watch = { .stop = stop };
	auto_failure struct failure f = { 0 };
	int r = program_run(&program, &watch, &f);

	if (r == 0)
		r = file_read(AT_FDCWD, file, INFO_MAX, &text);
	unlink(file);
	return r == 0 ? json_loads(text, 0, NULL) : NULL;
}

/* An image on a server QEMU finds by itself, and all below it. */
static void add_chain(struct plan_base *base, const json_t *chain)
{
	for (size_t i = 1; i < json_array_size(chain) && i < CHAIN_MAX; i++) {
		const json_t *image = json_array_get(chain, i);
		const char *path = json_string_value(json_object_get(image, "filename"));
		const char *format = json_string_value(json_object_get(image, "format"));

		if (!path || !format || *path != '/')
			return;
		add(base, path, format);
	}
}

struct plan_base *bases_find(const struct box *box, const struct host *host, bool dry,
			     const volatile sig_atomic_t *stop)
{
	struct plan_base *bases = xcalloc(host->n_disks + 1, sizeof(*bases));

	for (size_t i = 0; i < host->n_disks; i++) {
		const char *path = host->disks[i].base;
		auto_json json_t *chain = NULL;

		if (!path || *path != '/')
			continue;
		add(&bases[i], path, images_format(path));
		if (!dry && !strcmp(images_format(path), "qcow2"))
			chain = read_chain(box, path, stop);
		add_chain(&bases[i], chain);
	}
	return bases;
}

void bases_done(struct plan_base *bases, size_t n)
{
	for (size_t i = 0; bases && i < n; i++) {
		strv_free(bases[i].paths);
		strv_free(bases[i].formats);
		free(bases[i].devices);
	}
	free(bases);
}
