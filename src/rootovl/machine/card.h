/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A network interface, and by what it can be known again when it has another name. */
#pragma once

#include <net/if.h>
#include <stdbool.h>

#define MAC_TEXT 18 /* "52:54:00:12:34:56" */
#define TYPE_LEN 32

struct card {
	char name[IF_NAMESIZE];
	unsigned index;		  /* stays the same for as long as the interface is there */
	char mac[MAC_TEXT];	  /* its present address, or "" */
	char permanent[MAC_TEXT]; /* the address of the hardware; "": a VLAN, a bond and the like */
	char type[TYPE_LEN];	  /* as Type= of systemd.network(5) calls it */
};

/* Reads what the kernel says of the interface. -errno: it is not there. */
int card_read(const char *name, struct card *ret);
