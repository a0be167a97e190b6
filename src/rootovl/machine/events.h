/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for the kernel to say that something changed, by netlink(7) or inotify(7). */
#pragma once

/* A socket that hears of these multicast groups of a netlink protocol, or -1. */
int events_listen(int protocol, unsigned groups);

/*
 * A descriptor that hears of what comes to be in a directory, and of the directory itself coming to
 * be, where it or those above it are not there yet; or -1.
 */
int events_watch(const char *dir);

/* Waits until something is heard, or `ms` have passed. What changed, the next look will see. */
void events_wait(int listener, unsigned ms);
