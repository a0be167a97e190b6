// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/commands/arguments.h"

#include "initrd-builder/commands/commands.h"
#include "initrd-builder/root/arch.h"

#include <stdlib.h>
#include <string.h>

void arguments_begin(struct build_options *options)
{
	const char *cache = getenv("ROOTOVL_CACHE");

	*options = (struct build_options){
		.cache = cache && *cache ? cache : USERSPACE_CACHE,
	};
}

int arguments_take(struct build_options *options, int letter, const char *value, const char *help)
{
	if (letter == 'w')
		return features_add(&options->with, value)
			       ? -1
			       : usage("--with: only \"disks\" and \"live\" are known");
	if (letter == 'e')
		options->engine = value;
	else if (letter == 'i')
		options->image = value;
	else if (letter == 'c')
		options->cache = value;
	else if (letter == 'a' && !(options->arch = arch_known(value)))
		return usage("--arch: an architecture as Debian calls it: amd64, arm64, ...");
	else if (letter == 'a')
		return -1;
	else if (letter == 'h')
		return fputs(help, stdout) < 0 ? EXIT_FAILED : EXIT_OK;
	else
		return usage(NULL);
	return -1;
}

int arguments_check(const struct build_options *options)
{
	if (!*options->cache)
		return usage("--cache: which DIR?");
	if (options->engine && !engine_find(options->engine))
		return usage("--engine: docker, podman, buildah or none");
	return EXIT_OK;
}
