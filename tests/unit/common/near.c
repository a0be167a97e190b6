// SPDX-License-Identifier: GPL-2.0-or-later
/* The word that was meant. */
#include "src/common/near.h"

#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <string.h>

static void means(const char *word, const char *best)
{
	static const char *const words[] = { "boot", "plan", "report", "rootovl.size",
					     "rootovl.timeout" };
	struct near_word near = { .word = word };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		near_try(&near, words[i]);
	if (best)
		assert_string_equal(near.best, best);
	else
		assert_null(near.best);
}

TEST(a_letter_may_lack_be_wrong_or_change_places)
{
	means("bot", "boot");
	means("baot", "boot");
	means("reprot", "report");
	means("rootovl.sise", "rootovl.size");
	means("rootovl.timeuot", "rootovl.timeout");
	means("rootovl-size", "rootovl.size");
}

TEST(short_and_strange_words_are_near_to_none)
{
	means("", NULL);
	means("b", NULL);
	means("nonsense", NULL);
	means("rootovl.persist", NULL);
	means("rootovl.rootovl.rootovl.rootovl.rootovl.rootovl.rootovl.rootovl.rootovl", NULL);
}

TEST(the_question_names_the_word)
{
	auto_free char *some = near_question(&(struct near_word){ .best = "name" }, "--");
	auto_free char *none = near_question(&(struct near_word){ .word = "x" }, "--");

	assert_string_equal(some, " (did you mean --name?)");
	assert_string_equal(none, "");
}
