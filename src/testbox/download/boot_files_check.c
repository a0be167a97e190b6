// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/download/boot_files_check.h"

#include "initrd-builder/read/verify.h"
#include "src/common/cmdline.h"
#include "src/common/jail.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/one_line.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define VERSION_MAX 64

/* For all initrds of a boot; a GB of xz takes half a minute. */
#define LOOK_CPU_S	300
#define LOOK_MEMORY	((uint64_t)3 << 30)
#define LOOK_ANSWER_MAX ((size_t)1 << 20)

struct magic {
	size_t offset;
	const char *bytes;
	size_t n;
	int arch; /* enum host_arch; -1: it does not say */
};

/*
 * x86: Documentation/arch/x86/boot.rst; arm64 and riscv: their booting.rst and boot-image-header;
 * compressed EFI images: drivers/firmware/efi/libstub/zboot-header.S; ELF: with a PVH note.
 */
static const struct magic kernels[] = {
	{ 0x202, "HdrS", 4, ARCH_AMD64 },
	{ 0x38, "ARM\x64", 4, ARCH_ARM64 },
	{ 0x38, "RSC\x05", 4, -1 },
	{ 4, "zimg", 4, -1 },
	{ 0, "\x1f\x8b", 2, -1 },
	{ 0,
	  "\x7f"
	  "ELF",
	  4, -1 },
};

/* The row that a kernel begins as; NULL: it is none. */
static const struct magic *find_magic(int fd)
{
	char begin[1024];
	ssize_t have = pread(fd, begin, sizeof(begin), 0);

	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++)
		if (have >= (ssize_t)(kernels[i].offset + kernels[i].n) &&
		    !memcmp(begin + kernels[i].offset, kernels[i].bytes, kernels[i].n))
			return &kernels[i];
	return NULL;
}

bool boot_files_check_arch(const char *path, enum host_arch *ret)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	const struct magic *magic = find_magic(fd);

	if (!magic || magic->arch < 0)
		return false;
	*ret = (enum host_arch)magic->arch;
	return true;
}

char *boot_files_check_version(const char *path)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	const struct magic *magic = find_magic(fd);
	unsigned char field[2]; /* kernel_version: an offset less 0x200 */
	char text[VERSION_MAX + 1] = "";
	off_t at;

	if (!magic || magic->arch != ARCH_AMD64 ||
	    pread(fd, field, sizeof(field), 0x20e) != (ssize_t)sizeof(field))
		return NULL;
	at = 0x200 + (field[0] | field[1] << 8);
	if (at == 0x200 || pread(fd, text, VERSION_MAX, at) <= 0)
		return NULL;
	text[strcspn(text, " ")] = '\0';
	return *text && !strchr(text, '/') ? xstrdup(text) : NULL;
}

/*
 * `why` may be NULL. The first bytes tell an error page of a server from a damaged file. They are
 * for the log alone: the failure goes to the scheduler, and another server may have sent them.
 */
static int fail_kind(int fd, const char *shown, const char *what, const char *why,
		     struct failure *f)
{
	char begin[41] = "";
	ssize_t have = pread(fd, begin, sizeof(begin) - 1, 0);

	begin[have > 0 ? have : 0] = '\0';
	/* What follows may be no text. */
	for (char *c = begin; *c; c++)
		if (!isascii(*c) || !isprint((unsigned char)*c))
			*c = '\0';
	if (*begin)
		log_line(LOG_NOTICE, "testbox: %s: it begins with '%s'", shown, begin);
	return fail(f, EBADMSG, NULL, "%s: it is no %s%s%s", shown, what, why ? ": " : "",
		    why ? why : "");
}

int boot_files_check_kernel(int fd, const char *shown, struct failure *f)
{
	return find_magic(fd) ? 0 : fail_kind(fd, shown, "kernel", NULL, f);
}

