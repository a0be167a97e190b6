// SPDX-License-Identifier: GPL-2.0-or-later
/* Compressing a file so that the kernel can unpack it. */
#include "initrd-builder/write/compress.h"
#include "initrd-builder/read/decoder.h"
#include "initrd-builder/root/compression.h"
#include "src/common/interrupt.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

#include <errno.h>

#define SIZE (3 << 20)

static const char *const names[] = { "zstd", "xz", "gzip" };

static void no_tick(void *arg)
{
	(void)arg;
}

/* Text that compresses well, and some noise; a NUL is in neither. */
static void make_input(void)
{
	auto_free char *text = xcalloc(SIZE + 1, 1);
	uint32_t noise = 1;

	for (size_t i = 0; i < SIZE; i++) {
		noise = noise * 1664525 + 1013904223;
		text[i] = (char)(i % 8192 < 512 ? 1 + (noise >> 25) % 127 : 'a' + i % 23);
	}
	tree_file("in", text);
}

static int pack(const char *name, enum compress_effort effort, int out, struct failure *f)
{
	const struct compression compression = { .name = name };
	auto_free char *in = tree_path("in");
	auto_compress struct compress *compress =
		compress_start(&compression, effort, in, out, "out", f);

	return compress ? compress_wait(compress, no_tick, NULL, f) : -f->code;
}

static int open_new(const char *name)
{
	auto_free char *path = tree_path(name);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	return fd;
}

/* Unpacks it as the kernel would. */
static char *unpack(int fd, const char *name)
{
	auto_input struct input *input = input_new(input_from_fd, &fd);
	auto_decoder struct decoder *decoder = NULL;
	auto_failure struct failure f = { 0 };
	const struct codec *codec;
	const uint8_t *data;
	char *text = xcalloc(SIZE + 1, 1);
	ssize_t n, done = 0;

	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	n = input_look(input, CODEC_LOOK, &data, &f);
	codec = codec_find(data, (size_t)n);
	assert_non_null(codec);
	assert_string_equal(codec->name, name);
	assert_null(codec_kernel_limit(codec, data, (size_t)n));
	decoder = decoder_new(codec, input);
	while ((n = decoder_read(decoder, text + done, (size_t)(SIZE - done) + 1, &f)) > 0)
		done += n;
	assert_int_equal(n, 0);
	assert_int_equal(done, SIZE);
	return text;
}

TEST(what_was_packed_comes_back)
{
	auto_free char *path = tree_path("in");
	auto_free char *text = NULL;

	make_input();
	assert_int_equal(file_read(AT_FDCWD, path, SIZE, &text), 0);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		for (int effort = COMPRESS_SMALL; effort <= COMPRESS_QUICK; effort++) {
			auto_failure struct failure f = { 0 };
			auto_close int out = open_new("out");
			auto_free char *again = NULL;

			assert_int_equal(pack(names[i], (enum compress_effort)effort, out, &f), 0);
			assert_true(lseek(out, 0, SEEK_END) < SIZE / 4);
			again = unpack(out, names[i]);
			assert_string_equal(again, text);
		}
	}
}

TEST(nothing_gives_an_end_too)
{
	tree_file("in", "");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		auto_failure struct failure f = { 0 };
		auto_close int out = open_new("out");

		assert_int_equal(pack(names[i], COMPRESS_SMALL, out, &f), 0);
		assert_true(lseek(out, 0, SEEK_END) > 0);
	}
}

TEST(a_full_disk_is_told_by_its_file)
{
	auto_failure struct failure f = { 0 };
	auto_close int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	make_input();
	assert_int_equal(pack("gzip", COMPRESS_QUICK, full, &f), -ENOSPC);
	assert_string_equal(f.what, "out: No space left on device");
	assert_string_equal(f.hint, "is there room?");
}

TEST(a_signal_ends_it)
{
	auto_close int out = open_new("out");

	make_input();
	interrupted = SIGINT;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		auto_failure struct failure f = { 0 };

		assert_int_equal(pack(names[i], COMPRESS_SMALL, out, &f), -EINTR);
	}
	interrupted = 0;
	assert_int_equal(lseek(out, 0, SEEK_END), 0);
}

/* That of another thread, after a failure elsewhere. */
TEST(one_that_is_given_up_ends)
{
	const struct compression zstd = { .name = "zstd" };
	auto_close int out = open_new("out");
	auto_free char *in = tree_path("in");
	auto_failure struct failure f = { 0 };

	make_input();
	compress_free(compress_start(&zstd, COMPRESS_SMALL, in, out, "out", &f));
	assert_int_equal(f.code, 0);
	assert_null(compress_start(&zstd, COMPRESS_SMALL, "/nonexistent", out, "out", &f));
	assert_int_equal(f.code, ENOENT);
}
