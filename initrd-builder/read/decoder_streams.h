/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The formats that a library reads from memory. */
#pragma once

#include "initrd-builder/read/decoder_kind.h"

extern const struct decoder_kind decoder_gzip;
extern const struct decoder_kind decoder_bzip2;
extern const struct decoder_kind decoder_xz;
extern const struct decoder_kind decoder_lzma;
extern const struct decoder_kind decoder_zstd;
