// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/common/packed.h"

#include "src/common/mem.h"

#include <string.h>

#define NO_TEXT UINT64_MAX

void packed_put_number(FILE *out, uint64_t number)
{
	fwrite(&number, sizeof(number), 1, out);
}

void packed_put(FILE *out, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	packed_put_number(out, text ? len : NO_TEXT);
	fwrite(text ? text : "", 1, len, out);
}

void packed_put_list(FILE *out, char *const *list)
{
	size_t n = strv_len(list);

	packed_put_number(out, n);
	for (size_t i = 0; i < n; i++)
		packed_put(out, list[i]);
}

uint64_t packed_number(struct packed *packed, uint64_t max)
{
	uint64_t number;

	if (packed->bad || packed->left < sizeof(number)) {
		packed->bad = true;
		return 0;
	}
	memcpy(&number, packed->at, sizeof(number));
	packed->at += sizeof(number);
	packed->left -= sizeof(number);
	packed->bad = number > max;
	return packed->bad ? 0 : number;
}

char *packed_text(struct packed *packed)
{
	uint64_t len = packed_number(packed, UINT64_MAX);
	char *text;

	if (packed->bad || len == NO_TEXT)
		return NULL;
	if (len > packed->left || memchr(packed->at, '\0', len)) {
		packed->bad = true;
		return NULL;
	}
	text = xstrndup(packed->at, len);
	packed->at += len;
	packed->left -= len;
	return text;
}

char **packed_list(struct packed *packed)
{
	uint64_t n = packed_number(packed, packed->left / sizeof(n));
	struct strv list = { 0 };

	for (uint64_t i = 0; i < n; i++) {
		char *text = packed_text(packed);

		packed->bad |= !text;
		if (packed->bad) {
			free(text);
			break;
		}
		strv_push(&list, text);
	}
	return list.list;
}

bool packed_is_whole(const struct packed *packed)
{
	return !packed->bad && !packed->left;
}
