// SPDX-License-Identifier: GPL-2.0-or-later
/* A unit file of a root, then a NUL byte and the unit's name: what is read of it is whole words. */
#include "src/rootovl/configure/unit_install.h"
#include "src/rootovl/configure/unit_name.h"
#include "src/rootovl/configure/unit_value.h"

#include "src/common/mem.h"
#include "src/rootovl/plan/job_start.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check_list(char *const *list)
{
	for (; list && *list; list++)
		must(**list && !strpbrk(*list, "\n"));
}

static void check_install(const char *text, const char *name)
{
	struct unit_install install = { 0 };
	char **lists[] = { NULL, NULL, NULL, NULL, NULL };

	unit_install_parse(text, &install);
	lists[0] = install.wanted_by;
	lists[1] = install.required_by;
	lists[2] = install.upheld_by;
	lists[3] = install.alias;
	lists[4] = install.also;
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		check_list(lists[i]);
		for (char **word = lists[i]; word && *word; word++) {
			auto_free char *expanded = NULL;

			if (unit_name_expand(*word, name, &expanded) == 0)
				unit_name_valid(expanded);
		}
	}
	must(!install.default_instance || !strchr(install.default_instance, '\n'));
	unit_install_done(&install);
}

static void check_values(const char *text)
{
	static const char *const keys[][2] = {
		{ "Mount", "What" },	{ "Mount", "Where" },	  { "Swap", "What" },
		{ "Mount", "Options" }, { "Automount", "Where" }, { "Service", "ExecStart" },
		{ "Resolve", "DNS" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		auto_free char *value = unit_value(text, keys[i][0], keys[i][1]);

		must(!value || !strchr(value, '\n'));
	}
}

static void check_name(const char *name)
{
	auto_free char *template = unit_name_template(name);
	auto_strv char **dropins = job_start_dropins(name);

	must(!strchr(name, '/') && !strchr(template, '/'));
	for (char **dropin = dropins; dropin && *dropin; dropin++)
		must(!strchr(*dropin, '/'));
	if (unit_name_is_template(name)) {
		auto_free char *instance = unit_name_instance(name, "x");

		must(strlen(instance) == strlen(name) + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = xcalloc(size + 2, 1);
	auto_strv char **programs = NULL;
	const char *name;

	memcpy(text, data, size);
	name = text + strlen(text) + (strlen(text) < size);
	check_install(text, unit_name_valid(name) ? name : "a@b.service");
	check_values(text);
	check_name(unit_name_valid(name) ? name : "a@b.service");
	programs = job_start_programs(text);
	for (char **program = programs; program && *program; program++)
		must(**program == '/' && !strchr(*program, '\n'));
	return 0;
}
