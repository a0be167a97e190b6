// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/job_check.h"

#include "src/common/mem.h"
#include "src/rootovl/configure/unit_file.h"
#include "src/rootovl/plan/job_start.h"

#include <errno.h>
#include <string.h>

#define SCRIPT_MAX ((size_t)16 << 20)

char *job_check_unit(struct newroot *nr, const char *name)
{
	auto_unit struct unit unit = { .name = NULL };
	auto_strv char **programs = NULL, **dropins = NULL;
	struct stat st;

	if (unit_load(nr, name, &unit) < 0)
		return NULL;
	dropins = job_start_dropins(unit.name);
	if (unit_has_any(nr, dropins))
		return NULL;
	programs = job_start_programs(unit.text);
	for (char **program = programs; program && *program; program++) {
		if (newroot_stat(nr, *program, true, &st) == -ENOENT)
			return job_start_no_program(name, *program);
	}
	return NULL;
}

static char *check_script(struct newroot *nr, const char *job)
{
	const char *slash = strrchr(job, '/');
	auto_free char *script = slash ? xasprintf("%.*s/job.sh", (int)(slash - job), job) : NULL;
	auto_free char *text = NULL;
	const char *wrong;
	struct stat st;
	size_t len;

	if (!script || newroot_stat(nr, script, true, &st) < 0 || !S_ISREG(st.st_mode) ||
	    newroot_read(nr, script, SCRIPT_MAX, &text, &len) < 0)
		return NULL;
	wrong = job_start_bad_script(text, len, st.st_mode);
	return wrong ? xasprintf("%s: %s", script, wrong) : NULL;
}

char *job_check_files(struct newroot *nr, const char *job)
{
	struct stat st;

	if (newroot_stat(nr, job, true, &st) < 0)
		return xasprintf("job=%s: neither the payload nor the root has it", job);
	return check_script(nr, job);
}
