/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a scheduler says through a WebSocket, as Compass-CI's does (src/scheduler/find_job_boot.cr,
 * providers/lib/common.rb): {"type":"boot","response":"#!ipxe…"}, {"type":"close"},
 * {"type":"request_memory"}, {"type":"release_memory"}; or the script itself. Pure.
 */
#pragma once

#include "src/common/failure.h"

#include <stddef.h>

enum frame_kind {
	FRAME_BOOT,   /* `text` is a script */
	FRAME_CLOSE,  /* there is no more to come */
	FRAME_ANSWER, /* `text` is what it wants to hear */
};

struct frame {
	enum frame_kind kind;
	char *text;
};

/* Reads one message. *ret is the caller's; see frame_done(). -EBADMSG: it is no such message. */
int frame_read(const char *data, size_t len, struct frame *ret, struct failure *f);
void frame_done(struct frame *frame);
