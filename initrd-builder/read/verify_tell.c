// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/read/verify_tell.h"

#include "src/common/mem.h"
#include "src/common/one_line.h"

static void tell(struct verify *verify, const char *file, const struct segment *segment,
		 const char *path, bool note, const char *fmt, va_list ap)
{
	auto_free char *text = one_line(xvasprintf(fmt, ap));
	auto_free char *clean = path ? one_line(xasprintf("/%s", path)) : NULL;

	verify->found(verify->arg, &(struct finding){
					   .file = file,
					   .segment = segment->number,
					   .offset = segment->offset,
					   .compression = segments_compression(segment),
					   .path = clean,
					   .text = text,
					   .note = note,
				   });
}

void verify_tell(struct verify *verify, size_t number, const char *path, const char *fmt, ...)
{
	const struct verified *in = &verify->read.segments[number - 1];
	va_list ap;

	va_start(ap, fmt);
	tell(verify, in->file, &in->segment, path, false, fmt, ap);
	va_end(ap);
}

void verify_tell_note(struct verify *verify, size_t number, const char *path, const char *fmt, ...)
{
	const struct verified *in = &verify->read.segments[number - 1];
	va_list ap;

	va_start(ap, fmt);
	tell(verify, in->file, &in->segment, path, true, fmt, ap);
	va_end(ap);
}

void verify_tell_segment(struct verify *verify, const char *file, const struct segment *segment,
			 const char *path, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell(verify, file, segment, path, false, fmt, ap);
	va_end(ap);
}
