/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What carries out the steps of a plan. Each function does one kind of step and may rely on those
 * before it; an undo takes back exactly what its step did, and nothing where it did not get that
 * far.
 */
#ifndef ROOTOVL_STEPS_H
#define ROOTOVL_STEPS_H

#include "src/common/clock.h"
#include "src/rootovl/machine/report.h"
#include "src/rootovl/payload/payload.h"
#include "src/rootovl/plan/plan.h"

#include <netdb.h>
#include <stdint.h>

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
	char local[NI_MAXHOST];	 /* our address that the lower hangs on; "": on none */
	bool lower_mounted, disk_mounted, upper_mounted;
	struct payload_stats copied;
};

int step_load_modules(struct boot *boot, const struct step *step, struct failure *f);
int step_mount_lower(struct boot *boot, const struct step *step, struct failure *f);
void undo_mount_lower(struct boot *boot, const struct step *step);
int step_check_lower(struct boot *boot, const struct step *step, struct failure *f);
void undo_check_lower(struct boot *boot, const struct step *step);
int step_prepare_disks(struct boot *boot, const struct step *step, struct failure *f);
int step_find_copy(struct boot *boot, const struct step *step, struct failure *f);
void undo_find_copy(struct boot *boot, const struct step *step);
int step_mount_upper(struct boot *boot, const struct step *step, struct failure *f);
void undo_mount_upper(struct boot *boot, const struct step *step);
int step_copy(struct boot *boot, const struct step *step, struct failure *f);
int step_enable(struct boot *boot, const struct step *step, struct failure *f);
int step_fstab(struct boot *boot, const struct step *step, struct failure *f);
int step_personality(struct boot *boot, const struct step *step, struct failure *f);
int step_names(struct boot *boot, const struct step *step, struct failure *f);
int step_mount_root(struct boot *boot, const struct step *step, struct failure *f);

#endif
