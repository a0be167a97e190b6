/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of a boot, which the steps share: what an earlier step leaves for a later one. Pure: it
 * owns what boot_execute() releases at the end, and includes no header of effects.
 */
#pragma once

#include <arpa/inet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

struct least_clock;
struct newroot;
struct payload_stats;
struct plan;
struct report;
struct step_cache;

/*
 * The step under way, in memory that the process which watches the boot shares: it says what is
 * waited for where nothing else does.
 */
struct boot_progress {
	char root[512];	  /* the lower's name, of root_source_name(); "": not known yet */
	bool folder, nfs; /* the root is read file by file from a server; by NFS */
	char step[32], object[1024]; /* as the plan prints them; "": none has begun */
	bool tells;		     /* the step says itself what it waits for */
	bool local;		     /* the step asks no server */
	uint64_t since;		     /* when it began; clock_ms() */
	uint64_t said;		     /* when the console last got a line; clock_ms() */
};

/* What a boot has come to. boot_result_done() releases what it owns. */
struct boot_result {
	const char *step;      /* that was under way last; NULL: none had begun */
	bool copy;	       /* the lower is its copy on the disk */
	char *upper;	       /* what takes the writes, as the plan calls it; NULL: not there */
	uint64_t upper_bytes;  /* its size */
	uint64_t files, bytes; /* of the payload, copied */
	char **units;	       /* enabled; NULL: none */
	struct boot_progress *progress; /* the caller's; NULL: nobody watches */
};

/* May the copy of the lower be mounted instead of it? */
enum copy_answer {
	COPY_NONE, /* there is none that can be used */
	COPY_USE,  /* yes */
	COPY_ASK,  /* yes, if the server's root is still what the copy was made from */
};

/* A boot under way. */
struct boot {
	const struct plan *plan;
	struct report *report;
	struct boot_result *result;
	uint64_t deadline; /* until when what can heal is retried; clock_ms() */
	int lower, upper;  /* the lower's root, and the directory that becomes the upper layer */
	int disk;	   /* the file system of the upper, on RUN_DISK; -1: not mounted */
	struct {
		enum copy_answer answer;
		const struct step_cache *step; /* NULL: none is looked for, or none can be kept */
		int dir, root; /* its directory on the disk, and what may be the lower; or -1 */
		char *of;      /* lower_identity() of what it was made from; NULL without `root` */
	} copy;		       /* of the lower, on the disk (steps/find_copy.h) */
	struct newroot *newroot; /* of the lower, and of both once the upper is there */
	char local[INET6_ADDRSTRLEN + IF_NAMESIZE]; /* our address that the lower hangs on, or "" */
	struct payload_stats *copied;
	struct least_clock *clock;
};
