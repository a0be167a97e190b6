/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory and lists of strings. Small allocations do not fail on Linux short of the end of the
 * world; these end the program with one line when they do, so that no caller has to say it again.
 */
#pragma once

#include "src/common/macro.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

void *xcalloc(size_t n, size_t size);
/* Makes room for `n` elements; what is new is not cleared. */
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) PRINTF_LIKE(1, 2);
char *xvasprintf(const char *fmt, va_list ap) PRINTF_LIKE(1, 0);

/* A list of strings that ends with NULL; the empty list is NULL itself. */
size_t strv_len(char *const *list);
/* Puts a string, which the list owns from then on, at the end. It counts the list for that: where
 * strangers say how long it gets, take struct strv. */
void strv_add(char ***list, char *owned);
/* Is this string one of the list? */
bool strv_has(char *const *list, const char *s);
/* Is it one of these words? */
#define IS_ONE_OF(s, ...) strv_has((char *const *)(const char *const[]){ __VA_ARGS__, NULL }, s)
/* By the bytes of each, in any locale. */
void strv_sort(char **list);
/* Splits at every character of `separators`; empty parts are left out. */
char **strv_split(const char *s, const char *separators);
/* One string of the list's parts with `separator` between them. */
char *strv_join(char *const *list, const char *separator);
void strv_free(char **list);

/* A list that knows its length and grows by doubling; {0} is the empty one. */
struct strv {
	char **list; /* as above; take it by STEAL() when no more is put in */
	size_t n, room;
};

/* Puts a string, which the list owns from then on, at the end. */
void strv_push(struct strv *strv, char *owned);
void strv_done(struct strv *strv);
#define auto_strv_grown __attribute__((cleanup(strv_done)))

static inline void strv_free_p(char ***list)
{
	strv_free(*list);
}
#define auto_strv __attribute__((cleanup(strv_free_p)))
