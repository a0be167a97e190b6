// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/host_find.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/testbox/plan/host_read.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define HOST_FILE_MAX 65536

static int read_host_file(struct host *ret, const char *name, const char *path, bool *ret_found,
			  struct failure *f)
{
	auto_free char *text = NULL;
	int r = file_read(AT_FDCWD, path, HOST_FILE_MAX, &text);

	*ret_found = r != -ENOENT && r != -ENOTDIR;
	if (!*ret_found)
		return 0;
	return r < 0 ? fail_errno(f, -r, NULL, "%s", path) : host_read(ret, name, path, text, f);
}

/* Says once which files were looked for: a folder that has none of them may be another than was
 * meant.
 */
static void say_missing(const char *name, const char *hosts, char *const *tried)
{
	auto_free char *paths = strv_join(tried, ", ");
	static bool said;

	if (said)
		return;
	said = true;
	if (strcmp(hosts, HOSTS_DIR) != 0 || access(hosts, F_OK) == 0)
		log_line(LOG_NOTICE, "testbox: %s: no host file; looked for %s", name, paths);
}

static int find_file(struct host *ret, const char *name, const char *hosts, char *const *kinds,
		     struct failure *f)
{
	static const char *const endings[] = { ".yaml", "" };
	auto_strv char **tried = NULL;
	auto_free char *paths = NULL;
	int r;

	for (size_t i = 0; kinds[i]; i++)
		for (size_t k = 0; k < ARRAY_SIZE(endings); k++) {
			char *path = xasprintf("%s/%s%s", hosts, kinds[i], endings[k]);
			bool found;

			strv_add(&tried, path);
			r = read_host_file(ret, name, path, &found, f);
			if (found)
				return r;
		}
	r = host_read(ret, name, NULL, NULL, f);
	paths = strv_join(tried, ", ");
	if (r < 0)
		failure_prefix(f, "no host file; looked for %s", paths);
	else
		say_missing(name, hosts, tried);
	return r;
}

int host_find(struct host *ret, const char *name, const char *hosts, struct failure *f)
{
	auto_strv char **kinds = NULL;

	*ret = (struct host){ 0 };
	if (!host_name_valid(name))
		return host_read(ret, name, NULL, NULL, f);
	kinds = host_kinds(name);
	return find_file(ret, name, hosts, kinds, f);
}
