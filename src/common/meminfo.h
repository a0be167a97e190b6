/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /proc/meminfo, see proc_meminfo(5). */
#pragma once

#include <stdint.h>

/*
 * Returns the value of the line that begins with `name`, "MemTotal:", in bytes; 0 if the text has
 * no such line.
 */
uint64_t meminfo_value(const char *text, const char *name);

/* Returns the value of a line of /proc/meminfo in bytes, or 0 if the file cannot be read. */
uint64_t meminfo_read(const char *name);
