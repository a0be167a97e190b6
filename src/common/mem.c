// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/mem.h"

#include <string.h>

static void *checked(void *p)
{
	if (!p) {
		fputs("out of memory\n", stderr);
		_exit(71); /* EX_OSERR of sysexits.h */
	}
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	return checked(calloc(n ? n : 1, size ? size : 1));
}

void *xreallocarray(void *p, size_t n, size_t size)
{
	return checked(reallocarray(p, n ? n : 1, size));
}

char *xstrdup(const char *s)
{
	return checked(strdup(s));
}

char *xstrndup(const char *s, size_t n)
{
	return checked(strndup(s, n));
}

char *xvasprintf(const char *fmt, va_list ap)
{
	char *s = NULL;

	if (vasprintf(&s, fmt, ap) < 0)
		s = NULL;
	return checked(s);
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	return s;
}

size_t strv_len(char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

void strv_add(char ***list, char *owned)
{
	size_t n = strv_len(*list);

	*list = xreallocarray(*list, n + 2, sizeof(**list));
	(*list)[n] = owned;
	(*list)[n + 1] = NULL;
}

void strv_push(struct strv *strv, char *owned)
{
	if (strv->n + 2 > strv->room) {
		strv->room = strv->room ? strv->room * 2 : 8;
		strv->list = xreallocarray(strv->list, strv->room, sizeof(*strv->list));
	}
	strv->list[strv->n++] = owned;
	strv->list[strv->n] = NULL;
}

void strv_done(struct strv *strv)
{
	strv_free(strv->list);
	*strv = (struct strv){ 0 };
}

bool strv_has(char *const *list, const char *s)
{
	for (; list && *list; list++)
		if (!strcmp(*list, s))
			return true;
	return false;
}

char **strv_split(const char *s, const char *separators)
{
	struct strv words = { 0 };

	while (*s) {
		size_t n = strcspn(s, separators);

		if (n)
			strv_push(&words, xstrndup(s, n));
		s += n;
		s += *s != '\0';
	}
	return words.list;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void strv_sort(char **list)
{
	if (list)
		qsort(list, strv_len(list), sizeof(*list), by_bytes);
}

char *strv_join(char *const *list, const char *separator)
{
	char *s = NULL;
	size_t len;
	FILE *out = checked(open_memstream(&s, &len));

	for (size_t i = 0; list && list[i]; i++)
		fprintf(out, "%s%s", i ? separator : "", list[i]);
	fclose(out);
	return checked(s);
}

void strv_free(char **list)
{
	for (size_t i = 0; list && list[i]; i++)
		free(list[i]);
	free(list);
}
