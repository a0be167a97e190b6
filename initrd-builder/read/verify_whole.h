/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules about all files together. */
#pragma once

#include "initrd-builder/read/verify_state.h"

/* Checks them when the last file was read. */
void verify_whole(struct verify *verify);
