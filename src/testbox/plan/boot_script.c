// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/boot_script.h"

#include "src/common/mem.h"

void boot_script_done(struct boot_script *script)
{
	free(script->from);
	free(script->kernel);
	free(script->args);
	strv_free(script->initrds);
	free(script->job_id);
	free(script->chain);
	strv_free(script->echo);
	*script = (struct boot_script){ 0 };
}
