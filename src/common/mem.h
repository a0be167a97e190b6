/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Allocates memory and lists of strings. If memory runs out, these functions print one line and
 * exit, so that no caller has to check.
 */
#pragma once

#include "src/common/macro.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

void *xcalloc(size_t n, size_t size);
/* Resizes an array to `n` elements. New elements are not cleared. */
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) PRINTF_LIKE(1, 2);
char *xvasprintf(const char *fmt, va_list ap) PRINTF_LIKE(1, 0);

/* Functions for lists of strings. A list ends with NULL; the empty list is NULL itself. */
size_t strv_len(char *const *list);
/*
 * Appends a string, which the list then owns. Each call counts the list, so use struct strv if an
 * untrusted input decides its length.
 */
void strv_add(char ***list, char *owned);
/* Returns whether the list contains this string. */
bool strv_has(char *const *list, const char *s);
/* Returns whether it is one of these words. */
#define IS_ONE_OF(s, ...) strv_has((char *const *)(const char *const[]){ __VA_ARGS__, NULL }, s)
/* Sorts by the bytes of the strings, in every locale. */
void strv_sort(char **list);
/* Splits at every character of `separators`, and leaves out empty parts. */
char **strv_split(const char *s, const char *separators);
/* Joins the strings of the list with `separator` between them. */
char *strv_join(char *const *list, const char *separator);
void strv_free(char **list);

/* A list that stores its length and grows by doubling. An empty list is {0}. */
struct strv {
	char **list; /* as above; take it by STEAL() when no more is put in */
	size_t n, room;
};

/* Appends a string, which the list then owns. */
void strv_push(struct strv *strv, char *owned);
void strv_done(struct strv *strv);
#define auto_strv_grown __attribute__((cleanup(strv_done)))

static inline void strv_free_p(char ***list)
{
	strv_free(*list);
}
#define auto_strv __attribute__((cleanup(strv_free_p)))
