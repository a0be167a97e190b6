/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a boot script says, once script_read() has read it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What a script sets for the machine, in comments such as "# nr_disk=2", and a job by its keys. */
struct machine_wishes {
	unsigned nr_disk; /* disks beside the first one, which is there for rootfs_disk=; 0: unsaid
			   */
	unsigned disks;	  /* all disks, by the keys of a job (disk_keys.h); 0: unsaid */
	unsigned nr_nic;  /* all network cards; 0: unsaid */
	unsigned cpus, cpus_minimum;	 /* of a job; 0: unsaid */
	uint64_t memory, memory_minimum; /* of a job, in bytes; 0: unsaid */
	uint64_t disk_size;		 /* bytes of each disk behind the first one; 0: unsaid */
};

/* COMMAND_LINE_SIZE of x86 and arm64 with its NUL: the kernel cuts off what is beyond. */
#define KERNEL_LINE_MAX 2047

enum boot_script_end {
	BOOT_SCRIPT_BOOT,   /* there is a kernel to boot */
	BOOT_SCRIPT_NO_JOB, /* the scheduler has nothing to do for this machine: ask again */
	BOOT_SCRIPT_CHAIN,  /* another script takes over: `chain` */
	BOOT_SCRIPT_EXIT,   /* it gives the machine back */
};

/* A file of this host that is open: what comes in its place later is not booted. */
struct boot_opened {
	char *url;
	int fd;
};

struct boot_script {
	enum boot_script_end end;
	char *from;	/* the URL that it was fetched from; NULL: a file of the user's */
	char *kernel;	/* absolute URL; BOOT only, as what follows */
	char *args;	/* the kernel's command line, without the words initrd=; may be "" */
	char **initrds; /* absolute URLs in their order; NULL: none */
	char *job_id;	/* the folder of the initrd job.cgz, as schedulers name it; NULL: no such */
	char *chain; /* absolute URL: CHAIN, and NO_JOB where it says where to ask next; or NULL */
	unsigned pause; /* seconds that the script sleeps */
	char **echo;	/* what it says, line by line: for the log */
	struct machine_wishes wishes;
	struct boot_opened *opened; /* of the kernel's and the initrds' URLs */
	size_t n_opened;
};

/* Adds an open file, which stays the caller's. */
void boot_script_add_opened(struct boot_script *script, const char *url, int fd);

/* The descriptor of a URL's file; -1: it is not open. */
int boot_script_opened(const struct boot_script *script, const char *url);

/* Releases what the script owns and makes it empty. */
void boot_script_done(struct boot_script *script);
