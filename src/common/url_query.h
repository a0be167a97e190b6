/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The query of a URL, for messages. Apart from url.h, for rootovl is linked without libcurl. Pure.
 */
#pragma once

/*
 * What stands behind the '?' of a URL, with the names in it and "***" for every value: signatures
 * and tokens have many names. The result is the caller's.
 */
char *url_query_shown(const char *query);
