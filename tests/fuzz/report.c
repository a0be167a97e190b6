// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A report.json that another system may have written: its text and its picture hold no control
 * character of it, and the picture is XML.
 */
#include "src/rootovl/report/report.h"

#include "src/common/json.h"
#include "src/common/mem.h"
#include "src/rootovl/report/report_svg.h"
#include "src/rootovl/report/report_text.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <sys/mman.h>

static char *shown(const json_t *json, void (*show)(const json_t *report, FILE *out))
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	must(out);
	show(json, out);
	must(fclose(out) == 0 && strlen(text) == len);
	return text;
}

/* Of ASCII; C1 controls are two bytes of UTF-8. */
static void check_clean(const char *text)
{
	for (; *text; text++)
		must((unsigned char)*text >= ' ' || *text == '\n' || *text == '\t');
}

/* Every '<' opens an element of ours, and every '&' is a reference. */
static void check_xml(const char *text)
{
	const char *c;

	for (c = text; (c = strchr(c, '&')); c++)
		must(!strncmp(c, "&lt;", 4) || !strncmp(c, "&gt;", 4) || !strncmp(c, "&amp;", 5) ||
		     !strncmp(c, "&quot;", 6) || !strncmp(c, "&#", 2) || !strncmp(c, "&apos;", 6));
	for (c = text; (c = strchr(c, '<')); c++)
		must(strchr(c, '>') && strcspn(c + 1, "<") > strcspn(c + 1, ">"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_failure struct failure f = { 0 };
	auto_close int fd = memfd_create("report", MFD_CLOEXEC);
	auto_free char *path = xasprintf("/proc/self/fd/%d", fd), *text = NULL, *svg = NULL;
	auto_json json_t *json = NULL;

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	if (report_load(path, &json, &f) < 0) {
		must(f.code && f.what && !strchr(f.what, '\n'));
		return 0;
	}
	text = shown(json, report_text);
	svg = shown(json, report_svg);
	check_clean(text);
	check_clean(svg);
	check_xml(svg);
	return 0;
}
