// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/fetch/transfer.h"

#include "src/common/clock.h"
#include "src/common/files.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/statvfs.h>

#define UNKNOWN UINT64_MAX

static int begin_hash(struct transfer *transfer)
{
	return EVP_DigestInit_ex(transfer->hash, EVP_sha256(), NULL) == 1 ? 0 : -ENOMEM;
}

int transfer_begin(struct transfer *transfer, const struct fetch_request *request,
		   struct failure *f)
{
	*transfer = (struct transfer){
		.request = request,
		.f = f,
		.hash = EVP_MD_CTX_new(),
		.size = UNKNOWN,
		.last_byte = clock_ms(),
		.said = clock_ms(),
	};
	if (!transfer->hash || begin_hash(transfer) < 0)
		return fail(f, ENOMEM, NULL, "OpenSSL has no SHA-256");
	return 0;
}

void transfer_done(struct transfer *transfer)
{
	EVP_MD_CTX_free(transfer->hash);
}

bool transfer_resumes(const struct transfer *transfer)
{
	return transfer->done && (*transfer->validator || transfer->request->digest);
}

int transfer_restart(struct transfer *transfer)
{
	transfer->done = 0;
	transfer->size = UNKNOWN;
	*transfer->validator = '\0';
	if (ftruncate(transfer->request->file, 0) < 0 ||
	    lseek(transfer->request->file, 0, SEEK_SET) < 0)
		return -errno;
	return begin_hash(transfer);
}

/* Digits, and then `end`; UNKNOWN for anything else. */
static uint64_t number(const char *text, char end)
{
	char *behind;
	unsigned long long value;

	if (!isdigit((unsigned char)*text))
		return UNKNOWN;
	errno = 0;
	value = strtoull(text, &behind, 10);
	return errno || *behind != end ? UNKNOWN : value;
}

/* "bytes 100-199/200" (RFC 9110, 14.4) */
static void take_range(struct answer *answer, const char *value)
{
	const char *slash = strchr(value, '/');

	if (strncasecmp(value, "bytes ", 6) != 0 || !slash)
		return;
	answer->start = number(value + 6, '-');
	answer->size = number(slash + 1, '\0');
	answer->ranged = answer->start != UNKNOWN && answer->size != UNKNOWN;
}

/* A weak ETag does not say that the bytes are the same (RFC 9110, 13.1.5). */
static void take_validator(struct answer *answer, const char *value, bool tag)
{
	if (strlen(value) >= sizeof(answer->validator) || (tag && value[0] != '"') ||
	    (!tag && answer->validator[0] == '"'))
		return;
	strcpy(answer->validator, value);
}

void transfer_header(struct transfer *transfer, const char *line, size_t len)
{
	struct answer *answer = &transfer->answer;
	char text[1024], *value;

	/* No header that is wanted is so long. */
	if (len >= sizeof(text))
		len = sizeof(text) - 1;
	memcpy(text, line, len);
	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	text[len] = '\0';
	/* Every answer begins with its status, those that only redirect too. */
	if (!strncmp(text, "HTTP/", 5)) {
		const char *blank = strchr(text, ' ');

		*answer = (struct answer){ .length = UNKNOWN };
		answer->status = blank ? strtol(blank, NULL, 10) : 0;
		return;
	}
	value = strchr(text, ':');
	if (!value)
		return;
	*value++ = '\0';
	value += strspn(value, " \t");
	if (!strcasecmp(text, "Content-Length"))
		answer->length = number(value, '\0');
	else if (!strcasecmp(text, "Content-Range"))
		take_range(answer, value);
	else if (!strcasecmp(text, "ETag"))
		take_validator(answer, value, true);
	else if (!strcasecmp(text, "Last-Modified"))
		take_validator(answer, value, false);
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

static int judge_whole(struct transfer *transfer)
{
	struct answer *answer = &transfer->answer;
	int r = transfer_restart(transfer);

	if (r < 0)
		return fail_errno(transfer->f, -r, NULL, "the file that it is written to");
	if (answer->length == UNKNOWN)
		return fail(transfer->f, EPROTO, "serve it as a plain file",
			    "the server does not say how large it is");
	transfer->size = answer->length;
	strcpy(transfer->validator, answer->validator);
	return check_room(transfer);
}

static int judge_rest(struct transfer *transfer)
{
	struct answer *answer = &transfer->answer;

	if (!answer->ranged || answer->start != transfer->done || answer->size != transfer->size)
		return fail(transfer->f, EPROTO, "was it changed meanwhile?",
			    "the server sends another part than what was asked for");
	return 0;
}

/* The first byte of an answer: is this what is wanted? */
static int judge(struct transfer *transfer)
{
	struct answer *answer = &transfer->answer;

	if (answer->status == 200)
		return judge_whole(transfer);
	if (answer->status == 206 && transfer->done)
		return judge_rest(transfer);
	return fail(transfer->f, EPROTO, "the server's log may say more",
		    "the server answers with %ld", answer->status);
}

int transfer_body(struct transfer *transfer, const void *data, size_t len)
{
	int r = transfer->answer.judged ? 0 : judge(transfer);

	if (r < 0)
		return r;
	transfer->answer.judged = true;
	if (len > transfer->size - transfer->done)
		return fail(transfer->f, EPROTO, "was it changed meanwhile?",
			    "the server sends more than it said");
	r = file_write_fd(transfer->request->file, data, len);
	if (r < 0)
		return fail_errno(transfer->f, -r, "is the memory full?",
				  "writing what was fetched");
	if (EVP_DigestUpdate(transfer->hash, data, len) != 1)
		return fail(transfer->f, EIO, NULL, "OpenSSL's SHA-256");
	transfer->done += len;
	/* What begins anew and breaks at the same place again and again comes no further. */
	if (transfer->done > transfer->furthest) {
		transfer->furthest = transfer->done;
		transfer->last_byte = clock_ms();
	}
	return 0;
}

int transfer_check(struct transfer *transfer)
{
	const char *wanted = transfer->request->digest;
	uint8_t bytes[EVP_MAX_MD_SIZE];
	char text[2 * sizeof(bytes) + 1] = "";
	unsigned len = 0;

	if (transfer->size == UNKNOWN || transfer->done != transfer->size || transfer->size == 0)
		return fail(transfer->f, EPROTO, "look at it on the server", "it is empty");
	if (!wanted)
		return 0;
	if (EVP_DigestFinal_ex(transfer->hash, bytes, &len) != 1)
		return fail(transfer->f, EIO, NULL, "OpenSSL's SHA-256");
	for (unsigned i = 0; i < len; i++)
		sprintf(text + (size_t)2 * i, "%02x", bytes[i]);
	if (!strcmp(text, wanted))
		return 0;
	return fail(transfer->f, EBADMSG, "is it the right image, and rootovl.digest= its own?",
		    "its digest is sha256:%s", text);
}
