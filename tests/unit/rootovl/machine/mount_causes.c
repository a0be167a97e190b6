// SPDX-License-Identifier: GPL-2.0-or-later
/* What is said of a mount(2) that failed; tests/vm/mounts.bats holds it against real servers. */
#include "src/rootovl/machine/mount_causes.h"

#include "src/common/macro.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

static const char *const types[] = { "cifs",  "nfs",	  "virtiofs", "9p",	 "ext4",   "xfs",
				     "btrfs", "squashfs", "erofs",    "iso9660", "overlay" };

TEST(every_code_has_a_hint_in_one_short_line)
{
	for (size_t t = 0; t < ARRAY_SIZE(types); t++) {
		for (int code = 1; code < 140; code++) {
			struct mount_cause found = mount_causes_find(types[t], code);

			assert_non_null(found.hint);
			assert_in_range(strlen(found.hint), 5, 200);
			assert_null(strpbrk(found.hint, "\n\t"));
			if (found.cause)
				assert_in_range(strlen(found.cause), 5, 100);
		}
	}
}

static void own_words(const char *type, const int *codes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_string_not_equal(mount_causes_find(type, codes[i]).hint,
					"the kernel's log may say more");
}

/* What happens in the field is told by more than "the kernel's log may say more". */
TEST(what_a_file_system_gives_has_words_of_its_own)
{
	static const int server[] = { ENOENT,	    ENOTDIR,	  EACCES,	   EPERM,
				      EINVAL,	    ESTALE,	  ELOOP,	   EOPNOTSUPP,
				      ETIMEDOUT,    ECONNREFUSED, ECONNRESET,	   EHOSTDOWN,
				      EHOSTUNREACH, EIO,	  EPROTONOSUPPORT, EPROTO,
				      ENODEV,	    EBUSY,	  EKEYEXPIRED,	   ENOKEY,
				      EKEYREJECTED, EMFILE,	  ENXIO,	   EBADF,
				      EUCLEAN,	    EROFS };
	static const int host[] = { ENOENT, ENOTDIR, EACCES, EPERM,  EINVAL,
				    ESTALE, EBUSY,   EIO,    ENODEV, EMFILE };
	static const int disk[] = { EINVAL, EIO, EUCLEAN, EROFS, ENODEV, EBUSY, ENXIO, EBADMSG };

	static const int overlay[] = { EINVAL, ESTALE, EBUSY, ELOOP, EROFS, EIO, ENODEV, ENOSPC };

	for (size_t t = 0; t < ARRAY_SIZE(types); t++) {
		if (t < 2)
			own_words(types[t], server, ARRAY_SIZE(server));
		else if (t < 4)
			own_words(types[t], host, ARRAY_SIZE(host));
		else if (strcmp(types[t], "overlay") != 0)
			own_words(types[t], disk, ARRAY_SIZE(disk));
		else
			own_words(types[t], overlay, ARRAY_SIZE(overlay));
	}
}

TEST(one_code_means_different_things)
{
	assert_string_equal(mount_causes_find("virtiofs", EINVAL).cause,
			    "the host offers no folder by this tag");
	assert_string_equal(mount_causes_find("cifs", EINVAL).cause,
			    "the kernel refuses the path or an option");
	assert_non_null(strstr(mount_causes_find("cifs", EINVAL).hint, "end in a link"));
	assert_string_equal(mount_causes_find("tmpfs", EINVAL).cause,
			    "the kernel refuses an option");
	assert_non_null(strstr(mount_causes_find("xfs", ENODEV).hint, "--with disks"));
	assert_null(mount_causes_find("nfs", ENOTTY).cause);
	assert_null(mount_causes_find(NULL, ENOTTY).cause);
}

TEST(what_heals_is_told_as_such)
{
	auto_failure struct failure f = { 0 };

	assert_int_equal(mount_causes_fail(&f, "nfs", ESTALE, "nfs %s", "a:/b"), -EAGAIN);
	assert_string_equal(f.what,
			    "nfs a:/b: the server does not know the export's folder any more");
	assert_int_equal(mount_causes_fail(&f, "nfs", EACCES, "x"), -EACCES);
	assert_string_equal(f.what, "x: the server refuses");
	assert_int_equal(mount_causes_fail(&f, "cifs", EHOSTUNREACH, "x"), -EHOSTUNREACH);
	assert_string_equal(f.what, "x: No route to host");
}
