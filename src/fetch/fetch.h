/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fetching one file over HTTP or HTTPS, by libcurl, through broken connections. What the server
 * says of sizes is checked against the room that there is and against what comes.
 */
#pragma once

#include "src/common/failure.h"
#include "src/fetch/fetch_request.h"

/*
 * Fetches it. A broken connection is taken up where it broke, if the server says that the file is
 * still the same, or if the digest will tell. Gives 0 or -errno: -ENOSPC where the file is larger
 * than the room that the file system of `file` has, which is known before anything is written.
 */
int fetch(const struct fetch_request *request, struct failure *f);
