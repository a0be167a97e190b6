/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an image has, or does without, only where it is asked for by an option of build. */
#pragma once

#include "initrd-builder/build/parts.h"

#include <stdbool.h>

enum feature {
	FEATURE_SHORT,	/* --way short: no systemd */
	FEATURE_VM,	/* --for vm: only drivers of virtual machines */
	FEATURE_DISKS,	/* --with disks: what makes an upper on local disks, file systems of such */
	FEATURE_LIVE,	/* --with live: what fetches an image over HTTP */
	FEATURE_VERITY, /* --with verity: what checks an image by dm-verity */
	FEATURE_COUNT,
};

/* A set of them. */
typedef unsigned features;

/* Puts the one of this option and value into the set; false: there is none. */
bool features_add(features *set, const char *option, const char *value);
bool features_has(features set, enum feature feature);

/* Its option, and the option's value. */
const char *features_option(enum feature feature);
const char *features_word(enum feature feature);

/* Does the userspace depend on it? The script that makes that knows it by its word then. */
bool features_is_userspace(enum feature feature);

/* The options that ask for those of the set, "--with=disks", a list of strings; the caller's. */
char **features_options(features set);

/* The dracut module of its own; PART_COUNT: it has none. */
enum part features_part(enum feature feature);
