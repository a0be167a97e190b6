// SPDX-License-Identifier: GPL-2.0-or-later
/* What is an id of machine-id(5), and what is made of a machine. */
#include "src/rootovl/configure/machine_id.h"

#include "src/common/mem.h"
#include "src/rootovl/machine/identity.h"
#include "tests/unit/unit.h"

#include <string.h>

TEST(an_id_is_32_hexadecimal_digits)
{
	assert_true(machine_id_valid("0123456789abcdef0123456789abcdef\n"));
	assert_true(machine_id_valid("0123456789ABCDEF0123456789abcdef"));
	assert_false(machine_id_valid(""));
	assert_false(machine_id_valid("\n"));
	assert_false(machine_id_valid("uninitialized\n"));
	assert_false(machine_id_valid("0123456789abcdef0123456789abcde\n"));
	assert_false(machine_id_valid("0123456789abcdef0123456789abcdef0\n"));
	assert_false(machine_id_valid("01234567-89ab-cdef-0123-456789abcdef\n"));
	assert_false(machine_id_valid("00000000000000000000000000000000\n"));
}

TEST(a_machine_has_one_id_and_another_machine_another)
{
	auto_free char *one = machine_id_line("uuid a serial b card c");
	auto_free char *again = machine_id_line("uuid a serial b card c");
	auto_free char *other = machine_id_line("uuid a serial b card d");

	assert_string_equal(one, again);
	assert_string_not_equal(one, other);
	assert_memory_not_equal(one + 17, other + 17, 15);
	assert_true(machine_id_valid(one));
	assert_int_equal(strlen(one), 33);
	/* a UUID of version 4 */
	assert_int_equal(one[12], '4');
	assert_non_null(strchr("89ab", one[16]));
}

TEST(an_example_of_a_uuid_is_no_identity)
{
	assert_true(identity_uuid_valid("4c4c4544-0044-3510-8052-b4c04f4e3332"));
	assert_false(identity_uuid_valid("00000000-0000-0000-0000-000000000000"));
	assert_false(identity_uuid_valid("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"));
	assert_false(identity_uuid_valid("03000200-0400-0500-0006-000700080009"));
	assert_false(identity_uuid_valid("Not Settable"));
	assert_false(identity_uuid_valid(""));
}
