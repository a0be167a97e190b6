// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/lower/check_hints.h"

#include "src/common/mem.h"

/*
 * Says how the files are read. An image keeps its own links and owners, whatever protocol
 * transports it.
 */
enum way {
	WAY_IMAGE,
	WAY_CIFS,
	WAY_NFS,
	WAY_VIRTIOFS,
	WAY_9P,
	WAY_MOUNTED,
};

#define PATH_HINT "is this path the root of an operating system?"

static const char *const hints[][CHECK_FAULTS] = {
	[WAY_IMAGE] = {
		[CHECK_ABSENT] = PATH_HINT,
		[CHECK_OWNER] = "make the image as root, or with owners that are root "
				"(mksquashfs -all-root, mkfs.erofs --all-root)",
		[CHECK_DENIED] = "make the image again, of a tree that root can read",
		[CHECK_CLOSED] = "chmod 755 it in the tree, and make the image again",
		[CHECK_LINKS] = "make the image again, with its links",
	},
	[WAY_CIFS] = {
		[CHECK_ABSENT] =
			"SMB without Unix or POSIX extensions cannot carry a root: use vers=1.0 "
			"with \"unix extensions = yes\" on the server, or vers=3.1.1,posix with "
			"\"smb3 unix extensions = yes\"",
		[CHECK_OWNER] = "the server must tell owners (Unix or POSIX extensions), without "
				"uid= or forceuid among the options",
		[CHECK_DENIED] = "in smb.conf of the server, for the share: force user = root (or, "
				 "for guests alone, guest account = root)",
		[CHECK_CLOSED] = "chmod 755 it on the server, without dir_mode= among the options",
		[CHECK_LINKS] = NULL, /* uses the hint of CHECK_ABSENT */
	},
	[WAY_NFS] = {
		[CHECK_ABSENT] = PATH_HINT,
		[CHECK_OWNER] =
			"if the server has it right: NFSv4 without an id mapper, so let the server "
			"send numbers (Only_Numeric_Owners in ganesha), or use vers=3; else unpack "
			"the root again, as root and with its owners",
		[CHECK_DENIED] = "the server takes root for nobody: export it with no_root_squash "
				 "(exports(5)), in nfs-ganesha Squash = No_Root_Squash",
		[CHECK_CLOSED] = "chmod 755 it on the server",
		[CHECK_LINKS] = PATH_HINT,
	},
	[WAY_VIRTIOFS] = {
		[CHECK_ABSENT] = PATH_HINT,
		[CHECK_OWNER] = "run virtiofsd as root, or map the owner to 0 (--uid-map, "
				"--translate-uid)",
		[CHECK_DENIED] = "run virtiofsd as root: an ordinary user may not read root's files",
		[CHECK_CLOSED] = "chmod 755 it on the host",
		[CHECK_LINKS] = PATH_HINT,
	},
	[WAY_9P] = {
		[CHECK_ABSENT] = PATH_HINT,
		[CHECK_OWNER] = "run the virtual machine as root, with security_model=passthrough",
		[CHECK_DENIED] = "run the virtual machine as root, with security_model=passthrough",
		[CHECK_CLOSED] = "chmod 755 it on the host",
		[CHECK_LINKS] = "the host must give links as they are: security_model=passthrough "
				"in place of mapped-xattr or mapped-file",
	},
	[WAY_MOUNTED] = {
		[CHECK_ABSENT] = PATH_HINT,
		[CHECK_OWNER] = "the image must mount it with the owners of the root, without uid= "
				"among the options",
		[CHECK_DENIED] = "what the image mounts it from must let root read: on a server "
				 "no_root_squash (NFS) or force user = root (Samba)",
		[CHECK_CLOSED] = "chmod 755 it where it is kept",
		[CHECK_LINKS] = PATH_HINT,
	},
};

static enum way way_of(const struct root_source *source)
{
	if (!source || root_source_is_image(source))
		return WAY_IMAGE;
	switch (source->kind) {
	case ROOT_CIFS:
		return WAY_CIFS;
	case ROOT_NFS:
		return WAY_NFS;
	case ROOT_VIRTIOFS:
		return WAY_VIRTIOFS;
	case ROOT_9P:
		return WAY_9P;
	case ROOT_MOUNTED:
		return WAY_MOUNTED;
	default:
		return WAY_IMAGE;
	}
}

char *check_hints(const struct root_source *source, enum check_fault fault)
{
	const char *hint = hints[way_of(source)][fault];

	if (source && source->kind == ROOT_CIFS && fault == CHECK_DENIED && source->user &&
	    !root_source_is_image(source))
		return xasprintf("in smb.conf of the server, for the share: force user = root, or "
				 "admin users = %s",
				 source->user);
	return xstrdup(hint ? hint : hints[way_of(source)][CHECK_ABSENT]);
}
