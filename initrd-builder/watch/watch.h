/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `initrd-builder watch`: images for all roots below a directory, now and as they come. */
#pragma once

#include "initrd-builder/watch/watch_options.h"

/* Runs until a signal comes, which is success; ends the builds then. Gives 0 or -errno. */
int watch_run(const struct watch_options *options, struct failure *f);
