// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/host_foreign.h"

#include "src/common/mem.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define CMDLINE_MAX 1024

bool host_foreign_is_word(const char *text, const char *also)
{
	if (!*text || *text == '-')
		return false;
	for (const char *c = text; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._-/:+", *c) && !strchr(also, *c))
			return false;
	return true;
}

/* LKP's files say QEMU's command line: "qemu-system-x86_64 -enable-kvm -cpu SandyBridge". */
static int take_model(struct host_foreign *foreign, struct host *host, const char *key,
		      const char *value, struct failure *f)
{
	auto_strv char **words = strv_split(value, " \t\n");

	(void)host;
	for (size_t i = 0; words && words[i]; i++) {
		if (strcmp(words[i], "-cpu") != 0)
			continue;
		if (!words[i + 1] || !host_foreign_is_word(words[i + 1], ",="))
			return fail(f, EINVAL, NULL, "%s: -cpu: a model of QEMU's is wanted", key);
		set_text(&foreign->cpu, xstrdup(words[++i]));
	}
	return 1;
}

static int take_cmdline(struct host_foreign *foreign, struct host *host, const char *key,
			const char *value, struct failure *f)
{
	(void)foreign;
	if (strlen(value) > CMDLINE_MAX)
		return fail(f, E2BIG, NULL, "%s: %zu bytes are too long for a kernel line", key,
			    strlen(value));
	for (const char *c = value; *c; c++)
		if (iscntrl((unsigned char)*c))
			return fail(f, EINVAL, NULL, "%s: a control character is in it", key);
	set_text(&host->cmdline, *value ? xstrdup(value) : NULL);
	return 1;
}

/* "kvm" and the others have a script's kernel. */
static int take_template(struct host_foreign *foreign, struct host *host, const char *key,
			 const char *value, struct failure *f)
{
	(void)foreign;
	(void)key;
	(void)f;
	host->pxe = !strcmp(value, "pxe");
	return 1;
}

static const struct key {
	const char *name;
	int (*take)(struct host_foreign *foreign, struct host *host, const char *key,
		    const char *value, struct failure *f); /* NULL: passed over */
} keys[] = {
	{ "kernel_cmdline_hw", take_cmdline },
	{ "model", take_model },
	{ "bios_version", NULL },
	{ "brand", NULL },
	{ "cpu_info", NULL },
	{ "default", NULL },
	{ "model_name", NULL },
	{ "need_kconfig_hw", NULL },
	{ "netconsole_port", NULL },
	{ "nr_node", NULL },
	{ "provider", NULL },
	{ "ssh_base_port", NULL },
	{ "tbox_type", NULL },
	{ "template", take_template },
	{ "ucode", NULL },
};

int host_foreign_take(struct host_foreign *foreign, struct host *host, const char *key,
		      const char *value, struct failure *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(key, keys[i].name))
			return keys[i].take ? keys[i].take(foreign, host, key, value, f) : 1;
	return disk_keys_take(&foreign->disks, key, value, f);
}

void host_foreign_settle(struct host_foreign *foreign, struct host *host)
{
	host->disks_wanted = disk_keys_count(&foreign->disks);
	if (host->cpu)
		free(foreign->cpu);
	else
		host->cpu = foreign->cpu;
	*foreign = (struct host_foreign){ 0 };
}

const char *host_foreign_key(size_t i)
{
	return i < ARRAY_SIZE(keys) ? keys[i].name : disk_keys_nth(i - ARRAY_SIZE(keys));
}
