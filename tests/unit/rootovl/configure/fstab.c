// SPDX-License-Identifier: GPL-2.0-or-later
/* Making the text of an fstab safe. */
#include "src/rootovl/configure/fstab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Asserts what a text becomes, and that nothing more is done to that. */
static void becomes(const char *text, const char *expected)
{
	auto_free char *safe = NULL, *again = NULL;

	assert_int_equal(fstab_safe_text(text, &safe), 0);
	assert_non_null(safe);
	assert_string_equal(safe, expected);
	assert_int_equal(fstab_safe_text(safe, &again), 0);
	assert_null(again);
}

static void stays(const char *text)
{
	auto_free char *safe = NULL;

	assert_int_equal(fstab_safe_text(text, &safe), 0);
	assert_null(safe);
}

static void what_is_no_entry_stays_byte_for_byte(void **state)
{
	(void)state;
	stays("");
	stays("\n\n");
	stays("# / comment\n  # another /  ext4\n\t\n \r\n");
	stays("no-newline-and-no-directory");
	stays("#/dev/sda1 / ext4 defaults 0 1");
}

static void entries_for_the_root_are_commented_out(void **state)
{
	(void)state;
	becomes("UUID=1 / ext4 errors=remount-ro 0 1\n",
		"# rootovl: UUID=1 / ext4 errors=remount-ro 0 1\n");
	becomes("\t/dev/sda1\t/\text4\n", "# rootovl: \t/dev/sda1\t/\text4\n");
	becomes("a / b nofail", "# rootovl: a / b nofail");
	becomes("a / b noauto\n", "# rootovl: a / b noauto\n");
	becomes("a // b\na \\057 b\na /",
		"# rootovl: a // b\n# rootovl: a \\057 b\n# rootovl: a /");
	becomes("a /. b c\na /./ b c\n", "# rootovl: a /. b c\n# rootovl: a /./ b c\n");
	becomes("a /.x b c\n", "a /.x b c,nofail\n");
}

static void swap_is_commented_out(void **state)
{
	(void)state;
	becomes("UUID=2 none swap sw 0 0\n", "# rootovl: UUID=2 none swap sw 0 0\n");
	becomes("UUID=2 swap swap defaults 0 0", "# rootovl: UUID=2 swap swap defaults 0 0");
	becomes("/file swap", "# rootovl: /file swap");
	/* only the whole word */
	becomes("x /swap ext4 sw", "x /swap ext4 sw,nofail");
}

static void other_entries_get_nofail_behind_their_options(void **state)
{
	(void)state;
	becomes("UUID=3 /boot ext4 defaults 0 2\n", "UUID=3 /boot ext4 defaults,nofail 0 2\n");
	becomes("UUID=3\t/boot\text4\trw,noatime\t0\t2 # why\n",
		"UUID=3\t/boot\text4\trw,noatime,nofail\t0\t2 # why\n");
	becomes("  a  /b  c  d  ", "  a  /b  c  d,nofail  ");
	becomes("a /\\040 c d", "a /\\040 c d,nofail");
	/* options that only look like it */
	becomes("a /b c x-nofail 0 0", "a /b c x-nofail,nofail 0 0");
	becomes("a /b c nofails,noautox", "a /b c nofails,noautox,nofail");
}

static void entries_that_cannot_stop_a_boot_stay(void **state)
{
	(void)state;
	stays("a /b c nofail\na /b c rw,nofail,ro 0 0\na /b c noauto\na /b c x,noauto");
}

static void fields_that_are_absent_are_filled_in(void **state)
{
	(void)state;
	becomes("a /b c\n", "a /b c defaults,nofail\n");
	becomes("a /b c  \t", "a /b c defaults,nofail  \t");
	becomes("a /b", "a /b auto defaults,nofail");
}

static void line_ends_stay_what_they_are(void **state)
{
	(void)state;
	becomes("a /b c d\r\nx / y z\r\n#\r\n", "a /b c d,nofail\r\n# rootovl: x / y z\r\n#\r\n");
	becomes("a /b c d", "a /b c d,nofail");
	becomes("\n\na /b c d\n\n", "\n\na /b c d,nofail\n\n");
}

static void a_debian_fstab_is_made_safe(void **state)
{
	(void)state;
	becomes("# /etc/fstab: static file system information.\n"
		"#\n"
		"# <file system> <mount point>   <type>  <options>       <dump>  <pass>\n"
		"UUID=6f7 /               ext4    errors=remount-ro 0       1\n"
		"# /home was on /dev/sda3 during installation\n"
		"UUID=8a1 /home           ext4    defaults        0       2\n"
		"UUID=9c2 none            swap    sw              0       0\n"
		"/dev/sr0        /media/cdrom0   udf,iso9660 user,noauto     0       0\n",
		"# /etc/fstab: static file system information.\n"
		"#\n"
		"# <file system> <mount point>   <type>  <options>       <dump>  <pass>\n"
		"# rootovl: UUID=6f7 /               ext4    errors=remount-ro 0       1\n"
		"# /home was on /dev/sda3 during installation\n"
		"UUID=8a1 /home           ext4    defaults,nofail        0       2\n"
		"# rootovl: UUID=9c2 none            swap    sw              0       0\n"
		"/dev/sr0        /media/cdrom0   udf,iso9660 user,noauto     0       0\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_entry_stays_byte_for_byte),
		cmocka_unit_test(entries_for_the_root_are_commented_out),
		cmocka_unit_test(swap_is_commented_out),
		cmocka_unit_test(other_entries_get_nofail_behind_their_options),
		cmocka_unit_test(entries_that_cannot_stop_a_boot_stay),
		cmocka_unit_test(fields_that_are_absent_are_filled_in),
		cmocka_unit_test(line_ends_stay_what_they_are),
		cmocka_unit_test(a_debian_fstab_is_made_safe),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
