/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Host + script + files -> what is run, as data: the images to make and the command lines of QEMU
 * and virtiofsd. Pure. The printed plan is one text for all uses: `testbox run --dry-run`, the
 * golden files of the tests.
 */
#pragma once

#include "src/testbox/plan/host.h"

#include <stdio.h>

/* The names that both sides of a machine know. */
#define PERSONALITY_LABEL "ROOTOVL"		    /* of the ISO (volume identifier) */
#define PERSONALITY_PORT  "org.rootovl.personality" /* of the virtio-serial port */
#define PERSONALITY_ID	  "personality"		    /* of the CD, for QMP's eject */
#define RESULT_TAG	  "lkp-result"		    /* of the shared folder: virtiofs … */
#define ROOT_TAG	  "rootfs"		    /* of a root that is shared */
#define RESULT_TAG_9P	  "9p/virtfs_mount"	    /* … or 9p, as LKP's own launcher has it */

/* Nothing that a machine needs is a program, another user, or an obsolete system call. */
#define QEMU_SANDBOX "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"

/* Descriptors that QEMU inherits, each one end of a pair of stream sockets; -1: none. */
struct machine_sockets {
	int console; /* the serial console */
	int qmp;     /* QMP, qemu-qmp-ref(7) */
	int port;    /* PERSONALITY_PORT */
};

/* Where virtiofsd sees the folder that it serves, in a mount namespace of its own. */
#define SHARE_PLACE "/tmp"

/* Descriptors of a share: the socket that virtiofsd listens on, and QEMU's, connected to it. */
struct machine_share {
	int listening;
	int connected;
};

struct machine_request {
	const struct host *host;
	bool kvm;
	const char *dir;     /* the testbox's folder; absolute */
	const char *run;     /* the folder in it that goes with the run */
	const char *kernel;  /* absolute paths; NULL: it comes by the network card's firmware */
	const char *initrd;  /* one file; NULL: none */
	const char *cmdline; /* as the script has it */
	const char *iso;     /* the personality; NULL: none */
	const char *result;  /* the folder to share; NULL: none */
	int result_fd;	     /* its descriptor, which QEMU inherits for 9p */
	const char *rootfs;  /* the root's folder, to share read-only; NULL: none */
	struct machine_share result_share, rootfs_share;
	struct machine_sockets sockets;
	const struct reach *reach; /* what the machine may reach */
	const int *nets; /* for each card of the user network a stream socket of frames; NULL: QEMU
			    makes that network itself */
	const struct plan_base *bases; /* what is known of each disk's base; NULL: nothing */
};

/*
 * What QEMU, which runs without rights, gets as a descriptor that the launcher has opened. Their
 * numbers there are PLAN_FIRST_FD and on, in the order of the list.
 */
#define PLAN_FIRST_FD 200
enum plan_file_kind {
	FILE_REOPENED, /* read by its name in /proc/self/fd: QEMU's user must be able to open it */
	FILE_READ,     /* read by the descriptor */
	FILE_DISK,     /* read and written by the descriptor */
	FILE_TAP,      /* a new tap; the path is the name of its bridge */
};

struct plan_file {
	enum plan_file_kind kind;
	char *path;
};

/* The images below a disk's base, that is an image itself: each the base of the one before. */
struct plan_base {
	char **paths;	/* from the base on; NULL: only the base is known */
	char **formats; /* of each */
	bool *devices;	/* is each a block device? */
	size_t n;
};

struct plan_image {
	char *path;
	uint64_t size; /* 0: the base's */
	char *base;    /* NULL: none */
	bool keep;     /* made only where it is not there yet */
	bool thin;     /* nobody said its size: no room is kept for it */
};

/* A folder that a virtiofsd of its own serves. */
struct plan_share {
	char **virtiofsd;
	char *folder; /* for people */
	bool readonly;
	int listening; /* virtiofsd inherits it */
};

struct machine_plan {
	char **qemu;
	struct plan_share shares[2];
	size_t n_shares;
	struct plan_image *images;
	size_t n_images;
	struct plan_file *files;
	size_t n_files;
	char *append; /* the kernel line, which QEMU gets by QMP: no process list has it; or NULL */
	char *reach;  /* what the user network leads to; NULL: there is no such card */
	uint64_t memory; /* that the host must have free */
};

/* Cannot fail: the host's reading has checked all of it. */
void machine_plan_build(struct machine_plan *plan, const struct machine_request *request);
void machine_plan_print(const struct machine_plan *plan, FILE *out);
void machine_plan_done(struct machine_plan *plan);
