// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/host.h"

#include "src/common/mem.h"
#include "src/testbox/plan/host_file.h"

#include <ctype.h>
#include <errno.h>
#include <md5.h>
#include <string.h>

#define NAME_LEN_MAX 63 /* a host's name in DNS */
#define CPUS_MAX     512
#define MEMORY_GB    4096

bool host_name_valid(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > NAME_LEN_MAX || !isalnum((unsigned char)name[0]))
		return false;
	for (const char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._-", *c))
			return false;
	return true;
}

char *host_model(const char *name)
{
	size_t len = strlen(name), end = len;

	while (end > 0 && isdigit((unsigned char)name[end - 1]))
		end--;
	return end > 1 && end < len && name[end - 1] == '-' ? xstrndup(name, end - 1)
							    : xstrdup(name);
}

char *host_mac(const char *name, unsigned nth, char separator)
{
	auto_free char *text = nth > 1 ? xasprintf("%s%u\n", name, nth) : xasprintf("%s\n", name);
	unsigned char sum[MD5_DIGEST_LENGTH];
	const char s = separator;
	MD5_CTX md5;

	MD5Init(&md5);
	MD5Update(&md5, (const unsigned char *)text, strlen(text));
	MD5Final(sum, &md5);
	return xasprintf("0a%c%02x%c%02x%c%02x%c%02x%c%02x", s, sum[0], s, sum[1], s, sum[2], s,
			 sum[3], s, sum[4]);
}

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

/* "2p8g" between the name's ends and dashes. */
static void read_name(struct host *host)
{
	auto_strv char **parts = strv_split(host->name, "-");

	for (size_t i = 0; parts && parts[i]; i++) {
		const char *p = parts[i];
		unsigned cpus = take_number(&p, CPUS_MAX), memory;

		if (!cpus || tolower((unsigned char)*p++) != 'p')
			continue;
		memory = take_number(&p, MEMORY_GB);
		if (!memory || tolower((unsigned char)*p++) != 'g' || *p)
			continue;
		host->cpus = cpus;
		host->memory = (uint64_t)memory << 30;
	}
}

static void add_nics(struct host *host, size_t n)
{
	host->nics = xreallocarray(host->nics, n, sizeof(*host->nics));
	while (host->n_nics < n)
		host->nics[host->n_nics++] = (struct host_nic){ 0 };
}

static void name_nics(struct host *host)
{
	for (size_t i = 0; i < host->n_nics; i++)
		if (!host->nics[i].mac)
			host->nics[i].mac = host_mac(host->name, (unsigned)i + 1, ':');
}

int host_read(struct host *ret, const char *name, const char *file, const char *text,
	      struct failure *f)
{
	bool nics_said = false;
	int r;

	*ret = (struct host){ 0 };
	if (!host_name_valid(name))
		return fail(f, EINVAL, "letters, digits, '.', '_' and '-' make a name",
			    "host \"%s\": no name for a testbox", name);
	ret->name = xstrdup(name);
	read_name(ret);
	if (text) {
		r = host_file_read(ret, file, text, &nics_said, f);
		if (r < 0)
			return r;
	}
	if (!ret->cpus || !ret->memory)
		return fail(f, EINVAL,
			    "use a name like vm-2p8g-1, or a file with nr_cpu: and memory:",
			    "host %s: how many processors and how much memory?", name);
	if (!nics_said)
		add_nics(ret, 1);
	name_nics(ret);
	return 0;
}

int host_ask(struct host *host, const struct machine_wishes *wishes, struct failure *f)
{
	size_t disks = wishes->nr_disk ? (size_t)wishes->nr_disk + 1 : 0;

	if (disks > HOST_DISKS_MAX || wishes->nr_nic > HOST_NICS_MAX)
		return fail(f, E2BIG, NULL,
			    "host %s: %zu disks and %u network cards are asked for; %u and %u are "
			    "the most",
			    host->name, disks, wishes->nr_nic, HOST_DISKS_MAX, HOST_NICS_MAX);
	if (wishes->nr_nic > host->n_nics) {
		add_nics(host, wishes->nr_nic);
		name_nics(host);
	}
	if (disks > host->n_disks)
		host->disks = xreallocarray(host->disks, disks, sizeof(*host->disks));
	while (host->n_disks < disks) {
		bool first = host->n_disks == 0;

		host->disks[host->n_disks++] = (struct host_disk){
			.size = first || !wishes->disk_size ? DISK_SIZE : wishes->disk_size,
		};
	}
	return 0;
}

int host_take_arch(struct host *host, enum host_arch kernel, struct failure *f)
{
	static const char *const names[] = { [ARCH_AMD64] = "amd64", [ARCH_ARM64] = "arm64" };

	if (host->arch_said && host->arch != kernel)
		return fail(f, EINVAL, "the host's file says arch:",
			    "host %s: it is of architecture %s, and the kernel of %s", host->name,
			    names[host->arch], names[kernel]);
	host->arch = kernel;
	return 0;
}

int host_size(const char *text, uint64_t *ret)
{
	static const char units[] = "KMGT";
	uint64_t n = 0;
	unsigned shift = 0;
	const char *unit;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	for (; isdigit((unsigned char)*text); text++) {
		if (n > (UINT64_MAX >> 4) / 10)
			return -EINVAL;
		n = n * 10 + (uint64_t)(*text - '0');
	}
	if (*text) {
		unit = strchr(units, toupper((unsigned char)*text++));
		if (!unit)
			return -EINVAL;
		shift = 10 * (unsigned)(unit - units + 1);
		if (toupper((unsigned char)*text) == 'B')
			text++;
	}
	if (*text || n == 0 || n > UINT64_MAX >> 1 >> shift)
		return -EINVAL;
	*ret = n << shift;
	return 0;
}

void host_done(struct host *host)
{
	for (size_t i = 0; i < host->n_disks; i++)
		free(host->disks[i].base);
	for (size_t i = 0; i < host->n_nics; i++) {
		free(host->nics[i].bridge);
		free(host->nics[i].mac);
	}
	free(host->disks);
	free(host->nics);
	free(host->name);
	free(host->cpu);
	free(host->firmware);
	*host = (struct host){ 0 };
}
