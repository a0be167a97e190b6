// SPDX-License-Identifier: GPL-2.0-or-later
/* The archive of modules, and files that appear whole or not at all. */
#include "initrd-builder/write/cgz.h"
#include "initrd-builder/write/output.h"
#include "src/common/interrupt.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

#include <errno.h>

#include <archive.h>
#include <archive_entry.h>

static void make_modules(void)
{
	tree_file("m/kernel/fs/b.ko", "second");
	tree_file("m/kernel/fs/a.ko.xz", "first");
	tree_file("m/updates/c.ko", "");
	tree_file("m/modules.dep", "kernel/fs/b.ko:");
	tree_file("m/modules.alias", "");
	tree_link("/etc/shadow", "m/kernel/fs/c.ko");
}

/* Writes the archive of DIR/m to DIR/name. */
static void write_archive(const char *name)
{
	auto_failure struct failure f = { 0 };
	auto_free char *modules = tree_path("m");
	auto_output struct output output = OUTPUT_NONE;

	assert_int_equal(output_open(tree_fd, tree, name, &output, &f), 0);
	assert_int_equal(cgz_write(output.fd, modules, "6.1.0", &f), 0);
	assert_int_equal(output_commit(&output, NULL, &f), 0);
}

/* One line for each entry: type, path, target. */
static char *list_archive(const char *name)
{
	auto_free char *path = tree_path(name);
	auto_strv char **lines = NULL;
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;

	archive_read_support_filter_gzip(archive);
	archive_read_support_format_cpio(archive);
	assert_int_equal(archive_read_open_filename(archive, path, 4096), ARCHIVE_OK);
	while (archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
		const char *target = archive_entry_symlink(entry);
		mode_t type = archive_entry_filetype(entry);

		assert_int_equal(archive_entry_uid(entry), 0);
		assert_int_equal(archive_entry_gid(entry), 0);
		strv_add(&lines, xasprintf("%c %s%s%s",
					   type == AE_IFDIR ? 'd'
					   : target	    ? 'l'
							    : 'f',
					   archive_entry_pathname(entry), target ? " " : "",
					   target ? target : ""));
	}
	assert_int_equal(archive_filter_code(archive, 0), ARCHIVE_FILTER_GZIP);
	archive_read_free(archive);
	return strv_join(lines, "\n");
}

TEST(files_and_directories_in_order)
{
	auto_free char *list = NULL;

	make_modules();
	write_archive("out.cgz");
	list = list_archive("out.cgz");
	assert_string_equal(list, "d usr\n"
				  "d usr/lib\n"
				  "d usr/lib/modules\n"
				  "d usr/lib/modules/6.1.0\n"
				  "d usr/lib/modules/6.1.0/kernel\n"
				  "d usr/lib/modules/6.1.0/kernel/fs\n"
				  "f usr/lib/modules/6.1.0/kernel/fs/a.ko.xz\n"
				  "f usr/lib/modules/6.1.0/kernel/fs/b.ko\n"
				  "f usr/lib/modules/6.1.0/modules.alias\n"
				  "f usr/lib/modules/6.1.0/modules.dep\n"
				  "d usr/lib/modules/6.1.0/updates\n"
				  "f usr/lib/modules/6.1.0/updates/c.ko");
}

TEST(other_tools_can_read_it)
{
	auto_free char *command = NULL;

	make_modules();
	write_archive("out.cgz");
	command = xasprintf("cd %s && mkdir x && cd x && gzip -dc ../out.cgz | cpio -id --quiet && "
			    "test \"$(cat usr/lib/modules/6.1.0/kernel/fs/b.ko)\" = second",
			    tree);
	assert_int_equal(system(command), 0);
}

TEST(the_same_tree_gives_the_same_bytes)
{
	auto_free char *command = NULL;

	make_modules();
	setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
	write_archive("one");
	/* The same again, written in another order and at another time. */
	command = xasprintf(
		"cd %s && mv m old && cp -r old m && touch -d @1800000000 m/modules.dep", tree);
	assert_int_equal(system(command), 0);
	write_archive("two");
	unsetenv("SOURCE_DATE_EPOCH");
	free(command);
	command = xasprintf("cmp %s/one %s/two", tree, tree);
	assert_int_equal(system(command), 0);
}

TEST(an_interrupted_one_leaves_the_old_file)
{
	auto_failure struct failure f = { 0 };
	auto_free char *modules = tree_path("m");
	auto_free char *command = xasprintf("cd %s && test \"$(cat out)\" = old && "
					    "test \"$(ls -A | tr '\\n' ' ')\" = 'm out '",
					    tree);
	struct output output;

	make_modules();
	tree_file("out", "old");
	interrupted = SIGTERM;
	assert_int_equal(output_open(tree_fd, tree, "out", &output, &f), 0);
	assert_int_equal(cgz_write(output.fd, modules, "6.1.0", &f), -EINTR);
	output_done(&output);
	interrupted = 0;
	assert_int_equal(system(command), 0);
}

TEST(a_file_is_there_when_it_is_whole)
{
	auto_failure struct failure f = { 0 };
	auto_free char *path = tree_path("out");
	struct output output;
	struct stat st;
	off_t size;

	assert_int_equal(output_open(tree_fd, tree, "out", &output, &f), 0);
	assert_int_equal(write(output.fd, "new", 3), 3);
	assert_int_equal(stat(path, &st), -1);
	assert_int_equal(output_commit(&output, &size, &f), 0);
	output_done(&output);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 3);
	assert_int_equal(size, 3);
	assert_int_equal(st.st_mode & 07777, 0644);
}

TEST(a_full_disk_is_a_failure)
{
	auto_failure struct failure f = { 0 };
	auto_free char *modules = tree_path("m");
	auto_close int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	make_modules();
	assert_true(full >= 0);
	assert_int_equal(cgz_write(full, modules, "6.1.0", &f), -ENOSPC);
	assert_non_null(f.what);
}
