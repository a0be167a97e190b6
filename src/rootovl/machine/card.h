/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Describes a network interface by what stays the same when the interface is renamed. */
#pragma once

#include <net/if.h>
#include <stdbool.h>

#define MAC_TEXT 18 /* "52:54:00:12:34:56" */
#define TYPE_LEN 32

struct card {
	char name[IF_NAMESIZE];
	unsigned index;		  /* stays the same until the interface is removed */
	char mac[MAC_TEXT];	  /* the current address, or "" */
	char permanent[MAC_TEXT]; /* the address of the hardware; "" for a virtual interface */
	char type[TYPE_LEN];	  /* the value that Type= of systemd.network(5) has */
};

/*
 * Reads what the kernel reports about the interface. Returns 0, or -ENODEV if there is no such
 * interface.
 */
int card_read(const char *name, struct card *ret);
