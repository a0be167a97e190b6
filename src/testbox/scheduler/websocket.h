/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks a scheduler through a WebSocket (RFC 6455; libwebsockets), once. */
#pragma once

#include "src/common/failure.h"

#include <signal.h>

/*
 * Connects to a ws: or wss: URL, waits for a script and closes. Gives 0 and the script, the
 * caller's, or 0 and NULL where none came in `seconds`; -EINTR once *stop is not 0; -EIO where
 * another attempt may go better; -EBADMSG for what is no answer. `token` (NULL: none) is what the
 * header Authorization says.
 */
int websocket_ask(const char *url, const char *ca_file, const char *token, unsigned seconds,
		  const volatile sig_atomic_t *stop, char **ret, struct failure *f);
