// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The YAML of a job that anybody may have written, as the shell gets it: what is exported are
 * variables whose values stand in single quotes, and nothing of the YAML is code.
 */
#include "initrd-builder/write/job_script.h"
#include "src/common/mem.h"
#include "src/testbox/plan/job_wants.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
#define BEGIN	   "#!/bin/sh\n\nexport_top_env()\n{\n"
#define END	   "\n\t[ -n \"$LKP_SRC\" ] ||\n"

/* Returns what stands behind a word in single quotes, in which \' stands outside of them. */
static const char *behind_quoted(const char *text)
{
	must(*text == '\'');
	for (;;) {
		text = strchr(text + 1, '\'');
		must(text);
		if (strncmp(text, "'\\''", 4) != 0)
			return text + 1;
		text += 3;
	}
}

static void check_script(const char *text)
{
	must(!strncmp(text, BEGIN, strlen(BEGIN)));
	text += strlen(BEGIN);
	while (!strncmp(text, "\texport ", 8)) {
		size_t name = strspn(text + 8, NAME_CHARS);

		must(name && text[8 + name] == '=');
		text = behind_quoted(text + 8 + name + 1);
		must(*text++ == '\n');
	}
	must(!strncmp(text, END, strlen(END)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = xstrndup((const char *)data, size), *script = NULL;
	auto_failure struct failure f = { 0 };
	struct job_wants wants = { 0 };

	if (job_script(text, "a reason", &script, &f) < 0)
		must(f.code && f.what && !strchr(f.what, '\n') && !script);
	else
		check_script(script);
	if (job_wants_read(text, &wants, &f) < 0)
		must(f.code && f.what && !strchr(f.what, '\n'));
	job_wants_done(&wants);
	return 0;
}
