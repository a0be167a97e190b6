// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/host_read.h"

#include "src/common/mem.h"
#include "src/testbox/plan/host_file.h"

#include <ctype.h>
#include <errno.h>

#define MEMORY_GB 4096

/* Reads a number of at most `max` and moves *p behind it; 0: there is none. */
static unsigned take_number(const char **p, unsigned max)
{
	unsigned n = 0;

	for (; isdigit((unsigned char)**p); (*p)++) {
		n = n * 10 + (unsigned)(**p - '0');
		if (n > max)
			return 0;
	}
	return n;
}

/* "2p8g" between a name's ends and dashes. */
static void read_name(struct host *host, const char *name)
{
	auto_strv char **parts = strv_split(name, "-");

	for (size_t i = 0; parts && parts[i]; i++) {
		const char *p = parts[i];
		unsigned cpus = take_number(&p, HOST_CPUS_MAX), memory;

		if (!cpus || tolower((unsigned char)*p++) != 'p')
			continue;
		memory = take_number(&p, MEMORY_GB);
		if (!memory || tolower((unsigned char)*p++) != 'g' || *p)
			continue;
		host->cpus = cpus;
		host->memory = (uint64_t)memory << 30;
	}
}

int host_read(struct host *ret, const char *name, const char *file, const char *text,
	      struct failure *f)
{
	struct host_file_said said = { 0 };
	auto_strv char **kinds = NULL;
	int r;

	*ret = (struct host){ 0 };
	if (!host_name_valid(name))
		return fail(f, EINVAL, "letters, digits, '.', '_' and '-' make a name",
			    "host \"%s\": no name for a testbox", name);
	ret->name = xstrdup(name);
	kinds = host_kinds(name);
	for (size_t i = 0; kinds[i]; i++)
		read_name(ret, kinds[i]);
	if (text) {
		r = host_file_read(ret, file, text, &said, f);
		if (r < 0)
			return r;
	}
	if (!said.something && (!ret->cpus || !ret->memory))
		return fail(f, EINVAL,
			    "use a name like vm-2p8g-1, or a file with nr_cpu: and memory:",
			    "host %s: how many processors and how much memory?", name);
	host_complete_nics(ret, said.nics ? 0 : 1);
	return 0;
}
