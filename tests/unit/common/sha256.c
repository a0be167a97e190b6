// SPDX-License-Identifier: GPL-2.0-or-later
/* SHA-256: the examples of FIPS 180-2, appendix B. */
#include "src/common/sha256.h"
#include "tests/unit/unit.h"

#include <string.h>

static void assert_digest(struct sha256 *hash, const char *expected)
{
	char text[SHA256_ROOM];

	sha256_end(hash, text);
	assert_string_equal(text, expected);
}

TEST(the_standards_examples)
{
	struct sha256 hash = { 0 };

	assert_int_equal(sha256_begin(&hash), 0);
	sha256_add(&hash, "abc", 3);
	assert_digest(&hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(sha256_begin(&hash), 0);
	assert_digest(&hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	sha256_done(&hash);
}

TEST(pieces_are_the_same_as_the_whole)
{
	static const char text[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	struct sha256 hash = { 0 };

	assert_int_equal(sha256_begin(&hash), 0);
	for (size_t i = 0; i < strlen(text); i++)
		sha256_add(&hash, text + i, 1);
	assert_digest(&hash, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	sha256_done(&hash);
}

TEST(what_was_begun_before_is_forgotten)
{
	struct sha256 hash = { 0 };

	assert_int_equal(sha256_begin(&hash), 0);
	sha256_add(&hash, "something else", 14);
	assert_int_equal(sha256_begin(&hash), 0);
	sha256_add(&hash, "abc", 3);
	assert_digest(&hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	sha256_done(&hash);
}
