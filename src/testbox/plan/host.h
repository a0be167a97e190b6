/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a virtual testbox is made of. Its name says it ("vm-2p8g-1": 2 processors, 8 GB), and a YAML
 * file can say more. Pure.
 */
#pragma once

#include "src/common/failure.h"
#include "src/testbox/plan/boot_script.h"
#include "src/testbox/plan/reach.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOST_CPUS_MAX	512
#define HOST_MEMORY_MIN (16ull << 20) /* bytes; a smaller number lacks its unit */
#define HOST_NICS_MAX	8
#define HOST_DISKS_MAX	24

enum host_arch {
	ARCH_AMD64,
	ARCH_ARM64,
};

enum host_share {
	SHARE_VIRTIOFS,
	SHARE_9P,
};

enum host_disk_kind {
	DISK_FRESH, /* empty at every run */
	DISK_KEPT,  /* made once, and kept between runs */
	DISK_THIN,  /* the differences to a base, fresh at every run; the base is only read */
};

struct host_disk {
	enum host_disk_kind kind;
	uint64_t size; /* bytes; 0: as large as the base */
	bool unsaid;   /* nobody said the size */
	char *base;    /* DISK_THIN: an image's absolute path, or nbd://HOST[:PORT][/EXPORT] */
};

struct host_nic {
	char *bridge; /* a tap on this bridge; NULL: QEMU's user network */
	char *mac;    /* "0a:6c:c0:5b:3a:4e" */
};

struct host {
	char *name;
	enum host_arch arch;
	bool arch_said; /* by the file; else it is the kernel's */
	unsigned cpus;
	uint64_t memory;	     /* bytes */
	bool cpus_said, memory_said; /* by the file; else a job may want others */
	bool pxe;		     /* without a script it boots by its network card */
	char *cpu;		     /* a CPU model of QEMU's; NULL: the fastest that works */
	char *firmware;		     /* a file that QEMU's -bios takes; NULL: QEMU's own */
	enum host_share share;
	uint64_t results_size; /* bytes that a machine may add to its results; 0: unsaid */
	struct host_disk *disks;
	size_t n_disks;
	unsigned disks_wanted; /* by its file's keys of disk_keys.h; 0: unsaid */
	char *cmdline;	       /* words for the kernel line, kernel_cmdline_hw; NULL: none */
	struct host_nic *nics;
	size_t n_nics;
	struct reach reach; /* what a machine of the user network may reach beside its script's */
};

/* May a testbox have this name? It becomes the name of a folder and a word of QEMU's. */
bool host_name_valid(const char *name);

/*
 * The names of a host's file, the closest one first: hosts of one kind share a file. They are the
 * name, then without the number at its end, then without each ".…", as Compass-CI's launcher cuts
 * it (providers/qemu.sh): "vm-2p8g.HOST-766969", "vm-2p8g.HOST", "vm-2p8g". Owned.
 */
char **host_kinds(const char *name);

/*
 * The MAC of the nth card (from 1), as Compass-CI's launcher derives it (providers/qemu.sh,
 * providers/qemu/kvm.sh: echo NAME | md5sum): "0a" and five bytes of the MD5 of the name and a
 * newline; from the second card on, of the name, the number and a newline. `separator` is '-' or
 * ':'. Owned by the caller.
 */
char *host_mac(const char *name, unsigned nth, char separator);

void host_done(struct host *host);

/* Gives the host at least `n` cards, and each card without a MAC the one of its number. */
void host_complete_nics(struct host *host, size_t n);

/*
 * What a script, a job and the host's file ask for: at least so many disks and cards as they say.
 * -E2BIG: too many. A file that says neither processors nor memory leaves Compass-CI's: 1 and 1
 * GiB.
 */
#define DISK_SIZE (128ull << 30) /* as Compass-CI's; a qcow2 file takes what is written to it */
int host_ask(struct host *host, const struct machine_wishes *wishes, struct failure *f);

/* Takes the kernel's architecture; one that the file says must be the same. */
int host_take_arch(struct host *host, enum host_arch kernel, struct failure *f);
