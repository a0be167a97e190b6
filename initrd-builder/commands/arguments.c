// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/commands/arguments.h"

#include "initrd-builder/build/userspace.h"
#include "initrd-builder/root/arch.h"

#include <stdlib.h>

const struct command_option arguments_options[] = {
	{ "way", .argument = "short", .words = "short",
	  .help = "short: without systemd, for kernel lines that all take the short way" },
	{ "for", .argument = "vm", .words = "vm",
	  .help = "vm: only with drivers that virtual machines need" },
	{ "with", .argument = "disks|live|verity", .words = "disks live verity",
	  .help = "disks: with what an upper on local disks needs: rootfs_disk=…; xfs, btrfs\n"
		  "live: with the program that fetches images over HTTP: root=live:…\n"
		  "verity: with what checks an image as it is read: rootovl.verity=…" },
	{ "engine", .argument = "ENGINE", .words = "docker podman buildah none",
	  .help = "docker, podman or buildah: in the container of `make container`; none: by this "
		  "machine's dracut (default: the first one that has it, else none)" },
	{ "arch", .argument = "ARCH",
	  .words = "amd64 arm64 i386 armhf riscv64 ppc64el s390x loong64",
	  .help = "only for kernels of this architecture (amd64, arm64); it is that of a root that "
		  "does not tell its own" },
	{ "image", .argument = "IMAGE",
	  .help = "the container's name (localhost/rootovl-builder:ARCH)" },
	{ "cache", .argument = "DIR", .kind = COMMAND_DIR,
	  .help = "where userspaces are kept (" USERSPACE_CACHE ", or ROOTOVL_CACHE)" },
	{ 0 },
};

struct build_options arguments_read(const struct command_line *line)
{
	static const char *const asking[] = { "way", "for", "with" };
	const char *cache = getenv("ROOTOVL_CACHE"), *given = command_value(line, "cache");
	const char *arch = command_value(line, "arch");
	struct build_options options = {
		.cache = given		   ? given
			 : cache && *cache ? cache
					   : USERSPACE_CACHE,
		.engine = command_value(line, "engine"),
		.image = command_value(line, "image"),
		.arch = arch ? arch_known(arch) : NULL,
	};

	for (size_t i = 0; i < ARRAY_SIZE(asking); i++) {
		const char *value;

		for (size_t k = 0; (value = command_next(line, asking[i], &k));)
			features_add(&options.with, asking[i], value);
	}
	return options;
}
