// SPDX-License-Identifier: GPL-2.0-or-later
/* Whatever comes through the scheduler's WebSocket is a message or a failure that says something.
 */
#include "src/testbox/scheduler/frame.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_failure struct failure f = { 0 };
	struct frame frame = { 0 };

	if (frame_read((const char *)data, size, &frame, &f) < 0
		    ? !f.code || !f.what
		    : frame.kind != FRAME_CLOSE && !frame.text)
		abort();
	frame_done(&frame);
	return 0;
}
