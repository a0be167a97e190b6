// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs in the initramfs of the bench's machines: notes the memory that is left (MemAvailable of
 * proc_meminfo(5)) fifty times a second, and when it is told to end says all of it on the second
 * serial port, a line for each: "memory SECONDS KIBIBYTES", the seconds as the kernel's log has
 * them.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SAMPLES 60000 /* 20 minutes */

static struct sample {
	double seconds;
	long left; /* KiB */
} samples[SAMPLES];

static volatile sig_atomic_t ended;

static void end(int signal)
{
	(void)signal;
	ended = 1;
}

static long memory_left(int meminfo)
{
	char text[2048], *found;
	ssize_t n = pread(meminfo, text, sizeof(text) - 1, 0);

	if (n < 0)
		return -1;
	text[n] = '\0';
	found = strstr(text, "MemAvailable:");
	return found ? strtol(found + strlen("MemAvailable:"), NULL, 10) : -1;
}

int main(void)
{
	struct sigaction action = { .sa_handler = end };
	const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };
	int meminfo = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);
	size_t n = 0;

	sigaction(SIGTERM, &action, NULL);
	while (!ended && n < SAMPLES) {
		struct timespec now;

		clock_gettime(CLOCK_MONOTONIC, &now);
		samples[n].seconds = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
		samples[n++].left = memory_left(meminfo);
		nanosleep(&pause, NULL);
	}

	FILE *port = fopen("/dev/ttyS1", "w");

	if (!port)
		return 1;
	for (size_t i = 0; i < n; i++)
		fprintf(port, "memory %.3f %ld\n", samples[i].seconds, samples[i].left);
	return fclose(port) == 0 ? 0 : 1;
}
