// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/host_find.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/testbox/plan/host_read.h"

#include <errno.h>
#include <fcntl.h>

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

int host_find(struct host *ret, const char *name, const char *hosts, struct failure *f)
{
	auto_free char *model = host_model(name);
	const char *const names[] = { name, model };
	bool found = false;

	*ret = (struct host){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		auto_free char *path = xasprintf("%s/%s.yaml", hosts, names[i]);
		int r = read_host_file(ret, name, path, &found, f);

		if (found)
			return r;
	}
	return host_read(ret, name, NULL, NULL, f);
}
