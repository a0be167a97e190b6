/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Servers by name -> addresses: what a machine may reach, looked up once on the host. */
#pragma once

#include "src/testbox/plan/reach.h"
#include "src/testbox/plan/reach_rule.h"

#define REACH_ALL_KINDS (ADDRESS_LOOPBACK | ADDRESS_LINK)

/* Returns the kinds of the addresses that the URL's host has; REACH_ALL_KINDS for NULL. */
unsigned reach_resolve_kinds(const char *url);

/*
 * Adds what the host's file lists, as the machine addresses it: the host's loopback is the gateway
 * there. A name without an address is logged and left out.
 */
void reach_resolve_host(const struct reach *reach, struct reach_rules *rules);

/*
 * Adds the servers of a script, each with all of its ports; on the host's loopback with the port
 * that the script says. A loopback or link-local address is left out, and logged, if its kind is
 * not in `kinds`, which are those of the server that the script comes from.
 */
void reach_resolve_script(const struct reach *reach, unsigned kinds, struct reach_rules *rules);

/* Does the list name this address of the host's view, by this port? */
bool reach_resolve_names(const struct reach *reach, const struct address *address, unsigned port);
