/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of network cards, by the rules of udev: enp0s3, or what ifname= and .link files say. */
#pragma once

/*
 * Gives a card the name that udev would give it, by `udevadm test`. Nothing where the image has no
 * udevadm: the kernel's name stays.
 */
void card_names_give(const char *card);

/* The same for all cards that are there. */
void card_names_give_all(void);

/* Removes what `udevadm test` noted of the cards: the root's udev begins with an empty database. */
void card_names_forget(void);
