/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which addresses a URL may lead to, itself and by redirects. A server may not send the launcher to
 * this host's loopback or to link-local addresses, unless it is at such an address itself.
 */
#pragma once

#include "src/common/failure.h"
#include "src/testbox/plan/reach.h"

#include <curl/curl.h>

struct address_policy {
	const char *base; /* the URL of the server that named this one; NULL: the user did */
	const struct reach *reach; /* what the host's file allows; NULL: nothing */
	unsigned kinds;		   /* those allowed so far; begins with 0 */
	bool looked_up;		   /* those of `base` are among them */
	char *refused;		   /* the address that was refused; NULL: none */
	CURL *easy;
};

/* Applies it to the transfer; `policy` must stay there until the handle ends. */
void address_policy_apply(CURL *easy, struct address_policy *policy);

/* Returns -EPERM if the transfer ended so because an address was refused; else 0. */
int address_policy_check(const struct address_policy *policy, CURLcode code, const char *shown,
			 struct failure *f);

void address_policy_done(struct address_policy *policy);
