// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A root's fstab(5), then a NUL byte and its crypttab(5). The lines of the result are those of the
 * text, what is made safe once stays as it is, and no line of crypttab is in action.
 */
#include "src/rootovl/configure/fstab.h"

#include "src/common/mem.h"
#include "src/rootovl/configure/crypttab.h"
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <string.h>

/* Each mount is compared with each other one, of which there are MOUNTS_MAX at most. */
extern const unsigned fuzz_large;
const unsigned fuzz_large = 4096;

static size_t lines(const char *text)
{
	size_t n = 0;

	for (; (text = strchr(text, '\n')); text++)
		n++;
	return n;
}

/* The safe text of a fstab; NULL: it is safe. */
static char *safe(const char *text)
{
	auto_mount_table struct mount_table *table = mount_table_new();
	char *ret = NULL;
	int r = fstab_read(text, table);

	must(r == 0 || r == -E2BIG);
	if (r < 0)
		return NULL;
	mount_table_judge(table);
	for (size_t i = 0; i < table->n; i++) {
		const struct mount_entry *entry = &table->entries[i];

		must(entry->source && entry->dir && entry->options && !strchr(entry->dir, '\n'));
		mount_is_expected(entry);
	}
	must(fstab_safe_text(text, table, 0, &ret) == 0);
	return ret;
}

static void check_fstab(const char *text)
{
	auto_free char *once = safe(text), *twice = once ? safe(once) : NULL;

	must(!once || lines(once) == lines(text));
	must(!twice);
}

static void check_crypttab(const char *text)
{
	auto_strv char **names = NULL, **more = NULL;
	auto_free char *once = NULL, *twice = NULL;

	must(crypttab_safe_text(text, &names, &once) == 0);
	must(!once || lines(once) == lines(text));
	must(!once || crypttab_safe_text(once, &more, &twice) == 0);
	must(!twice && !more);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = xcalloc(size + 2, 1);
	const char *crypttab;

	memcpy(text, data, size);
	crypttab = text + strlen(text) + (strlen(text) < size);
	check_fstab(text);
	check_crypttab(crypttab);
	return 0;
}
