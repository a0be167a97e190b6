/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two ways from the kernel to the root. On the short one /init is rootovl itself; on the long
 * one it executes systemd. Both start from the same image. Pure.
 */
#pragma once

#include "src/rootovl/settings/settings.h"

/*
 * Why the words ask for something that only systemd's way has: a device that the image itself
 * mounts, a bond, a word of dracut or systemd. Returns NULL where the short way can do all of it.
 * The text is the caller's. `settings` are those of the same words.
 */
char *way_needs_long(const struct settings *settings, const struct cmdline *cmdline);

/*
 * Fails, by -ENOEXEC, where a boot with these settings needs systemd, for an image that has none.
 * Returns 0 where it needs none.
 */
int way_check_without_systemd(const struct settings *settings, struct failure *f);
