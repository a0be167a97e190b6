// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/write/compress.h"

#include "src/common/files.h"
#include "src/common/interrupt.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <time.h>

#define TICK_NS (200 * 1000 * 1000L)
#define CHUNK	(128 * 1024) /* small, so that a signal is soon seen */

struct compress {
	struct encoder *encoder;
	char *from, *path;
	int in, out;
	pthread_t thread;
	bool runs;
	atomic_bool stop;
	uint8_t input[CHUNK], output[CHUNK];
	struct failure f; /* the thread's; read when it has ended */
};

/* Reads the next piece. Returns 1 at the end of the file, 0, or -errno. */
static int read_chunk(struct compress *compress, struct encoder_step *step)
{
	ssize_t n = read(compress->in, compress->input, CHUNK);

	if (n < 0)
		return fail_errno(&compress->f, errno, NULL, "%s", compress->from);
	step->in = compress->input;
	step->in_len = (size_t)n;
	return n == 0;
}

/* One step and its output. Returns 1 at the end, 0, or -errno. */
static int write_chunk(struct compress *compress, struct encoder_step *step, bool last)
{
	const char *why = NULL;
	int end, r;

	step->out = compress->output;
	step->out_len = CHUNK;
	end = encoder_step(compress->encoder, step, last, &why);
	if (end < 0)
		return fail(&compress->f, EIO, NULL, "compressing %s: %s", compress->from, why);
	r = file_write_fd(compress->out, compress->output, CHUNK - step->out_len);
	return r < 0 ? fail_errno(&compress->f, -r, "is there room?", "%s", compress->path) : end;
}

static void *run(void *arg)
{
	struct compress *compress = arg;
	struct encoder_step step = { 0 };
	int last = 0, r = 0;

	while (r == 0 && last >= 0) {
		if (interrupted || compress->stop) {
			fail(&compress->f, EINTR, NULL, "interrupted");
			return NULL;
		}
		if (!last && step.in_len == 0)
			last = read_chunk(compress, &step);
		if (last >= 0)
			r = write_chunk(compress, &step, last);
	}
	return NULL;
}

/* Signals are for the thread that waits. */
static int start_thread(struct compress *compress)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&compress->thread, NULL, run, compress);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	compress->runs = error == 0;
	return error;
}

struct compress *compress_start(const struct compression *compression, enum compress_effort effort,
				const char *from, int out, const char *path, struct failure *f)
{
	auto_compress struct compress *compress = xcalloc(1, sizeof(*compress));
	struct stat st;
	int error;

	compress->from = xstrdup(from);
	compress->path = xstrdup(path);
	compress->out = out;
	compress->in = open(from, O_RDONLY | O_CLOEXEC);
	if (compress->in < 0 || fstat(compress->in, &st) < 0) {
		fail_errno(f, errno, NULL, "%s", from);
		return NULL;
	}
	compress->encoder = encoder_new(compression, effort, (uint64_t)st.st_size);
	error = start_thread(compress);
	if (error) {
		fail_errno(f, error, NULL, "starting a thread");
		return NULL;
	}
	return STEAL(compress);
}

int compress_wait(struct compress *compress, void (*tick)(void *arg), void *arg, struct failure *f)
{
	struct timespec until;

	do {
		tick(arg);
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += TICK_NS;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
	} while (pthread_clockjoin_np(compress->thread, NULL, CLOCK_MONOTONIC, &until) != 0);
	compress->runs = false;
	*f = compress->f;
	compress->f = (struct failure){ 0 };
	return -f->code;
}

void compress_free(struct compress *compress)
{
	if (!compress)
		return;
	compress->stop = true;
	if (compress->runs)
		pthread_join(compress->thread, NULL);
	encoder_free(compress->encoder);
	macro_close(&compress->in);
	failure_done(&compress->f);
	free(compress->from);
	free(compress->path);
	free(compress);
}
