/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `rootovl network`: ip= and the like become networkd's units. */
#pragma once

#include "src/common/command.h"
#include "src/common/failure.h"
#include "src/rootovl/settings/network_words.h"

extern const struct command command_network;

/*
 * In the initramfs: mends directories that networkd needs and the payload changed, and writes the
 * units for the kernel command line. Nothing where the image has no systemd-network-generator(8).
 */
int network_units_make(struct failure *f);

/*
 * Writes networkd's units to /run/systemd/network below `root` ("": the machine itself), by the
 * program `generator`, which is systemd-network-generator(8).
 */
int network_units_write(const struct network_words *words, const char *root, const char *generator,
			struct failure *f);
