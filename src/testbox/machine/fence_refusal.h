/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The answer to a TCP connection that is refused, so that nobody waits for it. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define FENCE_REFUSAL_MAX 74 /* Ethernet, IPv6 and TCP */

/*
 * Writes the frame that refuses the connection which `frame` asks for. Returns its length; 0: it
 * asks for none, as UDP and fragments. The frame was looked at by fence_frame_look().
 */
size_t fence_refusal_make(const uint8_t *frame, size_t len, uint8_t ret[FENCE_REFUSAL_MAX]);
