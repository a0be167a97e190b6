// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/download/download_cache_key.h"

#include "src/common/mem.h"
#include "src/common/sha256.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#define KEY_LENGTH (DOWNLOAD_CACHE_KEY_ROOM - 1)

void download_cache_key_of(const char *url, char key[DOWNLOAD_CACHE_KEY_ROOM])
{
	struct sha256 hash = { 0 };

	static_assert(SHA256_ROOM == DOWNLOAD_CACHE_KEY_ROOM, "the key's length");
	if (sha256_begin(&hash) < 0)
		abort(); /* out of memory */
	sha256_add(&hash, url, strlen(url));
	sha256_end(&hash, key);
	sha256_done(&hash);
}

int download_cache_key_lock(int dir, const char *key)
{
	auto_free char *name = xasprintf("%s.lock", key);

	for (;;) {
		auto_close int fd =
			openat(dir, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
		struct stat held, named;

		if (fd < 0)
			return -errno;
		/* Who can open it can hold the lock. Earlier versions made it for all to read. */
		fchmod(fd, 0600);
		if (flock(fd, LOCK_EX | LOCK_NB) < 0)
			return -errno;
		/* An eviction may have removed the file that was just opened. */
		if (fstat(fd, &held) == 0 && fstatat(dir, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
		    held.st_ino == named.st_ino && held.st_dev == named.st_dev)
			return steal_fd(&fd);
	}
}

bool download_cache_key_begins(const char *name)
{
	return strspn(name, "0123456789abcdef") == KEY_LENGTH && name[KEY_LENGTH] == '.';
}

bool download_cache_key_is_of(const char *name, const char *key)
{
	return download_cache_key_begins(name) && !strncmp(name, key, KEY_LENGTH) &&
	       !strchr(name, '/');
}
