// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/memory.h"

#include "src/common/log.h"
#include "src/common/meminfo.h"
#include "src/common/pause.h"

#include <errno.h>

#define LOOK_S 0.5 /* no event tells of free memory */
#define MIB    (1ull << 20)

int memory_wait(const struct box *box, uint64_t wanted, unsigned seconds,
		const volatile sig_atomic_t *stop, struct failure *f)
{
	double start = pause_clock();
	bool said = false;

	for (;;) {
		uint64_t there = meminfo_read("MemAvailable:");

		if (there >= wanted)
			return 0;
		if (meminfo_read("MemTotal:") < wanted || pause_clock() - start >= seconds)
			return fail(f, ENOMEM, "a smaller machine, or fewer of them",
				    "%llu MiB of memory are needed, %llu are available, after %u s",
				    (unsigned long long)(wanted / MIB),
				    (unsigned long long)(there / MIB),
				    (unsigned)(pause_clock() - start));
		if (*stop)
			return fail(f, EINTR, NULL, "interrupted while waiting for memory");
		if (!said) {
			log_line(LOG_NOTICE,
				 "%s: waiting for memory: %llu MiB are needed, %llu available",
				 box->name, (unsigned long long)(wanted / MIB),
				 (unsigned long long)(there / MIB));
			box_say(box, "waiting for memory");
		}
		said = true;
		pause_for(LOOK_S, stop);
	}
}
