// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/failure.h"

#include "src/common/mem.h"

#include <stdarg.h>
#include <string.h>

/* Returns the bytes of the control character at `c`, C1 (U+0080 to U+009F) in UTF-8 too; or 0. */
static size_t control_bytes(const char *c)
{
	if ((unsigned char)*c < ' ' || *c == 0x7f)
		return *c != '\0';
	return (unsigned char)c[0] == 0xc2 && ((unsigned char)c[1] & 0xe0) == 0x80 ? 2 : 0;
}

char *one_line(char *text)
{
	static const char digits[] = "0123456789abcdef";
	size_t odd = 0, n;
	char *line, *out;

	for (const char *c = text; *c; c += n ? n : 1)
		odd += n = control_bytes(c);
	if (!odd)
		return text;
	line = out = xcalloc(strlen(text) + odd * 3 + 1, 1);
	for (const char *c = text; *c;) {
		n = control_bytes(c);
		if (!n)
			*out++ = *c++;
		for (; n; n--, c++) {
			*out++ = '\\';
			*out++ = 'x';
			*out++ = digits[(unsigned char)*c >> 4];
			*out++ = digits[*c & 15];
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
	f->hint = hint ? one_line(xstrdup(hint)) : NULL;
	free(old_what);
	free(old_hint);
}

int fail(struct failure *f, int code, const char *hint, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	record(f, code, hint, xvasprintf(fmt, ap));
	va_end(ap);
	return -code;
}

int fail_errno(struct failure *f, int code, const char *hint, const char *fmt, ...)
{
	auto_free char *what = NULL;
	va_list ap;

	va_start(ap, fmt);
	what = xvasprintf(fmt, ap);
	va_end(ap);
	record(f, code, hint, xasprintf("%s: %s", what, strerror(code)));
	return -code;
}

void failure_prefix(struct failure *f, const char *fmt, ...)
{
	auto_free char *prefix = NULL, *what = f->what;
	va_list ap;

	va_start(ap, fmt);
	prefix = xvasprintf(fmt, ap);
	va_end(ap);
	f->what = one_line(xasprintf("%s: %s", prefix, what ? what : ""));
}

void failure_done(struct failure *f)
{
	free(f->what);
	free(f->hint);
	*f = (struct failure){ 0 };
}
