/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a line of a kernel's console says of the machine's health. Pure. */
#pragma once

/*
 * "kernel panic", "kernel oops", "kernel hang": NULL when the line is nothing of the kind. Only
 * where the kernel would have written it: at the line's beginning, behind printk's time.
 */
const char *crash_reason(const char *line);
