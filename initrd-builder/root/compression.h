/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How an image for a kernel may be compressed. */
#pragma once

struct compression {
	const char *name;
	const char *config; /* the kernel's option that says it can unpack it */
};

/* Returns the best one that a kernel of this configuration can unpack; `config` NULL: not known. */
const struct compression *compression_choose(const char *config);
