// SPDX-License-Identifier: GPL-2.0-or-later
/* Any text is read as an iPXE script: that ends, and gives what can be booted or says why not. */
#include "src/common/mem.h"
#include "src/testbox/plan/script.h"
#include "src/testbox/plan/script_packed.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* What is promised of a script to boot: URLs that stand alone, none of them this host's file. */
static void check(const struct boot_script *script)
{
	must(script->end != BOOT_SCRIPT_BOOT || !strncmp(script->kernel, "http", 4));
	for (size_t i = 0; script->initrds && script->initrds[i]; i++)
		must(!strncmp(script->initrds[i], "http", 4));
	must(!script->args || strlen(script->args) <= 2047);
	must(!script->job_id || (!strchr(script->job_id, '/') && script->job_id[0] != '.'));
}

/* What comes out of the jail that a script is read in. */
static void check_packed(const struct boot_script *script, const char *base,
			 struct variables *variables)
{
	auto_failure struct failure f = { 0 };
	struct boot_script same = { 0 };
	auto_free char *answer = NULL;
	size_t len;
	FILE *out = open_memstream(&answer, &len);

	script_packed_put(out, script, variables);
	fclose(out);
	must(script_packed_take(answer, len, base, variables, &same, &f) == 0);
	must(!script->kernel || !strcmp(same.kernel, script->kernel));
	must(strv_len(same.initrds) == strv_len(script->initrds));
	boot_script_done(&same);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *rest = xstrndup((const char *)data, size);
	/* Nearly no text begins as one must. */
	auto_free char *text = xasprintf("#!ipxe\n%s", rest);
	auto_failure struct failure f = { 0 };
	struct variables variables = { 0 };
	struct boot_script script = { 0 };

	variables_of_machine(&variables, "vm-2p8g-1", "0a-01-02-03-04-05");
	if (script_read(text, size % 2 ? "http://sched:3000/boot" : NULL, &variables, &script,
			&f) == 0) {
		check(&script);
		check_packed(&script, size % 2 ? "http://sched:3000/boot" : NULL, &variables);
	} else
		must(f.code && f.what);
	boot_script_done(&script);
	variables_done(&variables);
	return 0;
}
