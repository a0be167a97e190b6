/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of what a program said. */
#pragma once

/* The last `lines` of an open file, of its last 16 KiB at most, newlines and all; the caller's. */
char *tail_read(int fd, unsigned lines);
