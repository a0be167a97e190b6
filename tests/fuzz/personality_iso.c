// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a user asks of a machine's personality, and the ISO that brings it: what is accepted is one
 * file of it, and the helper in the machine reads the same. (Hashing a password takes long by
 * purpose, and no password is tried.)
 */
#include "src/testbox/machine/personality.h"

#include "src/common/files.h"
#include "src/common/mem.h"
#include "src/rootovl/configure/personality.h"
#include "tests/fuzz/fuzz.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>
#include <sys/mman.h>

/* The one file of the ISO; owned. */
static char *file_of(const char *path)
{
	struct archive *iso = archive_read_new();
	struct archive_entry *entry;
	char *text = NULL;
	size_t size;

	archive_read_support_format_iso9660(iso);
	must(archive_read_open_filename(iso, path, 10240) == ARCHIVE_OK);
	while (archive_read_next_header(iso, &entry) == ARCHIVE_OK) {
		if (archive_entry_filetype(entry) != AE_IFREG)
			continue;
		must(!text && !strcasecmp(archive_entry_pathname(entry), "personality"));
		size = (size_t)archive_entry_size(entry);
		text = xcalloc(size + 1, 1);
		must(archive_read_data(iso, text, size) == (la_ssize_t)size);
	}
	archive_read_free(iso);
	return text;
}

static void check_iso(const struct personality *personality)
{
	auto_close int fd = memfd_create("iso", MFD_CLOEXEC);
	auto_free char *path = xasprintf("/proc/self/fd/%d", fd), *text = NULL, *wanted = NULL;
	auto_failure struct failure f = { 0 };
	struct personality_facts facts;

	must(fd >= 0 && personality_write_iso(personality, fd, &f) == 0);
	text = file_of(path);
	wanted = personality_text(personality);
	must(text && !strcmp(text, wanted));
	must(personality_take(&facts, text, &f) == 0);
	must(!personality->hostname || !strcmp(facts.hostname, personality->hostname));
	must(!personality->ip || !strcmp(facts.address, personality->ip));
	personality_free(&facts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = xstrndup((const char *)data, size);
	auto_failure struct failure f = { 0 };
	struct personality personality;

	if (strstr(text, "pass"))
		return 0;
	if (personality_parse(&personality, text, &f) < 0)
		must(f.code && f.what && !strchr(f.what, '\n'));
	else if (personality_is(&personality))
		check_iso(&personality);
	personality_done(&personality);
	return 0;
}
