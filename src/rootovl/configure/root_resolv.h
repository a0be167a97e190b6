/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who tells the root's programs of name servers, by what the root has at /etc/resolv.conf. Pure. */
#pragma once

#include <stdbool.h>

enum root_resolv {
	ROOT_RESOLV_OWN,      /* it names servers itself: left alone */
	ROOT_RESOLV_RESOLVED, /* systemd-resolved makes it, which is told of the servers */
	ROOT_RESOLV_WRITE,    /* nobody: we write it */
};

/*
 * `target`: of the link that it is, or NULL. `text`: what the root has there, links followed, or
 * NULL. `resolved`: does the root start systemd-resolved? What lies below /run is of another boot.
 */
enum root_resolv root_resolv_of(const char *target, const char *text, bool resolved);

/* Is the target of a link below /run, however it is written? */
bool root_resolv_is_in_run(const char *target);
