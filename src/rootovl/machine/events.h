/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits until the kernel reports a change, by netlink(7) or inotify(7). */
#pragma once

/*
 * Opens a socket that receives these multicast groups of a netlink protocol. Returns its
 * descriptor, or -1.
 */
int events_listen(int protocol, unsigned groups);

/*
 * Opens an inotify(7) descriptor that reports new files in a directory. If the directory or its
 * parents are missing, the descriptor also reports their creation. Returns -1 on failure.
 */
int events_watch(const char *dir);

/*
 * Waits until an event comes, or until `ms` have passed. Discards the event: the caller has to look
 * for the change itself.
 */
void events_wait(int listener, unsigned ms);
