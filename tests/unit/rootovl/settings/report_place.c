// SPDX-License-Identifier: GPL-2.0-or-later
/* The URL of rootovl.report=, the request, and which answers count. */
#include "src/rootovl/settings/report_place.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <string.h>

static const struct {
	const char *url, *host, *path;
	unsigned port;
} good[] = {
	{ "http://files/boots/node7", "files", "/boots/node7", 80 },
	{ "http://10.0.0.2:8000", "10.0.0.2", "/", 8000 },
	{ "http://files?mac=52-54", "files", "/?mac=52-54", 80 },
	{ "http://[fd00::1]:81/a?b", "fd00::1", "/a?b", 81 },
	{ "http://files:/a", "files", "/a", 80 },
};

TEST(urls_are_read)
{
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct report_place place;

		assert_int_equal(report_place_parse(&place, good[i].url), 0);
		assert_string_equal(place.host, good[i].host);
		assert_string_equal(place.path, good[i].path);
		assert_int_equal(place.port, good[i].port);
		report_place_done(&place);
	}
}

TEST(other_texts_are_refused)
{
	static const char *const bad[] = {
		NULL,
		"",
		"files/boots",
		"https://files/",
		"ftp://files/",
		"http://",
		"http:///x",
		"http://:80/",
		"http://files:0/",
		"http://files:65536/",
		"http://files:x/",
		"http://u:p@files/",
		"http://files/a b",
		"http://files/a\r\nX:",
		"http://files/\xc3\xa4",
		"http://files/#a",
		"http://fd00::1/boots",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct report_place place;

		if (report_place_parse(&place, bad[i]) == 0)
			fail_msg("%s is taken", bad[i] ? bad[i] : "NULL");
		report_place_done(&place);
	}
}

TEST(the_request_has_the_length_and_the_brackets_of_an_address)
{
	struct report_place place;
	auto_free char *request = NULL;

	assert_int_equal(report_place_parse(&place, "http://[fd00::1]:81/a?b"), 0);
	request = report_place_request(&place, 12);
	report_place_done(&place);
	assert_ptr_equal(strstr(request, "POST /a?b HTTP/1.0\r\nHost: [fd00::1]:81\r\n"), request);
	assert_non_null(strstr(request, "\r\nContent-Length: 12\r\n"));
	assert_string_equal(request + strlen(request) - 4, "\r\n\r\n");
}

TEST(only_2xx_counts)
{
	static const char *const no[] = { "",
					  "HTTP/1.",
					  "HTTP/1.1 404 Not Found",
					  "HTTP/1.1 302 Found",
					  "HTTP/1.1 2",
					  "HTTP/1.1 20",
					  "SSH-2.0-x",
					  "HTTP/2 200" };

	assert_true(report_place_is_taken("HTTP/1.1 200 OK\r\n"));
	assert_true(report_place_is_taken("HTTP/1.0 201"));
	assert_true(report_place_is_taken("HTTP/1.1 204 No Content\n"));
	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		if (report_place_is_taken(no[i]))
			fail_msg("%s counts", no[i]);
}
