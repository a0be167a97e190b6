// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/plan/plan_modules.h"

#include "src/common/mem.h"
#include "src/rootovl/settings/root_options.h"

#include <string.h>

void plan_modules(const struct settings *settings, struct step *step)
{
	const struct root_source *source = &settings->root;
	const char *smb = root_options_get(source, "vers");
	const char *nfs_version = root_options_nfs_version(source);
	const bool cifs = source->kind == ROOT_CIFS, smb1 = smb && !strcmp(smb, "1.0");
	const bool nfs = source->kind == ROOT_NFS;
	const struct {
		bool wanted;
		const char *modules[4];
	} rows[] = {
		{ true, { "overlay" } },
		/* The mount else takes the kernel's slow cipher, and keeps it for good. */
		{ root_options_get(source, "seal") != NULL, { "crypto-aes" } },
		{ cifs && !smb1, { "cifs" } },
		/*
		 * Linux loses a break of an oplock that overtakes the reply to its open, and Samba
		 * then waits 35 s for it. The lower never changes: oplocks would serve nothing.
		 */
		{ cifs && smb1, { "cifs enable_oplocks=0" } },
		/* nfs.ko asks for the modules of its versions, but without these parameters. */
		{ nfs, { "nfs" } },
		/*
		 * Linux 6.19 and later ask for delegations of directories. The lower never changes
		 * and does not need them, and nfs-ganesha before 9.11 fails them with EREMOTEIO.
		 */
		{ nfs && (!nfs_version || nfs_version[0] == '4'),
		  { "nfsv4 directory_delegations=0" } },
		{ nfs && !source->nfs4 && (!nfs_version || nfs_version[0] == '3'), { "nfsv3" } },
		{ source->kind == ROOT_VIRTIOFS, { "virtiofs" } },
		{ source->kind == ROOT_9P, { "9pnet_virtio", "9p" } },
		{ source->kind == ROOT_NBD, { "nbd" } },
		{ source->kind == ROOT_LIVE || root_source_is_image(source), { "loop" } },
		{ settings->personality != NULL, { "sr_mod", "isofs", "virtio_console" } },
		{ settings->disks != NULL, { "dm-mod" } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (const char *const *name = rows[i].modules; rows[i].wanted && *name; name++)
			strv_add(&step->modules, xstrdup(*name));
}
