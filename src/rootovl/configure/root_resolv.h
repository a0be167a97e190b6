/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds which program maintains the root's /etc/resolv.conf. Pure. */
#pragma once

#include <stdbool.h>

enum root_resolv {
	ROOT_RESOLV_OWN,      /* the file names servers itself, so it stays */
	ROOT_RESOLV_RESOLVED, /* systemd-resolved writes it, and gets the servers */
	ROOT_RESOLV_WRITE,    /* no program does, so rootovl writes it */
};

/*
 * `target`: of the link that it is, or NULL. `text`: what the root has there, links followed, or
 * NULL. `resolved`: does the root start systemd-resolved? What lies below /run is of another boot.
 */
enum root_resolv root_resolv_of(const char *target, const char *text, bool resolved);

/* Returns whether the target of a link is below /run, also if it is relative. */
bool root_resolv_is_in_run(const char *target);
