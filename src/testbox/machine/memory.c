// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/memory.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/common/meminfo.h"
#include "src/common/pause.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_S	  0.5 /* no event tells of free memory */
#define MIB	  (1ull << 20)
#define FILE_NAME "memory"
#define TEXT_MAX  4096
#define LOCK_S	  0.05 /* it is held while a few small files are read */
#define LOCK_MAX  30   /* seconds */

/* What a process has in memory; 0: it is gone. */
static uint64_t resident(pid_t pid)
{
	auto_free char *path = xasprintf("/proc/%d/statm", (int)pid), *text = NULL;
	const char *pages = NULL;

	if (pid > 0 && file_read(AT_FDCWD, path, TEXT_MAX, &text) == 0)
		pages = strchr(text, ' ');
	return pages ? strtoull(pages, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

uint64_t memory_left(void)
{
	uint64_t left = meminfo_read("MemAvailable:");
	auto_free char *state = box_state_dir();
	auto_strv char **names = NULL;
	auto_failure struct failure none = { 0 };

	box_names(&names, &none);
	for (char **name = names; name && *name; name++) {
		auto_free char *path = xasprintf("%s/%s/run/" FILE_NAME, state, *name);
		auto_free char *text = NULL;
		uint64_t promised, touched;
		char *end;

		if (file_read(AT_FDCWD, path, TEXT_MAX, &text) < 0)
			continue;
		promised = strtoull(text, &end, 10);
		touched = resident((pid_t)strtol(end, NULL, 10));
		if (promised > touched)
			left -= promised - touched < left ? promised - touched : left;
	}
	return left;
}

char *memory_file(const struct box *box)
{
	return xasprintf("%s/" FILE_NAME, box->run);
}

void memory_promise(const struct box *box, uint64_t bytes, pid_t pid)
{
	auto_free char *path = memory_file(box);
	auto_free char *text = xasprintf("%llu %d\n", (unsigned long long)bytes, (int)pid);

	file_write(AT_FDCWD, path, text, 0600);
}

int memory_lock_promises(const volatile sig_atomic_t *stop, struct failure *f)
{
	auto_free char *state = box_state_dir(), *path = xasprintf("%s/" BOX_MEMORY, state);
	auto_close int fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	double start = pause_clock();

	if (fd < 0)
		return fail_errno(f, errno, NULL, "%s", path);
	fchmod(fd, 0600); /* an earlier version's is everybody's to lock */
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return fail_errno(f, errno, NULL, "%s", path);
		if (*stop)
			return fail(f, EINTR, NULL, "interrupted while waiting for memory");
		if (pause_clock() - start >= LOCK_MAX)
			return fail(f, EBUSY, "continue or end the testbox that is stopped",
				    "%s: locked by another testbox for %d s", path, LOCK_MAX);
		pause_for(LOCK_S, stop);
	}
	return steal_fd(&fd);
}

/* Promises so much if it is left, and no other launcher looks meanwhile: 1; 0: it is not left. */
static int take(const struct box *box, uint64_t wanted, uint64_t *ret_left,
		const volatile sig_atomic_t *stop, struct failure *f)
{
	auto_close int lock = memory_lock_promises(stop, f);

	if (lock < 0)
		return lock;
	*ret_left = memory_left();
	if (*ret_left < wanted)
		return 0;
	memory_promise(box, wanted, 0);
	return 1;
}

int memory_wait(const struct box *box, uint64_t wanted, unsigned seconds,
		const volatile sig_atomic_t *stop, struct failure *f)
{
	double start = pause_clock();
	bool said = false;

	for (;;) {
		uint64_t there = 0;
		int r = take(box, wanted, &there, stop, f);

		if (r != 0)
			return r < 0 ? r : 0;
		if (meminfo_read("MemTotal:") < wanted || pause_clock() - start >= seconds)
			return fail(f, ENOMEM, "a smaller machine, or fewer of them",
				    "%llu MiB of memory are needed, %llu are left, after %u s",
				    (unsigned long long)(wanted / MIB),
				    (unsigned long long)(there / MIB),
				    (unsigned)(pause_clock() - start));
		if (*stop)
			return fail(f, EINTR, NULL, "interrupted while waiting for memory");
		if (!said) {
			log_line(LOG_NOTICE,
				 "%s: waiting for memory: %llu MiB are needed, %llu are left",
				 box->name, (unsigned long long)(wanted / MIB),
				 (unsigned long long)(there / MIB));
			box_say(box, "waiting for memory");
		}
		said = true;
		pause_for(LOOK_S, stop);
	}
}
