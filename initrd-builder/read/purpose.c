// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/read/purpose.h"

#include "initrd-builder/base/path.h"
#include "src/common/mem.h"

#include <string.h>

#define NAMED 4 /* kernels or directories that are named, at most */

/* What a name tells; the order is that of purpose_text(). */
enum sign {
	SIGN_MICROCODE,
	SIGN_ACPI,
	SIGN_INIT,
	SIGN_INITRAMFS,
	SIGN_ROOTOVL,
	SIGN_ROOT,
	SIGN_JOB,
	SIGN_LKP,
	SIGN_FIRMWARE,
	SIGN_COUNT,
};

static const struct {
	const char *prefix; /* with a slash behind: whatever file is below it */
	enum sign sign;
} signs[] = {
	{ "kernel/x86/microcode/", SIGN_MICROCODE },
	{ "kernel/firmware/acpi/", SIGN_ACPI },
	{ "init", SIGN_INIT },
	{ "etc/initrd-release", SIGN_INITRAMFS },
	{ "usr/lib/rootovl/", SIGN_ROOTOVL },
	{ "sbin/init", SIGN_ROOT },
	{ "usr/sbin/init", SIGN_ROOT },
	{ "usr/lib/systemd/systemd", SIGN_ROOT },
	{ "lkp/scheduled/", SIGN_JOB },
	{ "lkp/lkp/src/", SIGN_LKP },
	{ "usr/lib/firmware/", SIGN_FIRMWARE },
	{ "lib/firmware/", SIGN_FIRMWARE },
};

struct purpose {
	bool has[SIGN_COUNT];
	char **kernels; /* NAMED of them, and one more if there are more */
	char **tops;	/* the same of the directories at the top */
};

struct purpose *purpose_new(void)
{
	return xcalloc(1, sizeof(struct purpose));
}

void purpose_free(struct purpose *purpose)
{
	if (!purpose)
		return;
	strv_free(purpose->kernels);
	strv_free(purpose->tops);
	free(purpose);
}

static void note(char ***list, char *owned)
{
	if (strv_len(*list) > NAMED || strv_has(*list, owned))
		free(owned);
	else
		strv_add(list, owned);
}

void purpose_add(struct purpose *purpose, const char *path, bool file)
{
	char *kernel = file ? path_kernel(path) : NULL;

	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		const char *prefix = signs[i].prefix;
		size_t len = strlen(prefix);

		if (prefix[len - 1] == '/' ? file && strncmp(path, prefix, len) == 0
					   : strcmp(path, prefix) == 0)
			purpose->has[signs[i].sign] = true;
	}
	if (kernel)
		note(&purpose->kernels, kernel);
	if (file)
		note(&purpose->tops, xasprintf("/%.*s", (int)strcspn(path, "/"), path));
}

bool purpose_is_image(const struct purpose *purpose)
{
	return purpose->has[SIGN_INIT] || purpose->has[SIGN_INITRAMFS];
}

/* "a b …" */
static char *names(char **list)
{
	char *text = xstrdup("");

	for (size_t i = 0; list && list[i] && i <= NAMED; i++) {
		char *more = xasprintf("%s%s%s", text, i ? " " : "", i < NAMED ? list[i] : "…");

		free(text);
		text = more;
	}
	return text;
}

char *purpose_text(const struct purpose *purpose)
{
	auto_strv char **parts = NULL;
	const bool *has = purpose->has;
	auto_free char *kernels = names(purpose->kernels), *tops = names(purpose->tops);

	if (has[SIGN_MICROCODE])
		strv_add(&parts, xstrdup("CPU microcode"));
	if (has[SIGN_ACPI])
		strv_add(&parts, xstrdup("ACPI tables"));
	if (purpose_is_image(purpose))
		strv_add(&parts,
			 xasprintf("initramfs%s", has[SIGN_ROOTOVL] ? " with rootovl" : ""));
	else if (has[SIGN_ROOT])
		strv_add(&parts, xstrdup("whole root"));
	if (has[SIGN_JOB])
		strv_add(&parts, xstrdup("job"));
	if (has[SIGN_LKP])
		strv_add(&parts, xstrdup("LKP sources"));
	if (purpose->kernels)
		strv_add(&parts, xasprintf("modules of %s", kernels));
	if (has[SIGN_FIRMWARE])
		strv_add(&parts, xstrdup("firmware"));
	if (!parts)
		strv_add(&parts,
			 purpose->tops ? xasprintf("files in %s", tops) : xstrdup("no files"));
	return strv_join(parts, ", ");
}
