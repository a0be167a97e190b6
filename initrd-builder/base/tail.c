// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/base/tail.h"

#include "src/common/mem.h"

#include <unistd.h>

#define TAIL_MAX (16 * 1024)

char *tail_read(int fd, unsigned lines)
{
	char text[TAIL_MAX + 1];
	off_t end = lseek(fd, 0, SEEK_END);
	off_t begin = end > TAIL_MAX ? end - TAIL_MAX : 0;
	ssize_t n = pread(fd, text, TAIL_MAX, begin);
	char *from = text + (n > 0 ? n : 0);

	*from = '\0';
	for (unsigned seen = 0; from > text; from--) {
		if (from[-1] == '\n' && ++seen > lines)
			break;
	}
	return xstrdup(from);
}
