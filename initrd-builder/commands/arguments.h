/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options that every command takes which builds images. */
#ifndef BUILDER_ARGUMENTS_H
#define BUILDER_ARGUMENTS_H

#include "initrd-builder/build/build.h"
#include "initrd-builder/build/userspace.h"

#include <getopt.h>

/* Rows of getopt_long(3)'s table; arguments_take() knows their letters. */
#define ARGUMENTS_OPTIONS                                                                          \
	{ "with", required_argument, NULL, 'w' }, { "engine", required_argument, NULL, 'e' },      \
		{ "image", required_argument, NULL, 'i' },                                         \
		{ "cache", required_argument, NULL, 'c' },                                         \
		{ "arch", required_argument, NULL, 'a' },                                          \
	{                                                                                          \
		"help", no_argument, NULL, 'h'                                                     \
	}

#define ARGUMENTS_HELP                                                                             \
	"      --with disks     with what an upper on local disks needs: rootfs_disk=…; xfs, "   \
	"btrfs\n"                                                                                  \
	"      --with live      with the program that fetches images over HTTP: root=live:…\n"   \
	"      --engine ENGINE  docker, podman or buildah: in the container of `make container`; " \
	"none: by\n"                                                                               \
	"                       this machine's dracut (default: the first one that has it, else "  \
	"none)\n"                                                                                  \
	"      --arch ARCH      only for kernels of this architecture (amd64, arm64); it is that " \
	"of "                                                                                      \
	"a\n"                                                                                      \
	"                       root that does not tell its own\n"                                 \
	"      --image IMAGE    the container's name (localhost/rootovl-builder:ARCH)\n"           \
	"      --cache DIR      where userspaces are kept (" USERSPACE_CACHE                       \
	", or ROOTOVL_CACHE)\n"                                                                    \
	"      --help           this text\n"

/* As if nothing was told. */
void arguments_begin(struct build_options *options);

/*
 * Takes one of those options. Gives -1, or the exit status with which the command ends: for --help,
 * which prints `help`, and for what is wrong.
 */
int arguments_take(struct build_options *options, int letter, const char *value, const char *help);

/* Gives EXIT_OK, or tells what is wrong and gives EXIT_USAGE. */
int arguments_check(const struct build_options *options);

#endif
