/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the parts of rootovl are that go into an image: in the source tree whose build directory
 * this program was started from, or where `make install` put them.
 */
#ifndef BUILDER_PLACES_H
#define BUILDER_PLACES_H

#include "src/common/failure.h"

enum place {
	PLACE_MODULE,	    /* the directory of the dracut module */
	PLACE_LEAN_MODULE,  /* and of the one of the lean profile */
	PLACE_LIVE_MODULE,  /* and of the one for images over HTTP */
	PLACE_DISKS_MODULE, /* and of the one for local disks */
	PLACE_LAST_MODULE = PLACE_DISKS_MODULE,
	PLACE_PROFILE, /* lean.conf */
	PLACE_HELPER,
	PLACE_REPORT,
	PLACE_FETCH,
	PLACE_PAYLOAD,
	PLACE_USERSPACE, /* the script that runs dracut */
	PLACE_COUNT,
};

struct places {
	char *path[PLACE_COUNT];
};

int places_find(struct places *ret, struct failure *f);
void places_done(struct places *places);

#endif
