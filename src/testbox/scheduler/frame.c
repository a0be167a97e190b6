// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/scheduler/frame.h"

#include "src/common/json.h"
#include "src/common/mem.h"

#include <errno.h>
#include <string.h>

static int read_object(json_t *object, struct frame *ret, struct failure *f)
{
	const char *type = json_string_value(json_object_get(object, "type"));
	const char *response = json_string_value(json_object_get(object, "response"));

	if (!type)
		return fail(f, EBADMSG, NULL, "the scheduler's message has no type");
	if (!strcmp(type, "close")) {
		*ret = (struct frame){ .kind = FRAME_CLOSE };
		return 0;
	}
	/* It waits for the same word; the machine waits for memory itself before it starts. */
	if (!strcmp(type, "request_memory") || !strcmp(type, "release_memory")) {
		*ret = (struct frame){ .kind = FRAME_ANSWER,
				       .text = xasprintf("{\"type\": \"%s\"}", type) };
		return 0;
	}
	if (strcmp(type, "boot") != 0)
		return fail(f, EBADMSG, NULL,
			    "the scheduler's message of type '%.40s' is not known", type);
	if (!response)
		return fail(f, EBADMSG, NULL, "the scheduler's message of type boot has no script");
	*ret = (struct frame){ .kind = FRAME_BOOT, .text = xstrdup(response) };
	return 0;
}

int frame_read(const char *data, size_t len, struct frame *ret, struct failure *f)
{
	json_error_t error;
	auto_json json_t *object = NULL;

	if (len >= 2 && !memcmp(data, "#!", 2)) {
		if (memchr(data, '\0', len))
			return fail(f, EBADMSG, NULL, "the scheduler's script is no text");
		*ret = (struct frame){ .kind = FRAME_BOOT, .text = xstrndup(data, len) };
		return 0;
	}
	object = json_loadb(data, len, JSON_REJECT_DUPLICATES, &error);
	if (!object)
		return fail(f, EBADMSG, NULL,
			    "the scheduler's message is neither a script nor JSON: %s", error.text);
	return read_object(object, ret, f);
}

void frame_done(struct frame *frame)
{
	free(frame->text);
	*frame = (struct frame){ 0 };
}
