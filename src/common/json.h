/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A cleanup attribute for jansson values; the variable must be initialised. */
#pragma once

#include <jansson.h>

static inline void json_free_p(json_t **json)
{
	json_decref(*json);
}
#define auto_json __attribute__((cleanup(json_free_p)))
