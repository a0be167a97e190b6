// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/sha256.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

int sha256_begin(struct sha256 *hash)
{
	if (!hash->context)
		hash->context = EVP_MD_CTX_new();
	return hash->context && EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) == 1 ? 0
											  : -ENOMEM;
}

void sha256_add(struct sha256 *hash, const void *data, size_t len)
{
	/* It cannot fail after a good start; a wrong digest must never come of it. */
	if (EVP_DigestUpdate(hash->context, data, len) != 1)
		abort();
}

void sha256_end(struct sha256 *hash, char text[SHA256_ROOM])
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (EVP_DigestFinal_ex(hash->context, bytes, &len) != 1 || 2 * len + 1 != SHA256_ROOM)
		abort();
	for (unsigned i = 0; i < len; i++)
		sprintf(text + (size_t)2 * i, "%02x", bytes[i]);
}

void sha256_done(struct sha256 *hash)
{
	EVP_MD_CTX_free(hash->context);
	hash->context = NULL;
}
