// SPDX-License-Identifier: GPL-2.0-or-later
/* Copying what is in a file. copy_file_range(2) is of no use here: the layers differ. */
#include "src/rootovl/newroot/contents.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* What a moved file is given back in: the memory that is taken twice meanwhile. */
#define MOVE_PIECE ((off_t)8 << 20)
#define ASK_PIECE  ((off_t)16 << 20) /* that is written without asking again */
#define GRAIN	   4096		     /* of a hole that is found by its zeros */

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

/* Leaves out what is zero: not every file system can tell where a file has holes. */
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

/* `holes`: the target has its size, and holes wherever nothing is written. */
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
			return -EIO; /* it was cut short while being read */
		r = holes ? write_data_at(to, buffer, (size_t)n, start)
			  : write_at(to, buffer, (size_t)n, start);
		if (r < 0)
			return r;
		start += n;
	}
	return 0;
}

/* Copies what is data between two offsets, and leaves holes where the source has them. */
static int copy_extents(int from, int to, off_t start, off_t end, char *buffer, contents_ask ask,
			void *arg)
{
	while (start < end) {
		off_t data = lseek(from, start, SEEK_DATA);
		off_t hole = data < 0 ? -1 : lseek(from, data, SEEK_HOLE);
		int r;

		if (data < 0 && errno == ENXIO)
			return 0; /* a hole up to the end */
		if (data >= end)
			return 0;
		if (hole < 0) { /* this file system cannot tell */
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

/* From the end backwards, for a file can only be cut at its end. */
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
