/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256 by OpenSSL's libcrypto (EVP_DigestInit(3)), which uses the instructions that processors
 * have for it. Only programs that call this link that library.
 */
#pragma once

#include <stddef.h>

#define SHA256_ROOM (2 * 32 + 1) /* bytes of the text: hexadecimal digits and a NUL */

/* A digest under way; zeros before sha256_begin(). */
struct sha256 {
	void *context;
};

/* Begins a new digest. Returns 0, or -ENOMEM if OpenSSL cannot provide SHA-256. */
int sha256_begin(struct sha256 *hash);
void sha256_add(struct sha256 *hash, const void *data, size_t len);
/* Writes the digest in lower-case hexadecimal. Only sha256_begin() or sha256_done() may follow. */
void sha256_end(struct sha256 *hash, char text[SHA256_ROOM]);
/* Releases the memory of sha256_begin(). */
void sha256_done(struct sha256 *hash);
