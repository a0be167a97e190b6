/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small things that every file uses: resources that are released when they go out of scope, and
 * handing them on. `auto_x` variables must be initialised.
 */
#pragma once

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define ARRAY_SIZE(a)	       (sizeof(a) / sizeof((a)[0]))

static inline void macro_free(void *p)
{
	free(*(void **)p);
}

static inline void macro_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void macro_fclose(FILE **f)
{
	if (*f)
		fclose(*f);
}

static inline void macro_closedir(DIR **d)
{
	if (*d)
		closedir(*d);
}

#define auto_free   __attribute__((cleanup(macro_free)))
#define auto_close  __attribute__((cleanup(macro_close)))
#define auto_fclose __attribute__((cleanup(macro_fclose)))
#define auto_dir    __attribute__((cleanup(macro_closedir)))

/* Gives the pointer away: the variable is NULL afterwards, so its cleanup does nothing. */
#define STEAL(p)                                                                                   \
	({                                                                                         \
		__typeof__(p) steal_ = (p);                                                        \
		(p) = NULL;                                                                        \
		steal_;                                                                            \
	})

/* The same for a file descriptor. */
static inline int steal_fd(int *fd)
{
	int r = *fd;

	*fd = -1;
	return r;
}

/* Frees what a pointer holds, and gives it another text, which may be made of the old one. */
static inline void set_text(char **text, char *owned)
{
	free(*text);
	*text = owned;
}
