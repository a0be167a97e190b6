// SPDX-License-Identifier: GPL-2.0-or-later
/* What the console says of a boot that is held up. */
#include "src/rootovl/boot/waits.h"

#include "src/common/macro.h"
#include "src/rootovl/machine/mount_causes.h"
#include "tests/unit/unit.h"

#include <stdbool.h>

TEST(an_nfs_server_in_its_grace_period_is_named)
{
	const struct boot_progress progress = {
		.root = "nfs 10.0.0.1:/os", .folder = true, .nfs = true, .step = "check lower"
	};
	auto_free char *text = waits_text(&progress, 12345, true);

	assert_string_equal(text, "waiting for nfs 10.0.0.1:/os: check lower has no answer of the "
				  "server (12 s; " MOUNT_CAUSES_GRACE ")");
}

TEST(no_grace_is_said_of_another_server)
{
	const struct boot_progress progress = {
		.root = "cifs //a/b", .folder = true, .step = "copy payload", .object = "/"
	};
	auto_free char *text = waits_text(&progress, 20000, true);

	assert_string_equal(text, "waiting for cifs //a/b: copy payload has no answer of the "
				  "server (20 s)");
}

TEST(a_step_that_works_is_named_with_what_it_works_on)
{
	const struct boot_progress progress = {
		.root = "cifs //a/b", .folder = true, .step = "prepare disks", .object = "/dev/vda"
	};
	const struct boot_progress disks = { .root = "cifs //a/b",
					     .folder = true,
					     .local = true,
					     .step = "prepare disks",
					     .object = "/dev/vda" };
	const struct boot_progress bare = { .step = "check lower" };
	auto_free char *text = waits_text(&progress, 12000, false);
	auto_free char *disks_text = waits_text(&disks, 12000, true);
	auto_free char *short_text = waits_text(&bare, 12000, true);

	assert_string_equal(text, "waiting for prepare disks: /dev/vda (12 s)");
	assert_string_equal(disks_text, text);
	assert_string_equal(short_text, "waiting for check lower (12 s)");
}
