// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/kernel_log.h"

#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

char *kernel_log_find(const char *start)
{
	auto_close int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char record[8193];
	ssize_t n;

	/* EPIPE: a record was overwritten before it was read. */
	while (fd >= 0 && ((n = read(fd, record, sizeof(record) - 1)) > 0 || errno == EPIPE)) {
		char *text;

		if (n <= 0)
			continue;
		record[n] = '\0';
		text = strchr(record, ';');
		if (text && !strncmp(text + 1, start, strlen(start)))
			return xstrndup(text + 1, strcspn(text + 1, "\n"));
	}
	return NULL;
}
