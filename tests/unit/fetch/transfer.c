// SPDX-License-Identifier: GPL-2.0-or-later
/* A file that is fetched: which answers are taken, and when it comes further. */
#include "src/fetch/transfer.h"

#include "src/common/macro.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define DIGITS	      "0123456789"
#define DIGITS_SHA256 "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"

struct fixture {
	struct fetch_request request;
	struct failure f;
	struct transfer transfer;
};

int unit_set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	fixture->request.file = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	*state = fixture;
	if (fixture->request.file < 0)
		return -1;
	return transfer_begin(&fixture->transfer, &fixture->request, &fixture->f);
}

int unit_tear_down(void **state)
{
	struct fixture *fixture = *state;

	transfer_done(&fixture->transfer);
	failure_done(&fixture->f);
	close(fixture->request.file);
	free(fixture);
	return 0;
}

/* Judges an answer with these headers; each may be NULL. */
static int judge(struct transfer *transfer, long status, const char *length, const char *range,
		 const char *etag)
{
	struct http_answer answer = { 0 };
	int r;

	if (length)
		http_resume_set(&answer, HTTP_RESUME_LENGTH, length);
	if (range)
		http_resume_set(&answer, HTTP_RESUME_RANGE, range);
	if (etag)
		http_resume_set(&answer, HTTP_RESUME_ETAG, etag);
	r = transfer_judge(transfer, status, &answer);
	http_resume_done(&answer);
	return r;
}

/* The complete file, without a validator, of which `len` bytes of ten come. */
static void answer(struct transfer *transfer, size_t len)
{
	assert_int_equal(judge(transfer, 200, "10", NULL, NULL), 0);
	assert_int_equal(transfer_body(transfer, DIGITS, len), 0);
}

static void file_is(const struct fixture *fixture, const char *text)
{
	char data[64] = "";

	assert_int_equal(pread(fixture->request.file, data, sizeof(data) - 1, 0), strlen(text));
	assert_string_equal(data, text);
}

TEST(what_breaks_at_the_same_place_comes_no_further)
{
	struct transfer *transfer = &((struct fixture *)*state)->transfer;

	answer(transfer, 5);
	transfer->last_byte = 0;
	answer(transfer, 5);
	answer(transfer, 3);
	assert_int_equal(transfer->last_byte, 0);
	answer(transfer, 6);
	assert_true(transfer->last_byte > 0);
}

TEST(the_rest_goes_behind_what_is_there)
{
	struct fixture *fixture = *state;
	struct transfer *transfer = &fixture->transfer;

	assert_int_equal(judge(transfer, 200, "10", NULL, "\"a\""), 0);
	assert_int_equal(transfer_body(transfer, DIGITS, 5), 0);
	assert_true(transfer_resumes(transfer));
	assert_string_equal(transfer->validator, "\"a\"");
	assert_int_equal(judge(transfer, 206, "5", "bytes 5-9/10", "\"a\""), 0);
	assert_int_equal(transfer_body(transfer, &DIGITS[5], 5), 0);
	assert_int_equal(transfer_check(transfer), 0);
	file_is(fixture, DIGITS);
}

TEST(another_part_is_refused)
{
	static const char *const ranges[] = { "bytes 4-9/10", "bytes 5-8/10", "bytes 5-10/11",
					      NULL };
	struct fixture *fixture = *state;
	struct transfer *transfer = &fixture->transfer;

	answer(transfer, 5);
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++) {
		assert_int_equal(judge(transfer, 206, "5", ranges[i], NULL), -EPROTO);
		assert_non_null(strstr(fixture->f.what, "another part"));
	}
	file_is(fixture, "01234");
}

TEST(a_part_that_was_not_asked_for_is_refused)
{
	struct fixture *fixture = *state;

	assert_int_equal(judge(&fixture->transfer, 206, "10", "bytes 0-9/10", NULL), -EPROTO);
	assert_string_equal(fixture->f.what, "the server answers with 206");
}

