/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel command line asks for, as values. Text -> settings is one table of parameters
 * (params.c) and pure: no file is read, nothing about the machine is known.
 */
#pragma once

#include "src/common/cmdline.h"
#include "src/common/failure.h"
#include "src/rootovl/settings/disks_wish.h"
#include "src/rootovl/settings/root_source.h"

#include <stdbool.h>
#include <stdint.h>

enum fstab_mode {
	FSTAB_SAFE,
	FSTAB_KEEP,
};

enum id_mode {
	MACHINE_ID_SET,
	MACHINE_ID_KEEP,
};

enum way {
	WAY_AUTO,
	WAY_LONG,
};

enum onfail {
	ONFAIL_SHELL,
	ONFAIL_REBOOT,
	ONFAIL_POWEROFF,
};

enum cache_mode {
	CACHE_NO,
	CACHE_YES, /* a root with a date in its name */
	CACHE_FORCE,
};

/* A size in bytes, or in percent of memory or of the disks. */
struct size_limit {
	uint64_t bytes;	  /* 0: not given in bytes */
	unsigned percent; /* 0: not given in percent */
};

struct settings {
	bool enabled;		  /* rootovl */
	struct root_source root;  /* root=, nfsroot=, rootflags=, rootovl.lower= */
	char **disks;		  /* rootfs_disk=, each as device_find() takes it; NULL: none */
	enum disks_format format; /* rootovl.format= */
	enum disks_fs disk_fs;	  /* rootovl.fs= */
	char *upper;		  /* rootovl.upper=, as device_find() takes it; NULL: tmpfs */
	char *persist;		  /* rootovl.persist=; NULL: a fresh upper at every boot */
	bool persist_anew;	  /* …,new: what was kept under the name is not wanted any more */
	enum cache_mode cache;	  /* rootovl.cache= */
	struct size_limit size;	  /* rootovl.size=; neither bytes nor percent: not given */
	uint64_t inodes;	  /* rootovl.inodes=; 0: as many as the kernel gives */
	char **copy;		  /* rootovl.copy=, each SRC[:DEST] */
	char **enable;		  /* rootovl.enable=; NULL: lkp-bootstrap.service where it is */
	bool defer;		  /* rootovl.defer= */
	enum fstab_mode fstab;	  /* rootovl.fstab= */
	enum id_mode machine_id;  /* rootovl.machineid= */
	unsigned timeout;	  /* rootovl.timeout=, seconds */
	enum onfail onfail;	  /* rootovl.onfail= */
	char *credentials;	  /* rootovl.credentials=, a path in the initramfs */
	char *digest;		  /* rootovl.digest=, 64 lower-case hexadecimal digits */
	char *verity;		  /* rootovl.verity=, 64 lower-case hexadecimal digits */
	char *signature;	  /* rootovl.verity.signature=, a path in the initramfs */
	char *personality;	  /* rootovl.personality=, as device_find() takes it */
	char *hostname;		  /* rootovl.hostname= */
	char *line_name;	  /* the host name in ip=, which counts where the root has none */
	char **elsewhere;	  /* interfaces that the image's files make, see network_words.h */
	char *report;		  /* rootovl.report=, as report_place_parse() takes it */
	enum way way;		  /* rootovl.way= */
	char *long_because; /* what of the line needs the long way, see way.h; NULL: nothing */
	char *user;	    /* user= */
	char *job;	    /* job= */
	bool permissive;    /* selinux=0 or enforcing=0 */
	char *init;	    /* init=, what switch_root will run; NULL: systemd, or /sbin/init */
};

/*
 * Reads the words into *settings, which becomes the caller's also on failure. A parameter of ours
 * that is unknown or malformed is a failure that names it. With `rootovl` absent or "no" nothing
 * else is looked at, and root= may be anything.
 */
int settings_read(struct settings *settings, const struct cmdline *cmdline, struct failure *f);
void settings_done(struct settings *settings);

/* Can the root be checked by dm-verity, if it is to be? Asked again when DHCP has named it. */
int settings_check_verity(const struct settings *settings, struct failure *f);

/*
 * Only what a failed boot does, read without failing: also a command line that settings_read()
 * refuses must end the way its owner chose.
 */
enum onfail settings_onfail(const struct cmdline *cmdline);

/*
 * Returns where the report goes, read in the same way; NULL: nowhere. The caller owns the text.
 */
char *settings_report(const struct cmdline *cmdline);
