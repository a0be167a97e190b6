// SPDX-License-Identifier: GPL-2.0-or-later
/* The messages of a scheduler's WebSocket. */
#include "src/testbox/scheduler/frame.h"

#include "src/common/macro.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

static void takes(const char *data, enum frame_kind kind, const char *text)
{
	auto_failure struct failure f = { 0 };
	struct frame frame = { 0 };

	assert_int_equal(frame_read(data, strlen(data), &frame, &f), 0);
	assert_int_equal(frame.kind, kind);
	if (text)
		assert_string_equal(frame.text, text);
	else
		assert_null(frame.text);
	frame_done(&frame);
}

static void refuses(const char *data, size_t len, const char *what)
{
	auto_failure struct failure f = { 0 };
	struct frame frame = { 0 };

	assert_int_equal(frame_read(data, len, &frame, &f), -EBADMSG);
	assert_non_null(strstr(f.what, what));
	assert_null(frame.text);
}

TEST(answers)
{
	takes("{\"type\":\"boot\",\"response\":\"#!ipxe\\n\\nboot\\n\"}", FRAME_BOOT,
	      "#!ipxe\n\nboot\n");
	takes("{\"response\":\"\",\"job\":1,\"type\":\"boot\"}", FRAME_BOOT, "");
	takes("#!ipxe\nexit\n", FRAME_BOOT, "#!ipxe\nexit\n");
	takes("{\"type\":\"close\"}", FRAME_CLOSE, NULL);
	takes("{\"type\":\"request_memory\"}", FRAME_ANSWER, "{\"type\": \"request_memory\"}");
	takes("{\"type\":\"release_memory\"}", FRAME_ANSWER, "{\"type\": \"release_memory\"}");
}

TEST(nonsense)
{
	static const char cut[] = "#!ipxe\0exit\n";

	refuses("", 0, "neither a script nor JSON");
	refuses("hello", 5, "neither a script nor JSON");
	refuses("[1]", 3, "has no type");
	refuses("{\"type\":7}", 10, "has no type");
	refuses("{\"type\":\"boot\"}", 15, "has no script");
	refuses("{\"type\":\"boot\",\"response\":7}", 28, "has no script");
	refuses("{\"type\":\"dance\\u001b[2J\"}", 25, "'dance\\x1b[2J' is not known");
	refuses("{\"type\":\"boot\",\"response\":\"a\\u0000b\"}", 37, "neither a script nor JSON");
	refuses("{\"type\":\"close\",\"type\":\"boot\"}", 30, "neither a script nor JSON");
	refuses(cut, sizeof(cut) - 1, "is no text");
}
