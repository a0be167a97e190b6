// SPDX-License-Identifier: GPL-2.0-or-later
#include "failure.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

/* Control characters become \xNN, in place of `text`; takes and gives an owned string. */
static char *one_line(char *text)
{
	static const char digits[] = "0123456789abcdef";
	size_t odd = 0;
	char *line, *out;

	for (const char *c = text; c && *c; c++)
		odd += (unsigned char)*c < ' ' || *c == 0x7f;
	if (!text || !odd)
		return text;
	line = out = calloc(1, strlen(text) + odd * 3 + 1);
	if (!line)
		return text;
	for (const char *c = text; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f) {
			*out++ = '\\';
			*out++ = 'x';
			*out++ = digits[(unsigned char)*c >> 4];
			*out++ = digits[*c & 15];
		} else {
			*out++ = *c;
		}
	}
	*out = '\0';
	free(text);
	return line;
}

static void record(struct failure *f, int code, const char *hint, char *what)
{
	/* The hint may lie in f itself, so the old texts go last. */
	char *old_what = f->what, *old_hint = f->hint;

	f->code = code;
	f->what = one_line(what);
	f->hint = hint ? one_line(strdup(hint)) : NULL;
	free(old_what);
	free(old_hint);
}

int fail(struct failure *f, int code, const char *hint, const char *fmt, ...)
{
	char *what = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&what, fmt, ap) < 0)
		what = NULL;
	va_end(ap);
	record(f, code, hint, what);
	return -code;
}

int fail_errno(struct failure *f, int code, const char *hint, const char *fmt, ...)
{
	char *what = NULL, *whole = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&what, fmt, ap) < 0)
		what = NULL;
	va_end(ap);
	if (what && asprintf(&whole, "%s: %s", what, strerror(code)) < 0)
		whole = NULL;
	free(what);
	record(f, code, hint, whole);
	return -code;
}

void failure_prefix(struct failure *f, const char *fmt, ...)
{
	char *prefix = NULL, *whole = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&prefix, fmt, ap) < 0)
		prefix = NULL;
	va_end(ap);
	if (prefix && asprintf(&whole, "%s: %s", prefix, f->what ? f->what : "") >= 0) {
		free(f->what);
		f->what = one_line(whole);
	}
	free(prefix);
}

void failure_done(struct failure *f)
{
	free(f->what);
	free(f->hint);
	*f = (struct failure){ 0 };
}
