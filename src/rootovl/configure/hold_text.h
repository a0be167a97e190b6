/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the configuration of network managers and udev for the interface that carries the root.
 * Since Linux 6.2 udev can rename an interface that is up. So a network card is matched by its MAC
 * address, and other interfaces keep their name. Pure. The caller frees each result.
 */
#pragma once

#include "src/rootovl/machine/card.h"

/* Returns the lines of the [Match] section, see systemd.network(5). */
char *hold_text_match(const struct card *card);

/* Returns a device for NetworkManager.conf(5), "Device List Format". */
char *hold_text_device(const struct card *card);

/*
 * Returns the udev(7) rule that keeps the name of an interface despite the root's rules and .link
 * files, or NULL if no rule is needed.
 */
char *hold_text_rule(const struct card *card);

/*
 * For ifupdown, which knows only names: a script of the root's sh(1). "list" writes the names of
 * these interfaces to `environment`, the present ones and those that udev was to give them; "free
 * NAME" ends with 1 if NAME is one of them.
 */
char *hold_text_script(const struct card *cards, size_t n, const char *environment);
