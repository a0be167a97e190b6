// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/kernel_needs.h"

#include "src/common/mem.h"
#include "src/rootovl/plan/plan.h"

#include <string.h>

/* As the archive of a kernel's modules has it: "dm_mod", without parameters. */
static char *module_name(const char *module)
{
	char *name = xstrndup(module, strcspn(module, " "));

	for (char *c = name; *c; c++)
		if (*c == '-')
			*c = '_';
	return name;
}

static void add_needs(char ***needs, const struct plan *plan)
{
	const struct settings *settings = &plan->settings;

	if (settings->disks || settings->upper || settings->root.kind == ROOT_DEVICE)
		strv_add(needs, xstrdup("virtio_blk"));
	for (size_t i = 0; i < plan->n; i++)
		if (plan->steps[i].kind == STEP_MODULES)
			for (char **module = plan->steps[i].modules; *module; module++)
				if (!plan_may_lack(*module))
					strv_add(needs, module_name(*module));
}

/* What is wrong with the line is told by line_check(). */
char **kernel_needs(const char *args)
{
	auto_failure struct failure ignored = { 0 };
	const struct facts unknown = { 0 };
	struct settings settings = { 0 };
	struct cmdline line = { 0 };
	struct plan plan = { 0 };
	char **needs = NULL;

	strv_add(&needs, xstrdup("virtio_pci"));
	strv_add(&needs, xstrdup("virtio_net"));
	cmdline_add(&line, args);
	if (settings_read(&settings, &line, &ignored) == 0 && settings.enabled &&
	    plan_build(&plan, &settings, &unknown, &ignored) == 0)
		add_needs(&needs, &plan);
	plan_done(&plan);
	settings_done(&settings);
	cmdline_done(&line);
	return needs;
}
