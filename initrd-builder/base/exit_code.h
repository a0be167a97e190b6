/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The exit codes of initrd-builder(8). */
#pragma once

enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NO_KERNEL = 3,
	EXIT_FOUND = 4, /* inspect, verify: something is wrong with the files */
};
