// SPDX-License-Identifier: GPL-2.0-or-later
/* What a later initrd replaced of the image: told by size, by time and contents, or by its place.
 */
#include "src/rootovl/boot/own_files_check.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/rootovl/settings/own_files.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char tree[] = "/tmp/rootovl-own-XXXXXX";
static int dir = -1;

static void put(const char *path, const char *text, time_t mtime)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = mtime } };
	auto_free char *full = xasprintf("%s/%s", tree, path);

	*strrchr(full, '/') = '\0';
	assert_int_equal(file_make_dirs(full), 0);
	unlinkat(dir, path, 0);
	assert_int_equal(file_write(dir, path, text, 0644), 0);
	assert_int_equal(utimensat(dir, path, times, 0), 0);
}

static char *line_of(const char *path, const char *text)
{
	struct own_file file = { strlen(text), own_files_sum(OWN_FILES_SUM, text, strlen(text)),
				 path };

	return own_files_line(&file);
}

/* An image of three files and a link, all of 1970. */
int unit_set_up(void **state)
{
	(void)state;
	auto_free char *a = line_of("usr/bin/rootovl", "program");
	auto_free char *b = line_of("usr/lib/systemd/system/rootovl.service", "unit");
	auto_free char *c = line_of("init", "usr/lib/systemd/systemd");
	auto_free char *record = xasprintf("%s%s%s", a, b, c);

	strcpy(tree, "/tmp/rootovl-own-XXXXXX");
	assert_non_null(mkdtemp(tree));
	dir = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	put("usr/bin/rootovl", "program", 0);
	put("usr/lib/systemd/system/rootovl.service", "unit", 0);
	put(OWN_FILES, record, 0);
	return symlinkat("usr/lib/systemd/systemd", dir, "init");
}

int unit_tear_down(void **state)
{
	(void)state;
	close(dir);
	file_remove_tree(tree);
	return 0;
}

static void names(const char *what)
{
	auto_free char *text = own_files_check(dir);
	auto_free char *expected =
		xasprintf("a later initrd replaced files of the image that this boot rests on: %s "
			  "(initrd-builder verify tells which initrd)",
			  what ? what : "");

	if (what)
		assert_string_equal(text, expected);
	else
		assert_null(text);
}

TEST(an_image_as_it_was_made_is_silent)
{
	names(NULL);
	/* The same file again, as packages bring it, and a kernel that keeps no times. */
	put("usr/bin/rootovl", "program", 12345);
	names(NULL);
}

TEST(what_was_replaced_is_named)
{
	put("usr/bin/rootovl", "another program", 0);
	names("/usr/bin/rootovl");
	put("usr/bin/rootovl", "PROGRAM", 12345);
	names("/usr/bin/rootovl");
	unlinkat(dir, "init", 0);
	put("./init", "usr/lib/systemd/systemd", 0);
	names("/usr/bin/rootovl");
	unlinkat(dir, "init", 0);
	assert_int_equal(symlinkat("usr/lib/systemd/SYSTEMD", dir, "init"), 0);
	names("/usr/bin/rootovl, /init");
}

TEST(a_unit_in_etc_takes_the_place_of_ours)
{
	put("etc/systemd/system/rootovl.service", "unit", 0);
	names("/etc/systemd/system/rootovl.service");
}

TEST(without_a_record_nothing_is_said)
{
	put("usr/bin/rootovl", "another program", 0);
	put(OWN_FILES, "1\nx y z\n1 2 /usr/bin/rootovl\n1 2 ../x\n", 0);
	names(NULL);
	unlinkat(dir, OWN_FILES, 0);
	names(NULL);
}

TEST(the_files_of_a_boot_are_known)
{
	assert_true(own_files_has("init"));
	assert_true(own_files_has("usr/lib/rootovl/payload.conf"));
	assert_true(own_files_has("usr/lib/systemd/system/rootovl-network.service"));
	assert_true(own_files_has("usr/lib/systemd/system-generators/rootovl-generator"));
	assert_true(
		own_files_has("usr/lib/systemd/system/systemd-networkd.service.d/rootovl.conf"));
	assert_false(own_files_has(OWN_FILES));
	assert_false(own_files_has("usr/lib/systemd/systemd-udevd"));
	assert_false(own_files_has("usr/bin/bash"));
}
