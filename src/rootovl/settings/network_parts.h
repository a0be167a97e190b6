/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts that network parameters are made of: is this text one? Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Splits at ':' outside brackets; empty parts are kept. Never NULL; the caller's. */
char **net_split(const char *value);

bool net_is_interface(const char *text);		 /* a name that the kernel takes */
bool net_is_method(const char *text);			 /* of ip=: dhcp, auto6, none, … */
bool net_is_number(const char *text, unsigned long max); /* digits, 0 to max */
bool net_is_address(const char *text);			 /* IPv4, or IPv6 with brackets or not */
bool net_is_prefix(const char *text);			 /* ADDRESS/LENGTH */
bool net_is_mask(const char *text);			 /* 255.255.255.0, or a length */
bool net_is_mac(const char *text);			 /* six bytes with colons */
bool net_is_hostname(const char *text);			 /* or empty */

/* What may stand behind the method of ip=, from `i` on: [MTU][:MAC], or [DNS1][:DNS2]. */
bool net_are_behind(char *const *parts, size_t i, size_t n);
