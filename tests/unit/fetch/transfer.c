// SPDX-License-Identifier: GPL-2.0-or-later
/* When a file that is fetched comes further. */
#include "src/fetch/transfer.h"
#include "src/common/macro.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* An answer without a validator, of which `len` bytes of ten come. */
static void answer(struct transfer *transfer, size_t len)
{
	static const char *const lines[] = { "HTTP/1.1 200 OK\r\n", "Content-Length: 10\r\n" };

	transfer->answer = (struct answer){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		transfer_header(transfer, lines[i], strlen(lines[i]));
	assert_int_equal(transfer_body(transfer, "0123456789", len), 0);
}

static void what_breaks_at_the_same_place_comes_no_further(void **state)
{
	auto_failure struct failure f = { 0 };
	auto_close int file = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	const struct fetch_request request = { .file = file };
	struct transfer transfer;

	(void)state;
	assert_int_equal(transfer_begin(&transfer, &request, &f), 0);
	answer(&transfer, 5);
	transfer.last_byte = 0;
	answer(&transfer, 5);
	answer(&transfer, 3);
	assert_int_equal(transfer.last_byte, 0);
	answer(&transfer, 6);
	assert_true(transfer.last_byte > 0);
	transfer_done(&transfer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_breaks_at_the_same_place_comes_no_further),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("transfer", tests, NULL, NULL);
}
