/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The servers that a script names. Pure. */
#pragma once

#include "src/testbox/plan/boot_script.h"
#include "src/testbox/plan/reach.h"

/*
 * Adds the servers of the kernel's and the initrds' URLs, those of the kernel line, and the one
 * that the script comes from (`scheduler`, a URL or NULL). `hardware` are further words of the
 * kernel line, or NULL. Of the line that is: root= in all its forms, each URL, name servers, and
 * parameters whose name ends in HOST or SERVER, as LKP_SERVER; NAME_PORT beside NAME_HOST is its
 * port.
 */
void reach_script_add(struct reach *reach, const struct boot_script *script, const char *hardware,
		      const char *scheduler);
