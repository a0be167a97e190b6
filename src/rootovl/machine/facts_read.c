// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/facts_read.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/common/meminfo.h"
#include "src/rootovl/machine/leases.h"
#include "src/rootovl/machine/netdevs.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <libgen.h>
#include <string.h>
#include <sys/utsname.h>

#define TABLE_MAX	(1024 * 1024)
#define CREDENTIALS_MAX 65536

/* Describes one kind of table: the built-in table, and the files that add to it. */
struct tables {
	const char *name, *installed, *extra;
	struct facts_table **list;
	size_t *n;
};

static void add_table(const struct tables *tables, const char *path, char *text)
{
	auto_free char *copy = xstrdup(path);
	struct facts_table *table;

	*tables->list = xreallocarray(*tables->list, *tables->n + 1, sizeof(**tables->list));
	table = &(*tables->list)[(*tables->n)++];
	table->name = xstrdup(basename(copy));
	table->text = text;
}

/*
 * Reads the built-in table. It is next to the program in a build tree, and has a fixed path in an
 * image.
 */
static int read_builtin_table(const struct tables *tables, struct failure *f)
{
	auto_free char *beside = NULL;
	char exe[4096];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *text;
	int r = -ENOENT;

	if (len > 0) {
		exe[len] = '\0';
		beside = xasprintf("%s/%s", dirname(exe), tables->name);
		r = file_read(AT_FDCWD, beside, TABLE_MAX, &text);
	}
	if (r < 0)
		r = file_read(AT_FDCWD, tables->installed, TABLE_MAX, &text);
	if (r < 0)
		return fail_errno(f, -r, "the image was built without it: build it again", "%s",
				  tables->installed);
	add_table(tables, tables->installed, text);
	return 0;
}

static int read_extra_tables(const struct tables *tables, struct failure *f)
{
	glob_t found;
	int r = 0;

	if (glob(tables->extra, 0, NULL, &found) != 0)
		return 0;
	for (size_t i = 0; r == 0 && i < found.gl_pathc; i++) {
		char *text;

		r = file_read(AT_FDCWD, found.gl_pathv[i], TABLE_MAX, &text);
		if (r < 0)
			fail_errno(f, -r, NULL, "table %s", found.gl_pathv[i]);
		else
			add_table(tables, found.gl_pathv[i], text);
	}
	globfree(&found);
	return r;
}

static int read_tables(const struct tables *tables, struct failure *f)
{
	int r = read_builtin_table(tables, f);

	return r < 0 ? r : read_extra_tables(tables, f);
}

static int read_credentials(struct facts *facts, const char *path, bool look_only,
			    struct failure *f)
{
	int r = file_read(AT_FDCWD, path, CREDENTIALS_MAX, &facts->credentials);

	if (r == 0 || look_only)
		return 0;
	return fail_errno(f, -r, "bring it into the initramfs by an initrd of its own",
			  "credentials file %s", path);
}

int facts_read(struct facts *facts, const struct settings *settings, bool look_only,
	       struct failure *f)
{
	const struct tables payload = {
		"payload.conf",
		"/usr/lib/rootovl/payload.conf",
		"/etc/rootovl/payload.d/*.conf",
		&facts->tables,
		&facts->n_tables,
	};
	const struct tables defer = {
		"defer.conf",
		"/usr/lib/rootovl/defer.conf",
		"/etc/rootovl/defer.d/*.conf",
		&facts->defer,
		&facts->n_defer,
	};
	struct utsname uts;
	int r;

	*facts = (struct facts){ 0 };
	if (uname(&uts) < 0)
		return fail_errno(f, errno, NULL, "uname");
	facts->kernel = xstrdup(uts.release);
	facts->memory = meminfo_read("MemTotal:");
	r = read_tables(&payload, f);
	if (r == 0 && settings->defer)
		r = read_tables(&defer, f);
	if (r == 0 && settings->root.credentials)
		r = read_credentials(facts, settings->root.credentials, look_only, f);
	if (r == 0 && settings->elsewhere && !look_only)
		facts->knows_netdevs = netdevs_read(&facts->netdevs);
	if (r == 0 && settings->root.kind == ROOT_DHCP && !look_only)
		r = leases_wait(&facts->lease, settings->timeout, f);
	return r;
}
