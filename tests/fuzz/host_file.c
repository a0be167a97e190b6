// SPDX-License-Identifier: GPL-2.0-or-later
/* Any text as a host file: an error, or a host whose plan can be made. */
#include "src/common/mem.h"
#include "src/testbox/plan/host_read.h"
#include "src/testbox/plan/machine_plan.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = xstrndup((const char *)data, size);
	auto_failure struct failure f = { 0 };
	struct host host;

	if (host_read(&host, "vm-1p1g-1", "f", text, &f) == 0) {
		const struct machine_request request = {
			.host = &host,
			.dir = "/d",
			.run = "/d/run",
			.kernel = "/k",
			.cmdline = text,
			.result = "/r",
			.reach = &host.reach,
		};
		struct machine_plan plan;

		machine_plan_build(&plan, &request);
		machine_plan_done(&plan);
	}
	host_done(&host);
	return 0;
}
