/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host from its name and its file's text. Pure. */
#pragma once

#include "src/testbox/plan/host.h"

/*
 * A host from its name and, if there is one, the text of its file; `file` is that file's name for
 * failures. What neither says is: amd64, one card on the user network, no disks. Where there is a
 * file, processors and memory may be left 0, for host_ask(). *ret becomes the caller's also on
 * failure.
 */
int host_read(struct host *ret, const char *name, const char *file, const char *text,
	      struct failure *f);
