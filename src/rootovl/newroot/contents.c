// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Copies the contents of files. copy_file_range(2) does not help: source and target are different
 * file systems.
 */
#include "src/rootovl/newroot/contents.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/*
 * contents_move() truncates the source by this much at a time. So much memory is used twice during
 * the move.
 */
#define MOVE_PIECE ((off_t)8 << 20)
#define ASK_PIECE  ((off_t)16 << 20) /* the largest write between two calls of `ask` */
#define GRAIN	   4096		     /* the block size in which zeros become a hole */

static int write_at(int fd, const char *data, size_t len, off_t at)
{
	while (len) {
		ssize_t n = pwrite(fd, data, len, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
		at += n;
	}
	return 0;
}

static bool is_zero(const char *data, size_t len)
{
	return !data[0] && !memcmp(data, data + 1, len - 1);
}

/*
 * Writes data but skips blocks of zeros, which become holes. Some file systems cannot report where
 * a file has holes.
 */
static int write_data_at(int fd, const char *data, size_t len, off_t at)
{
	size_t done = 0;

	while (done < len) {
		size_t begin = done, grain;

		while (done < len) {
			grain = len - done < GRAIN ? len - done : GRAIN;
			if (is_zero(data + done, grain))
				break;
			done += grain;
		}
		if (done > begin) {
			int r = write_at(fd, data + begin, done - begin, at + (off_t)begin);

			if (r < 0)
				return r;
		}
		if (done < len)
			done += grain;
	}
	return 0;
}

/*
 * Copies the bytes from `start` to `end`. With `holes`, the target has its final size already, and
 * blocks of zeros become holes. Returns 0 or -errno.
 */
static int copy_data(int from, int to, off_t start, off_t end, bool holes, char *buffer)
{
	while (start < end) {
		off_t left = end - start;
		ssize_t n =
			pread(from, buffer, left < COPY_BUFFER ? (size_t)left : COPY_BUFFER, start);
		int r;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return -EIO; /* the file was truncated during the copy */
		r = holes ? write_data_at(to, buffer, (size_t)n, start)
			  : write_at(to, buffer, (size_t)n, start);
		if (r < 0)
			return r;
		start += n;
	}
	return 0;
}

/* Copies the data between two offsets, and keeps the holes of the source. Returns 0 or -errno. */
static int copy_extents(int from, int to, off_t start, off_t end, char *buffer, contents_ask ask,
			void *arg)
{
	while (start < end) {
		off_t data = lseek(from, start, SEEK_DATA);
		off_t hole = data < 0 ? -1 : lseek(from, data, SEEK_HOLE);
		int r;

		if (data < 0 && errno == ENXIO)
			return 0; /* a hole reaches to the end */
		if (data >= end)
			return 0;
		if (hole < 0) { /* the file system has no SEEK_HOLE */
			data = start;
			hole = end;
		}
		if (hole > end)
			hole = end;
		if (ask && hole > data + ASK_PIECE)
			hole = data + ASK_PIECE;
		r = ask ? ask(arg, (uint64_t)(hole - data)) : 0;
		if (r == 0)
			r = copy_data(from, to, data, hole, true, buffer);
		if (r < 0)
			return r;
		start = hole;
	}
	return 0;
}

static bool may_have_holes(const struct stat *st)
{
	return st->st_size > 4096 && st->st_blocks < st->st_size / 512;
}

int contents_copy(int from, int to, const struct stat *st, char *buffer, contents_ask ask,
		  void *arg)
{
	if (!may_have_holes(st))
		return copy_data(from, to, 0, st->st_size, false, buffer);
	if (ftruncate(to, st->st_size) < 0)
		return -errno;
	return copy_extents(from, to, 0, st->st_size, buffer, ask, arg);
}

/* Copies from the end backwards, because ftruncate(2) can only cut a file at its end. */
int contents_move(int from, int to, const struct stat *st, char *buffer)
{
	off_t end = st->st_size;

	if (ftruncate(to, end) < 0)
		return -errno;
	while (end > 0) {
		off_t start = (end - 1) / MOVE_PIECE * MOVE_PIECE;
		int r = copy_extents(from, to, start, end, buffer, NULL, NULL);

		if (r < 0)
			return r;
		if (ftruncate(from, start) < 0)
			return -errno;
		end = start;
	}
	return 0;
}
