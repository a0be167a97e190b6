// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/reach_script.h"

#include "src/common/cmdline.h"
#include "src/common/mem.h"
#include "src/rootovl/settings/root_source.h"

#include <string.h>
#include <strings.h>

#define DNS_PORT 53

/* The port of its URL, of its options, or of its protocol. */
static unsigned root_port(const struct root_source *root)
{
	static const unsigned ports[] = {
		[ROOT_CIFS] = 445,
		[ROOT_NFS] = 2049,
		[ROOT_NBD] = NBD_PORT,
	};

	if (root->port)
		return root->port;
	for (char **option = root->options; option && *option; option++)
		if (!strncmp(*option, "port=", 5))
			return (unsigned)strtoul(*option + 5, NULL, 10);
	return root->kind < ARRAY_SIZE(ports) ? ports[root->kind] : 0;
}

/* False: there is none that can be read. */
static bool add_root(struct reach *reach, const struct cmdline *line)
{
	const char *value = cmdline_value(line, "root");
	auto_failure struct failure ignored = { 0 };
	struct root_source root = { 0 };
	bool read = value && root_source_parse(&root, value, cmdline_value(line, "nfsroot"),
					       cmdline_value(line, "cifsroot"), &ignored) == 0;

	if (read && root.host)
		reach_add(reach, root.host, root_port(&root));
	if (read && root.address)
		reach_add(reach, root.address, root_port(&root));
	if (read && root.kind == ROOT_LIVE && root.path)
		reach_add_url(reach, root.path);
	root_source_done(&root);
	return read;
}

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len > end_len && !strcasecmp(name + len - end_len, end);
}

/* NAME_HOST= or NAME_SERVER=, with NAME_PORT= if that is there. */
static void add_named(struct reach *reach, const struct cmdline *line,
		      const struct cmdline_word *word)
{
	const char *end = ends_with(word->name, "_HOST")     ? "HOST"
			  : ends_with(word->name, "_SERVER") ? "SERVER"
							     : NULL;
	auto_free char *port_name = NULL;
	const char *port;

	if (!end || strchr(word->value, '/'))
		return;
	port_name = xasprintf("%.*sPORT", (int)(strlen(word->name) - strlen(end)), word->name);
	port = cmdline_value(line, port_name);
	if (port || strchr(word->value, ':')) {
		auto_free char *url =
			xasprintf("://%s%s%s", word->value, port ? ":" : "", port ? port : "");

		reach_add_url(reach, url);
	} else {
		reach_add(reach, word->value, 0);
	}
}

static void add_line(struct reach *reach, const char *hardware, const char *args)
{
	__attribute__((cleanup(cmdline_done))) struct cmdline line = { 0 };

	bool root;

	cmdline_add(&line, hardware ? hardware : "");
	cmdline_add(&line, args ? args : "");
	root = add_root(reach, &line);
	for (size_t i = 0; i < line.n; i++) {
		const struct cmdline_word *word = &line.words[i];

		if (!word->value || (root && IS_ONE_OF(word->name, "root", "nfsroot", "cifsroot")))
			continue;
		reach_add_url(reach, word->value);
		if (!strcmp(word->name, "nameserver"))
			reach_add(reach, word->value, DNS_PORT);
		else
			add_named(reach, &line, word);
	}
}

void reach_script_add(struct reach *reach, const struct boot_script *script, const char *hardware,
		      const char *scheduler)
{
	if (scheduler)
		reach_add_url(reach, scheduler);
	if (script->kernel)
		reach_add_url(reach, script->kernel);
	for (char **initrd = script->initrds; initrd && *initrd; initrd++)
		reach_add_url(reach, *initrd);
	add_line(reach, hardware, script->args);
}
