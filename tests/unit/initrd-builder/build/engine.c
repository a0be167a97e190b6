// SPDX-License-Identifier: GPL-2.0-or-later
/* The engines' command lines. */
#include "initrd-builder/build/engine.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

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

TEST(what_engines_run)
{
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

TEST(images_of_another_architecture_are_asked_for_by_it)
{
	const char *const *from = engine_find("buildah")->before;

	assert_words("buildah", from, "arm64",
		     "buildah from --pull-never --platform=linux/arm64 --name=name-1 img:1");
	assert_words("buildah", from, "ppc64el",
		     "buildah from --pull-never --platform=linux/ppc64le --name=name-1 img:1");
}

TEST(words_are_filled_in_whole_only)
{
	const char *const words[] = { "IMAGE", "--name=NAME", "MYIMAGE", "IMAGE=x", NULL };
	const struct engine_values values = { "i", "amd64", "n", "s" };
	auto_strv char **command = engine_command(engine_find("none"), words, &values);
	auto_free char *joined = strv_join(command, " ");

	assert_string_equal(joined, "i --name=n MYIMAGE IMAGE=x");
}
