// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/fetch/transfer.h"

#include "src/common/clock.h"
#include "src/common/files.h"
#include "src/common/mem.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/statvfs.h>

#define PACE	     100     /* bytes a millisecond, on the average */
#define SLOW_MIN_MS  20000   /* nothing counts as slow before */
#define TOTAL	     20	     /* times the patience, for all of it … */
#define TOTAL_MIN_MS 1800000 /* … and this at least */

int transfer_begin(struct transfer *transfer, const struct fetch_request *request,
		   struct failure *f)
{
	*transfer = (struct transfer){
		.request = request,
		.f = f,
		.size = HTTP_RESUME_UNKNOWN,
		.began = clock_ms(),
	};
	transfer->last_byte = transfer->said = transfer->began;
	if (sha256_begin(&transfer->hash) < 0)
		return fail(f, ENOMEM, NULL, "OpenSSL has no SHA-256");
	return 0;
}

void transfer_done(struct transfer *transfer)
{
	sha256_done(&transfer->hash);
	free(transfer->validator);
}

bool transfer_resumes(const struct transfer *transfer)
{
	return transfer->done && (transfer->validator || transfer->request->digest);
}

int transfer_restart(struct transfer *transfer)
{
	transfer->done = 0;
	transfer->size = HTTP_RESUME_UNKNOWN;
	free(transfer->validator);
	transfer->validator = NULL;
	if (ftruncate(transfer->request->file, 0) < 0 ||
	    lseek(transfer->request->file, 0, SEEK_SET) < 0)
		return -errno;
	return sha256_begin(&transfer->hash);
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

uint64_t transfer_last_moment(const struct transfer *transfer)
{
	uint64_t patience = transfer->request->patience * 1000ull;
	uint64_t paced = larger(patience, SLOW_MIN_MS) + transfer->furthest / PACE;
	uint64_t total = larger(patience * TOTAL, TOTAL_MIN_MS);

	return transfer->began + (paced < total ? paced : total);
}

int transfer_fail_slow(struct transfer *transfer)
{
	unsigned long long s = (clock_ms() - transfer->began) / 1000;

	if (!transfer->furthest)
		return fail(transfer->f, ETIMEDOUT, "is the server up? Is the network slow?",
			    "nothing of it came, for %llu s", s);
	return fail(transfer->f, ETIMEDOUT,
		    "is the network slow? With a larger rootovl.timeout= it may take longer",
		    "it comes too slowly: %" PRIu64 " of %" PRIu64 " KiB in %llu s",
		    transfer->furthest >> 10, transfer->size >> 10, s);
}

/* Room for all of it, before the first byte is written. */
static int check_room(struct transfer *transfer)
{
	struct statvfs room;

	if (fstatvfs(transfer->request->file, &room) < 0)
		return fail_errno(transfer->f, errno, NULL, "the room that there is");
	if (transfer->size > (uint64_t)room.f_bavail * room.f_frsize)
		return fail(transfer->f, ENOSPC, "give the machine more memory, or make it smaller",
			    "it is %" PRIu64 " MiB large, and there is room for %" PRIu64 " MiB",
			    transfer->size >> 20, (uint64_t)room.f_bavail * room.f_frsize >> 20);
	return 0;
}

static int judge_complete(struct transfer *transfer, const struct http_answer *answer)
{
	const char *validator = http_resume_validator(answer);
	int r = transfer_restart(transfer);

	if (r < 0)
		return fail_errno(transfer->f, -r, NULL, "the file that it is written to");
	transfer->size = http_resume_length(answer);
	if (transfer->size == HTTP_RESUME_UNKNOWN)
		return fail(transfer->f, EPROTO, "serve it as a plain file",
			    "the server does not say how large it is");
	transfer->validator = validator ? xstrdup(validator) : NULL;
	return check_room(transfer);
}

int transfer_judge(struct transfer *transfer, long status, const struct http_answer *answer)
{
	if (status == 200)
		return judge_complete(transfer, answer);
	if (status != 206 || !transfer->done)
		return fail(transfer->f, EPROTO, "the server's log may say more",
			    "the server answers with %ld", status);
	if (!http_resume_is_rest(answer, transfer->done, transfer->size))
		return fail(transfer->f, EPROTO, "was it changed meanwhile?",
			    "the server sends another part than what was asked for");
	return 0;
}

int transfer_body(struct transfer *transfer, const void *data, size_t len)
{
	int r;

	if (len > transfer->size - transfer->done)
		return fail(transfer->f, EPROTO, "was it changed meanwhile?",
			    "the server sends more than it said");
	r = file_write_fd(transfer->request->file, data, len);
	if (r < 0)
		return fail_errno(transfer->f, -r, "is the memory full?",
				  "writing what was fetched");
	sha256_add(&transfer->hash, data, len);
	transfer->done += len;
	/* A transfer that restarts and breaks at the same place every time comes no further. */
	if (transfer->done > transfer->furthest) {
		transfer->furthest = transfer->done;
		transfer->last_byte = clock_ms();
	}
	return 0;
}

int transfer_check(struct transfer *transfer)
{
	const char *wanted = transfer->request->digest;
	char text[SHA256_ROOM];

	if (transfer->size == HTTP_RESUME_UNKNOWN || transfer->done != transfer->size ||
	    transfer->size == 0)
		return fail(transfer->f, EPROTO, "look at it on the server", "it is empty");
	if (!wanted)
		return 0;
	sha256_end(&transfer->hash, text);
	if (!strcmp(text, wanted))
		return 0;
	return fail(transfer->f, EBADMSG, "is it the right image, and rootovl.digest= its own?",
		    "its digest is sha256:%s", text);
}
