// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/boot_script.h"

#include "src/common/mem.h"

#include <string.h>

void boot_script_add_opened(struct boot_script *script, const char *url, int fd)
{
	script->opened =
		xreallocarray(script->opened, script->n_opened + 1, sizeof(*script->opened));
	script->opened[script->n_opened++] = (struct boot_opened){ xstrdup(url), fd };
}

int boot_script_opened(const struct boot_script *script, const char *url)
{
	for (size_t i = 0; i < script->n_opened; i++)
		if (!strcmp(script->opened[i].url, url))
			return script->opened[i].fd;
	return -1;
}

void boot_script_done(struct boot_script *script)
{
	free(script->from);
	free(script->kernel);
	free(script->args);
	strv_free(script->initrds);
	free(script->job_id);
	free(script->chain);
	strv_free(script->echo);
	for (size_t i = 0; i < script->n_opened; i++)
		free(script->opened[i].url);
	free(script->opened);
	*script = (struct boot_script){ 0 };
}
