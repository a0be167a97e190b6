/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of a boot, which the steps share: what an earlier step leaves for a later one. Pure: it
 * owns what boot_execute() releases at the end, and includes no header of effects.
 */
#ifndef ROOTOVL_BOOT_STATE_H
#define ROOTOVL_BOOT_STATE_H

#include <arpa/inet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

struct newroot;
struct payload_stats;
struct plan;
struct report;
struct step_cache;

/* A boot under way. */
struct boot {
	const struct plan *plan;
	struct report *report;
	uint64_t deadline; /* until when what can heal is retried; clock_ms() */
	int lower, upper;  /* the lower's root, and the directory that becomes the upper layer */
	int nbd;	   /* number of the lower's device, /dev/nbdN; -1: none */
	struct {
		const struct step_cache *step; /* NULL: none is looked for, or none can be kept */
		int dir, root; /* its directory on the disk, and what may be the lower; or -1 */
		char *of;      /* lower_identity() of what it was made from; NULL without `root` */
		bool used;     /* it is the lower */
	} copy;		       /* of the lower, on the disk (cache.h) */
	struct newroot *newroot; /* of the lower, and of both once the upper is there */
	char local[INET6_ADDRSTRLEN + IF_NAMESIZE]; /* our address that the lower hangs on, or "" */
	bool lower_mounted, disk_mounted, upper_mounted;
	struct payload_stats *copied;
};

#endif
