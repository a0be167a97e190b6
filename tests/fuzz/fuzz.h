/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzzers share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Each program has this one, which libFuzzer calls with its inputs. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program where this does not hold: the input is a finding. */
static inline void must(bool holds)
{
	if (!holds)
		abort();
}
