// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rootovl-verity: the root's device of dm-verity, for `rootovl boot`, which runs it where
 * rootovl.verity= is given, and for tests. A program of its own, for libcryptsetup and what that
 * needs are only in images that are built with it.
 */
#include "src/common/command.h"
#include "src/common/one_line.h"
#include "src/verity/mapping.h"

#include <libdevmapper.h>
#include <string.h>

/* Returns false for what is not 64 hexadecimal digits. */
static bool read_hash(const char *digits, unsigned char root[VERITY_DIGEST])
{
	size_t n = strspn(digits, "0123456789abcdefABCDEF");

	if (n != 2 * VERITY_DIGEST || digits[n])
		return false;
	for (size_t i = 0; i < VERITY_DIGEST; i++) {
		const char pair[] = { digits[2 * i], digits[2 * i + 1], '\0' };

		root[i] = (unsigned char)strtoul(pair, NULL, 16);
	}
	return true;
}

static int end(const struct failure *f, int r)
{
	if (r >= 0)
		return 0;
	one_line_print(stdout, "failed %d", f->code);
	one_line_print(stdout, "%s", f->what);
	one_line_print(stdout, "%s", f->hint ? f->hint : "");
	return 1;
}

static int run_open(const struct command_line *line)
{
	auto_failure struct failure f = { 0 };
	unsigned char root[VERITY_DIGEST];

	if (!read_hash(line->operands[1], root))
		return command_usage(line, "HASH: 64 hexadecimal digits");
	return end(&f, mapping_open(line->operands[0], root, command_value(line, "signature"), &f));
}

static int run_close(const struct command_line *line)
{
	auto_failure struct failure f = { 0 };

	(void)line;
	return end(&f, mapping_close(&f));
}

static int run_status(const struct command_line *line)
{
	(void)line;
	return mapping_is_corrupted() ? VERITY_CORRUPTED : 0;
}

static const char notes[] = "On standard output, at the end of a failure: \"failed CODE\", and two "
			    "lines, what and a hint.";

static const struct command command_open = {
	.name = "open",
	.meaning = "make the device of an image",
	.synopsis = "IMAGE HASH [--signature FILE]",
	.about = "Makes " VERITY_DEVICE " of the image that `initrd-builder image --verity` made, "
		 "on the block device IMAGE, if HASH is its root hash.",
	.options = (const struct command_option[]){ { "signature", .argument = "FILE",
						      .kind = COMMAND_FILE,
						      .help = "the root hash's, PKCS#7 in DER" },
						    { 0 } },
	.operands = (const struct command_operand[]){ { "IMAGE", .kind = COMMAND_FILE },
						      { "HASH", .words = NULL },
						      { 0 } },
	.notes = notes,
	.exits = "Exit status: 0 made, 1 failed, 2 wrong usage.",
	.run = run_open,
};

static const struct command command_close = {
	.name = "close",
	.meaning = "remove the device",
	.synopsis = "",
	.about = "Removes the device, or has the kernel remove it when its last user ends.",
	.notes = notes,
	.exits = "Exit status: 0 removed, 1 failed, 2 wrong usage.",
	.run = run_close,
};

static const struct command command_status = {
	.name = "status",
	.meaning = "did a block not match?",
	.synopsis = "",
	.about = "Asks the kernel whether it met a block that does not match the root hash.",
	.exits = "Exit status: 0 no, 3 yes, 2 wrong usage.",
	.run = run_status,
};

/* A device that is not there is no error, and what failed is told by libcryptsetup. */
static void say_nothing(int level, const char *file, int line, int code, const char *fmt, ...)
{
	(void)level, (void)file, (void)line, (void)code, (void)fmt;
}

int main(int argc, char **argv)
{
	static const struct command *const commands[] = { &command_open, &command_close,
							  &command_status, NULL };
	static const struct command_program program = {
		.name = "rootovl-verity",
		.about = "The root's device of dm-verity, for rootovl in the initramfs.",
		.see = "so does rootovl(8)",
		.commands = commands,
		.usage = 2,
		.failed = 1,
	};

	dm_log_with_errno_init(say_nothing);
	/* The udev of a lean image lacks the rules that answer libdevmapper: it would wait for
	 * ever. */
	dm_udev_set_sync_support(0);
	return command_main(&program, argc, argv);
}
