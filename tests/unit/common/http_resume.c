// SPDX-License-Identifier: GPL-2.0-or-later
/* Which downloads can be resumed, and which answers are the rest of one. */
#include "src/common/http_resume.h"

#include "src/common/macro.h"
#include "tests/unit/unit.h"

#include <string.h>

#define DAY_1 "Sun, 06 Nov 1994 08:49:37 GMT"
#define DAY_2 "Mon, 07 Nov 1994 08:49:37 GMT"

TEST(a_length_is_digits_alone)
{
	static const struct {
		const char *text;
		uint64_t length;
	} lengths[] = {
		{ "0", 0 },
		{ "10", 10 },
		{ "18446744073709551614", UINT64_MAX - 1 },
		{ "18446744073709551615", HTTP_RESUME_UNKNOWN },
		{ "99999999999999999999", HTTP_RESUME_UNKNOWN },
		{ "", HTTP_RESUME_UNKNOWN },
		{ "-1", HTTP_RESUME_UNKNOWN },
		{ "+1", HTTP_RESUME_UNKNOWN },
		{ "10 ", HTTP_RESUME_UNKNOWN },
		{ "0x10", HTTP_RESUME_UNKNOWN },
	};
	struct http_answer answer = { 0 };

	assert_true(http_resume_length(&answer) == HTTP_RESUME_UNKNOWN);
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		http_resume_set(&answer, HTTP_RESUME_LENGTH, lengths[i].text);
		assert_true(http_resume_length(&answer) == lengths[i].length);
	}
	http_resume_done(&answer);
	assert_null(answer.headers[HTTP_RESUME_LENGTH]);
}

TEST(the_rest_is_from_the_break_to_the_end)
{
	static const struct {
		const char *range;
		uint64_t from, size;
		bool is_rest;
	} ranges[] = {
		{ "bytes 5-9/10", 5, 10, true },
		{ "bytes 5-9/10", 5, HTTP_RESUME_UNKNOWN, true },
		{ "Bytes 5-9/10", 5, 10, true },
		{ "bytes 5-9/*", 5, 10, true },
		{ "bytes 5-9/*", 5, HTTP_RESUME_UNKNOWN, true },
		{ "bytes 9-9/10", 9, 10, true },
		/* Another part, or another file. */
		{ "bytes 4-9/10", 5, 10, false },
		{ "bytes 6-9/10", 5, 10, false },
		{ "bytes 5-10/11", 5, 10, false },
		{ "bytes 5-8/9", 5, 10, false },
		/* Less than was asked for. */
		{ "bytes 5-8/10", 5, 10, false },
		{ "bytes 5-8/10", 5, HTTP_RESUME_UNKNOWN, false },
		{ "bytes 5-8/*", 5, 10, false },
		/* No range. */
		{ "bytes */10", 5, 10, false },
		{ "bytes 5-4/5", 5, 5, false },
		{ "bytes 5-9", 5, 10, false },
		{ "bytes 5-", 5, 10, false },
		{ "bytes 5", 5, 10, false },
		{ "bytes 5-9/", 5, 10, false },
		{ "bytes 5-9/10x", 5, 10, false },
		{ "bytes -5-9/10", 5, 10, false },
		{ "lines 5-9/10", 5, 10, false },
		{ "", 5, 10, false },
		{ "bytes 0-18446744073709551614/*", 0, HTTP_RESUME_UNKNOWN, true },
		{ "bytes 0-18446744073709551615/*", 0, HTTP_RESUME_UNKNOWN, false },
	};
	struct http_answer answer = { 0 };

	assert_false(http_resume_is_rest(&answer, 0, HTTP_RESUME_UNKNOWN));
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++) {
		http_resume_set(&answer, HTTP_RESUME_RANGE, ranges[i].range);
		if (http_resume_is_rest(&answer, ranges[i].from, ranges[i].size) !=
		    ranges[i].is_rest)
			fail_msg("'%s'", ranges[i].range);
	}
	http_resume_done(&answer);
}

TEST(only_what_is_strong_is_a_validator)
{
	static const struct {
		const char *etag, *modified, *date, *validator;
	} answers[] = {
		{ "\"a\"", NULL, NULL, "\"a\"" },
		{ "\"a\"", DAY_1, DAY_2, "\"a\"" },
		{ NULL, DAY_1, DAY_2, DAY_1 },
		/* A weak ETag, or what is none, and no date beside it. */
		{ "W/\"a\"", DAY_1, DAY_2, NULL },
		{ "a", NULL, NULL, NULL },
		/* It could change once more within that second. */
		{ NULL, DAY_1, DAY_1, NULL },
		{ NULL, DAY_2, DAY_1, NULL },
		{ NULL, DAY_1, NULL, NULL },
		{ NULL, NULL, DAY_1, NULL },
		{ NULL, "yesterday", DAY_1, NULL },
		{ NULL, DAY_1 " x", DAY_2, NULL },
		{ NULL, NULL, NULL, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		struct http_answer answer = { 0 };
		const char *validator;

		if (answers[i].etag)
			http_resume_set(&answer, HTTP_RESUME_ETAG, answers[i].etag);
		if (answers[i].modified)
			http_resume_set(&answer, HTTP_RESUME_MODIFIED, answers[i].modified);
		if (answers[i].date)
			http_resume_set(&answer, HTTP_RESUME_DATE, answers[i].date);
		validator = http_resume_validator(&answer);
		if (!validator != !answers[i].validator)
			fail_msg("answer %zu: %s", i, validator ? validator : "none");
		if (validator)
			assert_string_equal(validator, answers[i].validator);
		http_resume_done(&answer);
	}
}

TEST(a_value_that_is_not_ascii_is_absent)
{
	struct http_answer answer = { 0 };

	http_resume_set(&answer, HTTP_RESUME_ETAG, "\"\xff\"");
	http_resume_set(&answer, HTTP_RESUME_MODIFIED, "a\tb");
	assert_null(answer.headers[HTTP_RESUME_ETAG]);
	assert_null(answer.headers[HTTP_RESUME_MODIFIED]);
	http_resume_done(&answer);
}

TEST(some_refusals_may_pass)
{
	static const long heal[] = { 408, 429, 500, 502, 503, 599 };
	static const long stay[] = { 200, 206, 304, 400, 401, 403, 404, 410, 416 };

	for (size_t i = 0; i < ARRAY_SIZE(heal); i++)
		assert_true(http_resume_heals(heal[i]));
	for (size_t i = 0; i < ARRAY_SIZE(stay); i++)
		assert_false(http_resume_heals(stay[i]));
}
