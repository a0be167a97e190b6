// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/machine_id.h"

#include "src/common/mem.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>

#define MACHINE_ID    "/etc/machine-id"
#define DIGITS	      32
#define FILE_SIZE_MAX 4096
#define HEXADECIMAL   "0123456789abcdefABCDEF"

bool machine_id_valid(const char *text)
{
	size_t len = strspn(text, HEXADECIMAL);

	return len == DIGITS && (!text[len] || text[len] == '\n') && strspn(text, "0") < DIGITS;
}

/* FNV-1a, from a basis of its own for each half. */
static uint64_t hash(uint64_t basis, const char *text)
{
	for (; *text; text++)
		basis = (basis ^ (unsigned char)*text) * 0x100000001b3u;
	return basis;
}

/* An id is a UUID of version 4, RFC 4122. */
static char *line_of(uint64_t high, uint64_t low)
{
	high = (high & ~0xf000ull) | 0x4000;
	low = (low & ~(3ull << 62)) | 2ull << 62;
	return xasprintf("%016" PRIx64 "%016" PRIx64 "\n", high, low);
}

char *machine_id_line(const char *identity)
{
	auto_free char *text = xasprintf("rootovl machine-id %s", identity);

	return line_of(hash(0xcbf29ce484222325u, text), hash(0x6c62272e07bb0142u, text));
}

static int random_line(char **ret)
{
	uint64_t halves[2];

	if (getrandom(halves, sizeof(halves), 0) != sizeof(halves))
		return -EIO;
	*ret = line_of(halves[0], halves[1]);
	return 0;
}

/* Finds what the root has instead of an id. *ret is NULL if it has an id. */
static int look(struct newroot *nr, const char **ret, struct failure *f)
{
	auto_free char *text = NULL;
	size_t len;
	int r = newroot_read(nr, MACHINE_ID, FILE_SIZE_MAX, &text, &len);

	if (r == -ENOENT || r == -EACCES || r == -EPERM) {
		*ret = r == -ENOENT ? "the root has no " MACHINE_ID
				    : "the root's " MACHINE_ID " cannot be read";
		return 0;
	}
	if (r < 0)
		return fail_errno(f, -r, "correct it, or boot with rootovl.machineid=keep",
				  MACHINE_ID);
	if (len == 0)
		*ret = "the root's " MACHINE_ID " is empty";
	else if (!machine_id_valid(text))
		*ret = strncmp(text, "uninitialized", 13) == 0
			       ? "the root's " MACHINE_ID " says uninitialized"
			       : "the root's " MACHINE_ID " has no id";
	else
		*ret = NULL;
	return 0;
}

int machine_id_set(struct newroot *nr, const char *identity, const char **ret_why,
		   struct failure *f)
{
	auto_free char *line = NULL;
	int r = look(nr, ret_why, f);

	if (r < 0 || !*ret_why)
		return r;
	if (identity)
		line = machine_id_line(identity);
	else if (random_line(&line) < 0)
		return fail_errno(f, EIO, NULL, "an id by chance for " MACHINE_ID);
	return newroot_write(nr, MACHINE_ID, line, strlen(line), 0444, f);
}
