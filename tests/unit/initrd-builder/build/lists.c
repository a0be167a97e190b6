// SPDX-License-Identifier: GPL-2.0-or-later
/* initrd-builder: the lists of kernel modules, the engines' command lines, what an image is from.
 */
#include "initrd-builder/build/digest.h"
#include "initrd-builder/build/engine.h"
#include "initrd-builder/build/lock.h"
#include "initrd-builder/build/module_list.h"
#include "initrd-builder/build/record.h"
#include "initrd-builder/write/output.h"

#include "tests/unit/initrd-builder/builder_tree.h"

#include <errno.h>

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, tree_make, tree_remove)

static const char *const paths[] = {
	"kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko.xz",
	"kernel/drivers/net/ethernet/8390/8390-p.ko",
	"kernel/drivers/net/ethernetics/no.ko",
	"kernel/drivers/net/loopback.ko",
	"updates/drivers/net/ethernet/intel/e1000e/e1000e.ko.zst",
	"extra/net/ethernet/other.ko",
	"drivers/net/ethernet/top.ko",
	NULL,
};

static void assert_list(const char *text, const char *expected)
{
	auto_strv char **words = module_list_words(text);
	auto_strv char **names = module_list_expand(words, (char *const *)paths);
	auto_free char *joined = strv_join(names, " ");

	assert_string_equal(joined, expected);
}

static void names_and_directories(void **state)
{
	(void)state;
	assert_list("", "");
	assert_list("# nothing\n\n", "");
	assert_list("overlay loop # why\n\tcifs  overlay", "cifs loop overlay");
	assert_list("=drivers/net/ethernet", "8390_p e1000e");
	assert_list("=drivers/net/ethernet/intel nfs", "e1000e nfs");
	assert_list("=drivers/net/eth", "");
	assert_list("=", "");
}

static void assert_words(const char *engine, const char *const *words, const char *arch,
			 const char *expected)
{
	const struct engine_values values = { "img:1", arch, "name-1", "/x/userspace.sh" };
	auto_strv char **command = engine_command(engine_find(engine), words, &values);
	auto_free char *joined = strv_join(command, " ");

	assert_string_equal(joined, expected);
}

static void assert_command(const char *engine, const char *expected)
{
	assert_words(engine, engine_find(engine)->run, "amd64", expected);
}

static void what_engines_run(void **state)
{
	(void)state;
	assert_command("docker",
		       "docker run --rm --pull=never --name=name-1 --network=none "
		       "--hostname=rootovl --read-only --tmpfs=/tmp:exec,mode=1777 --cap-drop=ALL "
		       "--security-opt=no-new-privileges --log-driver=none img:1 "
		       "/usr/lib/rootovl/userspace");
	assert_command("podman",
		       "podman run --rm --pull=never --name=name-1 --network=none "
		       "--hostname=rootovl --read-only --tmpfs=/tmp:exec,mode=1777 --cap-drop=ALL "
		       "--security-opt=no-new-privileges --log-driver=none img:1 "
		       "/usr/lib/rootovl/userspace");
	assert_command("buildah",
		       "unshare --net buildah run --isolation=chroot "
		       "--cap-drop=CAP_SYS_ADMIN,CAP_NET_RAW,CAP_NET_BIND_SERVICE,CAP_MKNOD "
		       "name-1 -- /usr/lib/rootovl/userspace");
	assert_command("none", "sh /x/userspace.sh");
	assert_null(engine_find("kaniko"));
}

static void images_of_another_architecture_are_asked_for_by_it(void **state)
{
	const char *const *from = engine_find("buildah")->before;

	(void)state;
	assert_words("buildah", from, "arm64",
		     "buildah from --pull-never --platform=linux/arm64 --name=name-1 img:1");
	assert_words("buildah", from, "ppc64el",
		     "buildah from --pull-never --platform=linux/ppc64le --name=name-1 img:1");
}

static void words_are_filled_in_whole_only(void **state)
{
	const char *const words[] = { "IMAGE", "--name=NAME", "MYIMAGE", "IMAGE=x", NULL };
	const struct engine_values values = { "i", "amd64", "n", "s" };
	auto_strv char **command = engine_command(engine_find("none"), words, &values);
	auto_free char *joined = strv_join(command, " ");

	(void)state;
	assert_string_equal(joined, "i --name=n MYIMAGE IMAGE=x");
}

