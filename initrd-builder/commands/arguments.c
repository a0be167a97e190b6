// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/commands/arguments.h"

#include "initrd-builder/commands/commands.h"
#include "initrd-builder/root/arch.h"

#include <stdlib.h>
#include <string.h>

void arguments_begin(struct arguments *arguments)
{
	const char *cache = getenv("ROOTOVL_CACHE");

	*arguments = (struct arguments){
		.options.cache = cache && *cache ? cache : USERSPACE_CACHE,
	};
}

int arguments_take(struct arguments *arguments, int letter, const char *value, const char *help)
{
	if (letter == 'w')
		return extras_add(&arguments->options.with, value)
			       ? -1
			       : usage("--with: only \"disks\" and \"live\" are known");
	if (letter == 'e')
		arguments->engine = value;
	else if (letter == 'i')
		arguments->image = value;
	else if (letter == 'c')
		arguments->options.cache = value;
	else if (letter == 'a' && !(arguments->options.arch = arch_known(value)))
		return usage("--arch: an architecture as Debian calls it: amd64, arm64, ...");
	else if (letter == 'a')
		return -1;
	else if (letter == 'h')
		return fputs(help, stdout) < 0 ? EXIT_FAILED : EXIT_OK;
	else
		return usage(NULL);
	return -1;
}

int arguments_check(const struct arguments *arguments)
{
	if (!*arguments->options.cache)
		return usage("--cache: which DIR?");
	if (arguments->engine && !engine_find(arguments->engine))
		return usage("--engine: docker, podman, buildah or none");
	return EXIT_OK;
}
