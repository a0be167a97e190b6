/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The servers that a machine of the user network may reach, by name or address, as the host's file
 * and the script say it. Pure; reach_rule.h has them as addresses.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define REACH_ALL "all"

struct reach_server {
	char *host;    /* a name, an address or a network; without brackets */
	unsigned port; /* 0: each port */
	int prefix;    /* of a network, in bits of its own kind of addresses; -1: it is none */
};

struct reach {
	bool all; /* what the host itself reaches */
	struct reach_server *servers;
	size_t n;
};

/* Adds what a word names: HOST, HOST:PORT, NETWORK/PREFIX or "all". Returns 0 or -EINVAL. */
int reach_read(struct reach *reach, const char *word);

/* Adds a server once; an empty host is none. */
void reach_add(struct reach *reach, const char *host, unsigned port);

/* Adds the host of scheme://[USER@]HOST[:PORT]…, with the scheme's port; other texts have none. */
void reach_add_url(struct reach *reach, const char *url);

/* Returns a server as reach_read() takes it. The caller owns it. */
char *reach_server_text(const struct reach_server *server);

/* Returns all of it in one line; "" for nothing. The caller owns it. */
char *reach_text(const struct reach *reach);

void reach_done(struct reach *reach);
