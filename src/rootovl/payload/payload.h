/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies the payload, the files that further initrds brought into the initramfs, to the new root by
 * its rules (payload_rules.h). The initramfs does that after the lower and upper are mounted, and
 * before the overlay is.
 */
#pragma once

#include "src/common/failure.h"
#include "src/rootovl/newroot/newroot.h"
#include "src/rootovl/plan/payload_rules.h"

#include <stdint.h>

struct payload_stats {
	uint64_t files;		 /* regular files copied, hard links among them */
	uint64_t bytes;		 /* their contents */
	uint64_t others;	 /* links, devices, fifos, sockets */
	uint64_t dirs;		 /* directories made or merged */
	uint64_t replaced;	 /* objects of the lower that the payload replaces */
	uint64_t xattrs_skipped; /* attributes that the upper does not support */
	uint64_t links_followed; /* links whose directory was merged into the root's */
	uint64_t
		links_left_out; /* links that were skipped because the root has a directory there */
	char **warnings;	/* one for each skipped link, freed by payload_stats_done() */
};

/* The most skipped links with a warning each. */
#define PAYLOAD_WARNINGS_MAX 20

void payload_stats_done(struct payload_stats *stats);

/*
 * Copies what the rules name from the tree at `source_fd` into the new root; a source that is not
 * there is nothing to do, unless rootovl.copy= asked for it: then it is a failure. Mode, owner,
 * times, extended attributes, hard links, symbolic links, devices and sparse files are kept.
 * Sources are resolved inside source_fd, and what is mounted there is not the payload. With `move`,
 * each file is gone from the source as soon as it is copied, and a large one is given back piece by
 * piece, so that the peak of memory is the payload and a few MB.
 *
 * Links of the root on the way to a destination are followed inside the root; a payload directory
 * that meets a link to nothing, to itself or to a non-directory, replaces it. A payload file
 * replaces a file, a link or an empty directory; one that meets a directory with something in it is
 * refused (-EISDIR), for it would hide a part of the root. A payload link replaces a file or a
 * link. Where it meets a directory it is followed: payload_links.h. A directory that the lower has
 * keeps owner, mode, times and attributes; every other one gets the payload's, the last rule's if
 * several bring it. With PAYLOAD_MISSING nothing is replaced. A path of more than PATH_MAX bytes,
 * and a device that means a whiteout to the overlay, are refused.
 *
 * `stats` is added to, and is right after a failure too.
 */
int payload_copy(int source_fd, struct newroot *nr, const struct payload_rules *rules,
		 struct payload_stats *stats, struct failure *f);