TEST(a_changed_file_is_fetched_from_its_beginning)
{
	struct fixture *fixture = *state;
	struct transfer *transfer = &fixture->transfer;

	answer(transfer, 5);
	assert_int_equal(judge(transfer, 200, "3", NULL, "\"b\""), 0);
	assert_int_equal(transfer_body(transfer, "abc", 3), 0);
	assert_int_equal(transfer_check(transfer), 0);
	file_is(fixture, "abc");
}

TEST(more_than_was_announced_is_refused)
{
	struct fixture *fixture = *state;
	struct transfer *transfer = &fixture->transfer;

	answer(transfer, 8);
	assert_int_equal(transfer_body(transfer, DIGITS, 3), -EPROTO);
	assert_string_equal(fixture->f.what, "the server sends more than it said");
	file_is(fixture, "01234567");
}

TEST(an_unknown_or_too_large_size_is_refused)
{
	struct fixture *fixture = *state;
	struct transfer *transfer = &fixture->transfer;

	assert_int_equal(judge(transfer, 200, NULL, NULL, NULL), -EPROTO);
	assert_int_equal(judge(transfer, 200, "ten", NULL, NULL), -EPROTO);
	assert_int_equal(judge(transfer, 200, "18446744073709551614", NULL, NULL), -ENOSPC);
}

TEST(what_has_no_validator_is_not_resumed)
{
	struct fixture *fixture = *state;
	struct transfer *transfer = &fixture->transfer;

	assert_false(transfer_resumes(transfer));
	answer(transfer, 5);
	assert_false(transfer_resumes(transfer));
	/* The digest will tell whether the parts belong together. */
	fixture->request.digest = DIGITS_SHA256;
	assert_true(transfer_resumes(transfer));
	assert_int_equal(transfer_restart(transfer), 0);
	assert_false(transfer_resumes(transfer));
	file_is(fixture, "");
}

TEST(the_digest_is_of_all_parts)
{
	struct fixture *fixture = *state;
	struct transfer *transfer = &fixture->transfer;

	fixture->request.digest = DIGITS_SHA256;
	answer(transfer, 7);
	answer(transfer, 5);
	assert_int_equal(judge(transfer, 206, "5", "bytes 5-9/10", NULL), 0);
	assert_int_equal(transfer_body(transfer, &DIGITS[5], 5), 0);
	assert_int_equal(transfer_check(transfer), 0);

	assert_int_equal(judge(transfer, 200, "3", NULL, NULL), 0);
	assert_int_equal(transfer_body(transfer, "abc", 3), 0);
	assert_int_equal(transfer_check(transfer), -EBADMSG);
}

TEST(nothing_and_too_little_are_no_file)
{
	struct transfer *transfer = &((struct fixture *)*state)->transfer;

	assert_int_equal(transfer_check(transfer), -EPROTO);
	answer(transfer, 9);
	assert_int_equal(transfer_check(transfer), -EPROTO);
}

/* The last moment, in ms after the beginning, with `patience` seconds and so many bytes. */
static uint64_t last_moment(struct fixture *fixture, unsigned patience, uint64_t bytes)
{
	fixture->request.patience = patience;
	fixture->transfer.furthest = bytes;
	return transfer_last_moment(&fixture->transfer) - fixture->transfer.began;
}

TEST(every_fetch_has_a_last_moment)
{
	struct fixture *fixture = *state;

	assert_int_equal(last_moment(fixture, 90, 0), 90000);
	assert_int_equal(last_moment(fixture, 90, 1000000), 100000);
	assert_int_equal(last_moment(fixture, 0, 100000), 21000);
	/* Half an hour, or 20 times the patience. */
	assert_int_equal(last_moment(fixture, 90, 1ull << 40), 1800000);
	assert_int_equal(last_moment(fixture, 100, UINT64_MAX), 2000000);
	assert_int_equal(last_moment(fixture, 999999999, UINT64_MAX), 19999999980000);
}

TEST(only_new_bytes_put_the_last_moment_off)
{
	struct fixture *fixture = *state;
	uint64_t then;

	answer(&fixture->transfer, 5);
	then = transfer_last_moment(&fixture->transfer);
	answer(&fixture->transfer, 5);
	assert_int_equal(transfer_last_moment(&fixture->transfer), then);
	assert_int_equal(fixture->transfer.furthest, 5);
}
