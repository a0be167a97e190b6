// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/block.h"

#include "src/common/mem.h"

#include <blkid/blkid.h>
#include <errno.h>

char *block_type(int fd)
{
	blkid_probe probe = blkid_new_probe();
	const char *value = NULL;
	char *type = NULL;

	if (probe && blkid_probe_set_device(probe, fd, 0, 0) == 0 &&
	    blkid_probe_enable_superblocks(probe, 1) == 0 &&
	    blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_TYPE) == 0 &&
	    blkid_do_safeprobe(probe) == 0 &&
	    blkid_probe_lookup_value(probe, "TYPE", &value, NULL) == 0)
		type = xstrdup(value);
	blkid_free_probe(probe);
	return type;
}

int block_refuse(const char *name, const char *type, const char *hint, struct failure *f)
{
	return fail(f, EINVAL, hint, "%s: %s%s on it", name, type ? type : "no file system",
		    type ? " is" : "");
}
