/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small macros that every file uses. They release a resource when its variable goes out of scope,
 * or pass its ownership on. `auto_x` variables must be initialised.
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

/* Passes on the ownership of a pointer. The variable becomes NULL, so its cleanup does nothing. */
#define STEAL(p)                                                                                   \
	({                                                                                         \
		__typeof__(p) steal_ = (p);                                                        \
		(p) = NULL;                                                                        \
		steal_;                                                                            \
	})

/* Passes on the ownership of a file descriptor. The variable becomes -1. */
static inline int steal_fd(int *fd)
{
	int r = *fd;

	*fd = -1;
	return r;
}

/*
 * Replaces an owned text by another and frees the old one, which may be an argument of the new one.
 */
static inline void set_text(char **text, char *owned)
{
	free(*text);
	*text = owned;
}
