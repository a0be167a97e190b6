/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The steps of a plan, as data. */
#pragma once

#include "src/rootovl/plan/defer_table.h"
#include "src/rootovl/plan/payload_rules.h"
#include "src/rootovl/settings/disks_wish.h"
#include "src/rootovl/settings/root_source.h"

enum step_kind {
	STEP_MODULES,	    /* load kernel modules */
	STEP_MOUNT_LOWER,   /* mount the lower, read-only */
	STEP_CHECK_LOWER,   /* can it be a root at all? */
	STEP_PREPARE_DISKS, /* make the upper's volume on the disks */
	STEP_FIND_COPY,	    /* look for a copy of the lower on the upper's disk */
	STEP_MOUNT_UPPER,   /* mount what takes the writes */
	STEP_COPY,	    /* copy the payload into the upper */
	STEP_ENABLE,	    /* enable units */
	STEP_FSTAB,	    /* make fstab safe */
	STEP_MACHINE_ID,    /* an id for a root that has none */
	STEP_PERSONALITY,   /* hostname, address, password, from a medium */
	STEP_NAMES, /* what the running system will look for: /live/…, the job, names of the network
		     */
	STEP_MOUNT_ROOT, /* the overlay on /sysroot: the only step that touches it, and the last */
	STEP_KINDS,
};

struct step_lower {
	const struct root_source *source; /* of the settings, which the plan keeps */
	const char *fstype;		  /* of mount(2); NULL: what libblkid finds on the device */
	unsigned long flags;		  /* of mount(2) */
	char *options;			  /* for the file system, without secrets and addresses */
	char **versions;		  /* NFS: versions to try in turn; NULL: said in options */
	unsigned port;	    /* where the server must answer before the mount; 0: there is none */
	char *what;	    /* CIFS, NFS: the path that the server is asked for; else mount(2)'s
			       device, a tag, or what device_find() takes */
	const char *digest; /* live: the image's SHA-256, of the settings; NULL: any */
	const char *verity; /* the root hash of its hash tree, of the settings; NULL: not checked */
	const char *signature; /* the file with the root hash's signature; NULL: none */
	unsigned timeout;      /* of the settings, in seconds */
	char *inside;	/* CIFS, NFS: what is taken out of it, a folder or an image; NULL: all */
	const char *at; /* where it is mounted */
};

struct step_disks {
	char *const *devices; /* of the settings, each as device_find() takes it */
	struct disks_wish wish;
};

struct step_cache {
	const char *device; /* as device_find() takes it */
	char *key, *id;	    /* which lower, and the copy's name (copy_name.h) */
	bool ask; /* its name has no date: the server is asked whether it is still the same */
};

struct step_upper {
	const char *at;
	char *options;	     /* of tmpfs(5); NULL: it is on a device */
	unsigned percent;    /* of memory, where its size is one; 0: in bytes */
	const char *device;  /* as device_find() takes it */
	const char *persist; /* the name that it is kept under; NULL: it begins fresh */
	bool anew;	     /* what is kept under the name is set aside */
};

struct step_root {
	const char *at;
	const char *const *options; /* rows to try, NULL at the end: a kernel that does not know an
				       option of one gets the next */
};

struct step_enable {
	char **units;
	bool optional;		  /* the default: enabled where it is, no failure where it is not */
	struct defer_table defer; /* units that start behind them; empty: not asked for */
};

struct step_names {
	const char *job;       /* NULL: none was named */
	const char *hostname;  /* rootovl.hostname=, or NULL */
	const char *line_name; /* of ip=, where the root has none; or NULL */
};

struct step {
	enum step_kind kind;
	union {
		char **modules; /* "name" or "name parameter=value" */
		struct step_lower lower;
		const char *init; /* STEP_CHECK_LOWER; NULL: systemd, or /sbin/init */
		struct step_disks disks;
		struct step_cache cache;
		struct step_upper upper;
		struct payload_rules copy;
		struct step_enable enable;
		const char *device; /* STEP_PERSONALITY, as device_find() takes it */
		struct step_names names;
		struct step_root root;
	};
};
