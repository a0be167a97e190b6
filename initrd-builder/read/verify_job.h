/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules about the job: is it there, and will anything start it? */
#pragma once

#include "initrd-builder/read/verify_state.h"
#include "src/rootovl/plan/payload_rules.h"

void verify_job(struct verify *verify, const struct payload_rules *rules);
