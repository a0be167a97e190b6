/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two formats of blocks, which no library reads from memory: legacy lz4 and lzop's. */
#pragma once

#include "initrd-builder/read/decoder_kind.h"

extern const struct decoder_kind decoder_lz4, decoder_lzo;