static char *listing(const char *name)
{
	auto_free char *path = xasprintf("%s/%s", tree, name);
	auto_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct digest digest;

	digest_begin(&digest);
	assert_int_equal(digest_listing(&digest, fd), 0);
	return digest_end(&digest);
}

static void touch(const char *name, time_t when)
{
	const struct timespec times[2] = { { .tv_sec = when }, { .tv_sec = when } };
	auto_free char *path = xasprintf("%s/%s", tree, name);

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* Both calls see the same tree, in two places. */
static void assert_listing(bool same)
{
	auto_free char *a = listing("a"), *b = listing("b");

	assert_int_equal(strlen(a), DIGEST_LENGTH);
	assert_int_equal(strcmp(a, b) == 0, same);
}

static void a_listing_sees_what_changes(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		tree_file(i ? "b/d/x.ko" : "a/d/x.ko", "12345");
		tree_link("to", i ? "b/l" : "a/l");
		touch(i ? "b/d/x.ko" : "a/d/x.ko", 1000);
	}
	assert_listing(true);
	touch("b/d/x.ko", 1001);
	assert_listing(false);
	touch("b/d/x.ko", 1000);
	touch("b/d", 1);
	assert_listing(true);
	tree_file("b/d/y.ko", "");
	assert_listing(false);
}

static const char text[] = "rootovl 1\ntree 2\n";

static void an_image_is_current_until_something_changes(void **state)
{
	auto_close int fd = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_failure struct failure f = { 0 };

	(void)state;
	assert_false(record_is_current(fd, "6.1", text));
	tree_file("initramfs.lkp-6.1.img", "image");
	tree_file("modules-6.1.cgz", "archive");
	assert_false(record_is_current(fd, "6.1", text));
	assert_int_equal(record_write(fd, tree, "6.1", text, &f), 0);
	assert_true(record_is_current(fd, "6.1", text));
	assert_false(record_is_current(fd, "6.2", text));
	assert_false(record_is_current(fd, "6.1", "rootovl 1\n"));
	assert_false(record_is_current(fd, "6.1", "rootovl 1\ntree 3\n"));
	tree_file("initramfs.lkp-6.1.img", "imagE");
	assert_false(record_is_current(fd, "6.1", text));
	tree_file("initramfs.lkp-6.1.img", "image");
	tree_file("modules-6.1.cgz", "half");
	assert_false(record_is_current(fd, "6.1", text));
}

static unsigned waited;

static void count_wait(const char *dir)
{
	(void)dir;
	waited++;
}

static void a_lock_is_one_and_leaves_no_file(void **state)
{
	auto_close int fd = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_failure struct failure f = { 0 };
	struct lock lock = LOCK_NONE;

	(void)state;
	tree_file(LOCK_NAME, ""); /* of one that was killed */
	assert_int_equal(lock_take(fd, tree, count_wait, &lock, &f), 0);
	assert_int_equal(waited, 0);
	lock_release(&lock);
	assert_int_equal(faccessat(fd, LOCK_NAME, F_OK, 0), -1);
	lock_release(&lock);
}

static void leftovers_are_ours_only(void **state)
{
	static const char *const files[] = {
		".modules-6.1.cgz.0123456789abcdef.new",
		".modules-6.1.cgz.0123456789abcdeg.new",
		".modules-6.1.cgz.new",
		".other.0123456789abcdef.new",
		"modules-6.1.cgz",
	};
	auto_close int fd = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		tree_file(files[i], "");
	output_clean(fd, "modules-");
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		assert_int_equal(faccessat(fd, files[i], F_OK, 0), i == 0 ? -1 : 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_directories),
		cmocka_unit_test(what_engines_run),
		cmocka_unit_test(images_of_another_architecture_are_asked_for_by_it),
		cmocka_unit_test(words_are_filled_in_whole_only),
		IN_TREE(a_listing_sees_what_changes),
		IN_TREE(an_image_is_current_until_something_changes),
		IN_TREE(a_lock_is_one_and_leaves_no_file),
		IN_TREE(leftovers_are_ours_only),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("builder_lists", tests, NULL, NULL);
}
