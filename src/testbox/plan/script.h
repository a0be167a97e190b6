/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An iPXE script as data (https://ipxe.org/scripting; the splitting into words and the expansion
 * follow iPXE's exec.c, settings.c and script.c). Pure: nothing is fetched, nothing is asked.
 *
 * Known: #!ipxe, comments, a backslash at a line's end, set, clear, initrd and imgfetch [--name N]
 * URL, imgfree [NAME…], kernel [--name N] URL|NAME [ARG…], echo, sleep, chain URL, boot, exit,
 * reboot, and dhcp, which does nothing here. Whatever else is a failure that names its line, for a
 * testbox that left a command out would run something other than what the script asks for.
 */
#pragma once

#include "src/common/failure.h"
#include "src/testbox/plan/boot_script.h"
#include "src/testbox/plan/variables.h"

/* No scheduler sends more. */
#define SCRIPT_SIZE_MAX (1 << 20)

/*
 * Reads a script. `base` is its own URL, which relative ones are resolved against and which a file:
 * URL needs to be one itself; NULL: it has none (it came through a WebSocket). `variables` gets
 * what it sets; one without a value is empty, as in iPXE, but a failure in the host of a URL. Words
 * initrd= of the kernel, which EFI needs, must name images, or initrd.magic, and are left out.
 * Gives 0 or a failure; *ret is untouched then.
 */
int script_read(const char *text, const char *base, struct variables *variables,
		struct boot_script *ret, struct failure *f);
