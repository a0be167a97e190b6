/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `rootovl boot` would make of a kernel line in this machine, told before it boots. Pure. */
#pragma once

#include "src/common/cmdline.h"
#include "src/common/failure.h"
#include "src/testbox/plan/host.h"

#include <stdbool.h>

/* What the initrds of a machine are. */
struct line_image {
	bool ours;	 /* an image of rootovl's is among them */
	bool alone;	 /* and nothing else in them makes a root */
	bool short_only; /* ours is, and has no systemd: it takes only the short way */
	bool words;	 /* they have files in /etc/cmdline.d, which add to the kernel line */
};

/* Does an image of ours run with this line, switched on, and not another program by rdinit=? */
bool line_check_is_ours(const struct line_image *image, const struct cmdline *line);

/*
 * Checks the line that the host's file and the script make: with an image of ours it is refused
 * where `rootovl plan` refuses it, in the same words, where rootovl is not switched on in an image
 * that has nothing else, where it needs systemd and the image has none, and where it names a disk
 * that the machine has not. With another image, or with rdinit=, the line is for somebody else:
 * then *ret_warning is what may go wrong, or NULL; it is the caller's. So it is where the initrds
 * have further words, which are not known here.
 */
int line_check(const struct line_image *image, const struct host *host, const char *args,
	       char **ret_warning, struct failure *f);
