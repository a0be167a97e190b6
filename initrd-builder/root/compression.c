// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/root/compression.h"

#include "initrd-builder/root/kernel_config.h"

/* The best first; the last one is what every kernel of a distribution has. */
static const struct compression compressions[] = {
	{ "zstd", "CONFIG_RD_ZSTD" },
	{ "xz", "CONFIG_RD_XZ" },
	{ "gzip", "CONFIG_RD_GZIP" },
};

const struct compression *compression_choose(const char *config)
{
	const struct compression *last = &compressions[ARRAY_SIZE(compressions) - 1];

	for (const struct compression *c = compressions; config && c < last; c++) {
		if (kernel_config_has(config, c->config))
			return c;
	}
	return last;
}
