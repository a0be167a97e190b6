// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/failure.h"

#include "src/common/mem.h"
#include "src/common/one_line.h"

#include <stdarg.h>
#include <string.h>

static void record(struct failure *f, int code, const char *hint, char *what)
{
	/* `hint` may point into f, so the old texts are freed last. */
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
