/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What network managers and udev are told of an interface that the root hangs on. The root may
 * rename it while it is up (Linux 6.2 and later), so hardware is named by its address, and
 * everything else keeps its name. Pure; each result is the caller's.
 */
#pragma once

#include "src/rootovl/machine/card.h"

/* The lines of [Match] of systemd.network(5). */
char *hold_text_match(const struct card *card);

/* A device of NetworkManager.conf(5), "Device List Format". */
char *hold_text_device(const struct card *card);

/*
 * The rule of udev(7) by which an interface keeps its name, whatever the root's rules and .link
 * files say; NULL: it needs none.
 */
char *hold_text_rule(const struct card *card);

/*
 * For ifupdown, which knows only names: a script of the root's sh(1). "list" writes the names of
 * these interfaces to `environment`, the present ones and those that udev was to give them; "free
 * NAME" ends with 1 if NAME is one of them.
 */
char *hold_text_script(const struct card *cards, size_t n, const char *environment);