/* What is done in the jail, jail.h, and the lines that it answers with. */
struct look {
	const int *fds;
	char *const *shown;
	size_t n;
	const char *rootfs, *units;
	int rootfs_fd;
	FILE *answer;
	size_t now;	      /* which one is looked at */
	bool wrong;	      /* one has a finding that no boot survives */
	unsigned found, more; /* other findings */
};

/* What the kernel does not unpack ends it; what only may go wrong later is said. */
static void on_finding(void *arg, const struct finding *finding)
{
	struct look *look = arg;

	if (finding->note)
		return;
	if (!finding->path && !look->wrong)
		fprintf(look->answer, "wrong %zu %s\n", look->now, finding->text);
	look->wrong |= !finding->path;
	if (!finding->path)
		return;
	if (look->found < FINDINGS_MAX)
		fprintf(look->answer, "found %zu %s: %s\n", look->now, finding->path,
			finding->text);
	look->more += look->found++ >= FINDINGS_MAX;
}

#define IMAGE_MARK "usr/bin/rootovl"

/* What an image of rootovl's has only where it is built --with it, and what asks for it. */
static const struct extra {
	const char *word, *value; /* of the kernel line; it begins so, and there is more of it */
	const char *path;	  /* of the program that all of it hangs on */
	const char *what, *hint;
} extras[] = {
	{ "rootfs_disk", "", "sbin/lvm",
	  "rootfs_disk= is on the kernel line, and no initrd has lvm", REBUILD_WITH_DISKS },
	{ "root", "live:", "usr/lib/rootovl/rootovl-fetch",
	  "root=live: is on the kernel line, and no initrd has what fetches it",
	  REBUILD_WITH_LIVE },
	{ "rootovl.verity", "", "usr/lib/rootovl/rootovl-verity",
	  "rootovl.verity= is on the kernel line, and no initrd has what checks it",
	  REBUILD_WITH_VERITY },
};

static bool asks(const struct cmdline *line, const struct extra *extra)
{
	const char *value = cmdline_value(line, extra->word);
	size_t len = strlen(extra->value);

	return value && !strncmp(value, extra->value, len) && value[len];
}

/* Bits of what the look gives; those of extras[] come behind. */
enum look_bits {
	LOOK_OURS = 1,
	LOOK_DRACUT = 2, /* hooks of others */
	LOOK_WORDS = 4,
	LOOK_SYSTEMD = 8,
	LOOK_EXTRAS = 16,
};

static int look_bits(const struct verify *verify)
{
	int bits = verify_has(verify, IMAGE_MARK) ? LOOK_OURS : 0;

	if (verify_has(verify, "usr/lib/dracut/hooks") ||
	    verify_has(verify, "var/lib/dracut/hooks"))
		bits |= LOOK_DRACUT;
	if (verify_has(verify, "usr/lib/systemd/systemd"))
		bits |= LOOK_SYSTEMD;
	if (verify_has_within(verify, "etc/cmdline.d"))
		bits |= LOOK_WORDS;
	for (size_t i = 0; i < ARRAY_SIZE(extras); i++)
		bits |= verify_has(verify, extras[i].path) ? LOOK_EXTRAS << i : 0;
	return bits;
}

static int look_work(void *arg, FILE *answer, struct failure *f)
{
	struct look *look = arg;
	auto_verify struct verify *verify = verify_new(on_finding, look);
	int r = look->rootfs ? verify_root_at(verify, look->rootfs_fd, look->rootfs, f) : 0;

	look->answer = answer;
	if (r == 0 && look->units && *look->units)
		verify_enable(verify, look->units);
	for (; r == 0 && !look->wrong && look->now < look->n; look->now++) {
		r = verify_file(verify, look->shown[look->now], look->fds[look->now], f);
		if (r < 0)
			fprintf(answer, "bad %zu \n", look->now);
	}
	look->now -= look->now == look->n;
	if (r == 0 && !look->wrong && look->n)
		verify_end(verify);
	if (look->more)
		fprintf(answer, "found %zu and %u more findings\n", look->now, look->more);
	return r < 0 ? r : look_bits(verify);
}

