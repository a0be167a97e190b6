/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * root=: where the lower comes from, in all its spellings, as one struct. Pure text work.
 *
 *   cifs://[[domain;]user[:password]@]host[:port]/share[/path][,options]
 *   nfs:[[host]:]/path[:options]        nfs4:[[host]:]/path[:options]
 *   nfs://host[:port]/path[,options]    host:/path[,options]
 *   /dev/nfs or /dev/nfs4 with nfsroot=[host:]/path[,options]
 *   /dev/cifs with cifsroot=//host[:port]/share[/path][,options] or cifs://…
 *   virtiofs:tag[,options]              9p:tag[,options]
 *   nbd:host[:port][:export][,options]  nbd:host:port-or-export[:fstype[:options]]
 *   live:http://…  live:https://…       squash:http://…  squash:https://…
 *   LABEL= UUID= PARTLABEL= PARTUUID= /dev/…      a device of this machine
 *   dhcp[,options]                                what the DHCP server names
 *
 * With rootovl.lower=mounted it is none of these, but what the image itself mounts.
 *
 * An IPv6 host stands in brackets, and a port may be empty. The URL forms are percent-decoded (RFC
 * 3986), the others are not.
 */
#pragma once

#include "src/common/failure.h"

#include <stdbool.h>

#define NBD_PORT 10809 /* IANA's */

enum root_kind {
	ROOT_UNSET,
	ROOT_CIFS,
	ROOT_NFS,
	ROOT_VIRTIOFS,
	ROOT_9P,
	ROOT_DEVICE,
	ROOT_NBD,
	ROOT_LIVE,
	ROOT_MOUNTED, /* by the image itself, on /sysroot */
	ROOT_DHCP,    /* until root_dhcp_parse() makes it another */
};

struct root_source {
	enum root_kind kind;
	char *host;	   /* a name or an address, no brackets; NULL: the one that DHCP names */
	unsigned port;	   /* 0: the protocol's own */
	char *path;	   /* CIFS: "share/dir", NFS: "/dir", virtiofs and 9p: the tag,
			      device: "LABEL=…" or "/dev/…", NBD: the export or NULL, live: the
			      URL, mounted: the value of root=, masked, or "/sysroot" */
	bool nfs4;	   /* NFS: version 4 was asked for by the word nfs4: */
	char *user;	   /* CIFS, and DHCP until it names one; NULL: guest */
	char *password;	   /* the same; never printed */
	char *domain;	   /* CIFS */
	bool guest;	   /* CIFS: the option guest was given */
	bool by_dhcp;	   /* a DHCP server named it */
	char *credentials; /* CIFS: a file that holds user, password and domain */
	char *address;	   /* addr= or ip=: the host's address, in place of looking it up */
	char **options;	   /* what is left for the file system and for mount(2), one option each */
};

/* Reads the value of root= . `nfsroot` and `cifsroot` are those parameters' values or NULL.
 * Replaces *source. */
int root_source_parse(struct root_source *source, const char *root, const char *nfsroot,
		      const char *cifsroot, struct failure *f);

/*
 * The root that the image mounts itself: `root` is the value of root=, or NULL. A failure for a
 * form that no image has mounted in time.
 */
int root_source_mounted(struct root_source *source, const char *root, struct failure *f);

/* What only makes sense for some kinds of root, or without another; a failure names it. */
int root_source_check(const struct root_source *source, struct failure *f);

/* Does it come from a server? */
bool root_source_is_remote(const struct root_source *source);

/* Does the path name an image by its ending (.erofs, .squashfs, .ext4, .img, …)? */
bool root_source_is_image(const struct root_source *source);

/* What people call it, "cifs //host/share/dir" or "nfs host:/dir"; owned by the caller. */
char *root_source_name(const struct root_source *source);

void root_source_done(struct root_source *source);
