// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/script_packed.h"

#include "src/common/mem.h"
#include "src/common/packed.h"
#include "src/common/url.h"
#include "src/testbox/plan/script.h"
#include "src/testbox/plan/script_words.h"

#include <errno.h>
#include <string.h>

void script_packed_put(FILE *out, const struct boot_script *script,
		       const struct variables *variables)
{
	const struct machine_wishes *wishes = &script->wishes;

	packed_put_number(out, script->end);
	packed_put(out, script->kernel);
	packed_put(out, script->args);
	packed_put_list(out, script->initrds);
	packed_put(out, script->job_id);
	packed_put(out, script->chain);
	packed_put_number(out, script->pause);
	packed_put_list(out, script->echo);
	packed_put_number(out, wishes->nr_disk);
	packed_put_number(out, wishes->nr_nic);
	packed_put_number(out, wishes->disk_size);
	packed_put_list(out, variables->names);
	packed_put_list(out, variables->values);
}

static void take(struct packed *packed, struct boot_script *script, struct variables *variables)
{
	struct machine_wishes *wishes = &script->wishes;

	script->end = (enum boot_script_end)packed_number(packed, BOOT_SCRIPT_EXIT);
	script->kernel = packed_text(packed);
	script->args = packed_text(packed);
	script->initrds = packed_list(packed);
	script->job_id = packed_text(packed);
	script->chain = packed_text(packed);
	script->pause = (unsigned)packed_number(packed, SCRIPT_PAUSE_MAX);
	script->echo = packed_list(packed);
	wishes->nr_disk = (unsigned)packed_number(packed, SCRIPT_DISKS_MAX);
	wishes->nr_nic = (unsigned)packed_number(packed, SCRIPT_NICS_MAX);
	wishes->disk_size = packed_number(packed, SCRIPT_DISK_BYTES_MAX);
	variables->names = packed_list(packed);
	variables->values = packed_list(packed);
}

/* NULL is fine; a server names no file of this host, nor what is no URL. */
static bool take_url(const char *base, char **url)
{
	auto_failure struct failure unsaid = { 0 };
	char *same;

	if (!*url)
		return true;
	if (url_resolve(base, *url, &same, &unsaid) < 0)
		return false;
	set_text(url, same);
	return true;
}

static bool is_possible(struct boot_script *script, const char *base)
{
	if (script->end == BOOT_SCRIPT_BOOT && (!script->kernel || !script->args))
		return false;
	if (script->end == BOOT_SCRIPT_CHAIN && !script->chain)
		return false;
	if (script->args && strlen(script->args) > KERNEL_LINE_MAX)
		return false;
	if (script->job_id && !script_is_job_id(script->job_id))
		return false;
	for (size_t i = 0; script->initrds && script->initrds[i]; i++)
		if (!take_url(base, &script->initrds[i]))
			return false;
	return take_url(base, &script->kernel) && take_url(base, &script->chain);
}

int script_packed_take(const char *data, size_t len, const char *base, struct variables *variables,
		       struct boot_script *ret, struct failure *f)
{
	struct packed packed = { .at = data, .left = len };
	struct boot_script script = { 0 };
	struct variables set = { 0 };

	take(&packed, &script, &set);
	if (!packed_is_whole(&packed) || strv_len(set.names) != strv_len(set.values) ||
	    !is_possible(&script, base)) {
		boot_script_done(&script);
		variables_done(&set);
		return fail(f, EPROTO, "it may be made to break programs: report it",
			    "what read the script gave another answer than a script's");
	}
	variables_done(variables);
	*variables = set;
	*ret = script;
	return 0;
}
