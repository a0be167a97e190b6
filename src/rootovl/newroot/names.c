// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/newroot/names.h"

#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

struct names {
	char **sorted; /* each string has its d_type first, then the name */
	size_t n;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a + 1, *(char *const *)b + 1);
}

static void add(struct names *names, const struct dirent *d)
{
	/* The array is full whenever the number of names is a power of two. */
	if ((names->n & (names->n - 1)) == 0)
		names->sorted = xreallocarray(names->sorted, names->n ? names->n * 2 : 1,
					      sizeof(*names->sorted));
	names->sorted[names->n++] = xasprintf("%c%s", d->d_type, d->d_name);
}

static int read_all(DIR *dir, struct names *names)
{
	const struct dirent *d;

	while (errno = 0, (d = readdir(dir))) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		if (names->n == NAMES_MAX)
			return -EFBIG;
		add(names, d);
	}
	return -errno;
}

int names_read(int dirfd, struct names **ret)
{
	auto_close int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_dir DIR *dir = NULL;
	struct names *names;
	int r;

	if (fd < 0)
		return -errno;
	dir = fdopendir(fd);
	if (!dir)
		return -errno;
	steal_fd(&fd);
	names = xcalloc(1, sizeof(*names));
	r = read_all(dir, names);
	if (r < 0) {
		names_free(names);
		return r;
	}
	if (names->n)
		qsort(names->sorted, names->n, sizeof(*names->sorted), by_name);
	*ret = names;
	return 0;
}

void names_free(struct names *names)
{
	if (!names)
		return;
	for (size_t i = 0; i < names->n; i++)
		free(names->sorted[i]);
	free(names->sorted);
	free(names);
}

int names_type(const struct names *names, const char *name)
{
	size_t low = 0, high = names->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *one = names->sorted[middle];
		int order = strcmp(name, one + 1);

		if (order == 0)
			return (unsigned char)one[0];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -ENOENT;
}

size_t names_count(const struct names *names)
{
	return names->n;
}

const char *names_nth(const struct names *names, size_t i)
{
	return names->sorted[i] + 1;
}