/*
 * Says what was found, and puts the first that no boot survives into *ret_wrong. What the jail
 * answers is believed in nothing but its words.
 */
static void read_answer(const struct look *look, char *answer, size_t *ret_bad, char **ret_wrong)
{
	auto_strv char **lines = strv_split(answer, "\n");

	for (char **line = lines; line && *line; line++) {
		char kind[8] = "";
		size_t i;
		int behind = 0;

		if (sscanf(*line, "%7s %zu %n", kind, &i, &behind) < 2 || !behind || i >= look->n)
			continue;
		*line = one_line(*line);
		if (!strcmp(kind, "found")) {
			log_line(LOG_WARNING, "%s: %s", look->shown[i], *line + behind);
			continue;
		}
		*ret_bad = i;
		if (!strcmp(kind, "wrong") && !*ret_wrong)
			*ret_wrong = xstrdup(*line + behind);
	}
}

/* Where no image of ours is, or it is not switched on, such words are for somebody else. */
static int check_extras(int bits, const struct line_image *image, const struct cmdline *line,
			struct failure *f)
{
	const struct extra *lacks = NULL;

	if (line_check_is_ours(image, line))
		for (size_t i = 0; !lacks && i < ARRAY_SIZE(extras); i++)
			if (asks(line, &extras[i]) && !(bits & LOOK_EXTRAS << i))
				lacks = &extras[i];
	return lacks ? fail(f, ENOENT, lacks->hint, "%s", lacks->what) : 0;
}

static int look(struct look *look, const volatile sig_atomic_t *stop, size_t *ret_bad,
		char **ret_wrong, struct failure *f)
{
	auto_free int *keep = xcalloc(look->n + 2, sizeof(*keep));
	auto_free char *answer = NULL;
	size_t len;
	int r;

	memcpy(keep, look->fds, look->n * sizeof(*keep));
	keep[look->n] = look->rootfs ? look->rootfs_fd : -1;
	keep[look->n + 1] = -1;
	r = run_jailed(&(struct jail){ .name = "the initrds",
				       .work = look_work,
				       .arg = look,
				       .keep = keep,
				       .reads_all = look->rootfs,
				       .memory = LOOK_MEMORY,
				       .cpu_s = LOOK_CPU_S,
				       .answer_max = LOOK_ANSWER_MAX,
				       .stop = stop },
		       &answer, &len, f);
	if (answer)
		read_answer(look, answer, ret_bad, ret_wrong);
	return r;
}

int boot_files_check_initrds(const int *fds, char *const *shown, size_t n, const char *args,
			     const char *rootfs, int rootfs_fd, const volatile sig_atomic_t *stop,
			     size_t *ret_bad, struct line_image *ret_image, struct failure *f)
{
	__attribute__((cleanup(cmdline_done))) struct cmdline line = { 0 };
	struct look what = {
		.fds = fds, .shown = shown, .n = n, .rootfs = rootfs, .rootfs_fd = rootfs_fd
	};
	auto_free char *wrong = NULL;
	int bits;

	*ret_bad = n;
	cmdline_add(&line, args);
	what.units = cmdline_value(&line, "rootovl.enable");
	bits = look(&what, stop, ret_bad, &wrong, f);
	if (bits < 0)
		return bits;
	if (wrong)
		return fail_kind(fds[*ret_bad], shown[*ret_bad], "initrd", wrong, f);
	*ret_bad = n;
	ret_image->ours = bits & LOOK_OURS;
	ret_image->alone = ret_image->ours && !(bits & LOOK_DRACUT);
	ret_image->short_only = ret_image->ours && !(bits & LOOK_SYSTEMD);
	ret_image->words = bits & LOOK_WORDS;
	return check_extras(bits, ret_image, &line, f);
}
