/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the parts of rootovl are that go into an image: in the source tree whose build directory
 * this program was started from, or where `make install` put them.
 */
#pragma once

#include "src/common/failure.h"

enum part {
	PART_MODULE,	    /* the directory of the dracut module */
	PART_LEAN_MODULE,   /* and of the one of the lean profile */
	PART_SHORT_MODULE,  /* and of the one that both ways need */
	PART_LIVE_MODULE,   /* and of the one for images over HTTP */
	PART_DISKS_MODULE,  /* and of the one for local disks */
	PART_VERITY_MODULE, /* and of the one for dm-verity */
	PART_LAST_MODULE = PART_VERITY_MODULE,
	PART_PROFILE, /* lean.conf */
	PART_HELPER,
	PART_REPORT,
	PART_FETCH,
	PART_VERITY,
	PART_PAYLOAD,
	PART_DEFER,
	PART_USERSPACE, /* the script that runs dracut */
	PART_COUNT,
};

struct parts {
	char *path[PART_COUNT];
};

int parts_find(struct parts *ret, struct failure *f);
void parts_done(struct parts *parts);
