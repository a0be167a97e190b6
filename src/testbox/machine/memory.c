// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/memory.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/pause.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define MEMINFO_MAX 65536
#define LOOK_S	    0.5 /* no event tells of free memory */
#define MIB	    (1ull << 20)

static uint64_t value_of(const char *meminfo, const char *name)
{
	const char *line = strstr(meminfo, name);

	return line ? strtoull(line + strlen(name), NULL, 10) * 1024 : 0;
}

uint64_t memory_available(const char *meminfo)
{
	return value_of(meminfo, "MemAvailable:");
}

int memory_wait(const struct box *box, uint64_t wanted, unsigned seconds,
		const volatile sig_atomic_t *stop, struct failure *f)
{
	double start = pause_clock();
	bool said = false;

	for (;;) {
		auto_free char *text = NULL;
		int r = file_read(AT_FDCWD, "/proc/meminfo", MEMINFO_MAX, &text);
		uint64_t there;

		if (r < 0)
			return fail_errno(f, -r, NULL, "/proc/meminfo");
		there = memory_available(text);
		if (there >= wanted)
			return 0;
		if (value_of(text, "MemTotal:") < wanted || pause_clock() - start >= seconds)
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
