// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/host.h"

#include "src/common/mem.h"

#include <ctype.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#define NAME_LEN_MAX 63 /* a host's name in DNS */

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

char **host_kinds(const char *name)
{
	auto_free char *kind = xstrdup(name);
	size_t len = strlen(name), end = len;
	char **kinds = NULL;
	char *dot;

	strv_add(&kinds, xstrdup(name));
	while (end > 0 && isdigit((unsigned char)name[end - 1]))
		end--;
	if (end > 1 && end < len && name[end - 1] == '-') {
		kind[end - 1] = '\0';
		strv_add(&kinds, xstrdup(kind));
	}
	while ((dot = strrchr(kind, '.'))) {
		*dot = '\0';
		strv_add(&kinds, xstrdup(kind));
	}
	return kinds;
}

char *host_mac(const char *name, unsigned nth, char separator)
{
	auto_free char *text = nth > 1 ? xasprintf("%s%u\n", name, nth) : xasprintf("%s\n", name);
	unsigned char sum[EVP_MAX_MD_SIZE];
	const char s = separator;

	/* A name, and no secret: MD5 is allowed for it on a host in FIPS mode too. */
	if (!EVP_Q_digest(NULL, "MD5", "-fips", text, strlen(text), sum, NULL))
		abort();
	return xasprintf("0a%c%02x%c%02x%c%02x%c%02x%c%02x", s, sum[0], s, sum[1], s, sum[2], s,
			 sum[3], s, sum[4]);
}

void host_complete_nics(struct host *host, size_t n)
{
	if (n > host->n_nics)
		host->nics = xreallocarray(host->nics, n, sizeof(*host->nics));
	while (host->n_nics < n)
		host->nics[host->n_nics++] = (struct host_nic){ 0 };
	for (size_t i = 0; i < host->n_nics; i++)
		if (!host->nics[i].mac)
			host->nics[i].mac = host_mac(host->name, (unsigned)i + 1, ':');
}

/* What the host's file says stays. */
static void ask_size(struct host *host, const struct machine_wishes *wishes)
{
	if (!host->cpus_said) {
		if (wishes->cpus)
			host->cpus = wishes->cpus;
		if (host->cpus < wishes->cpus_minimum)
			host->cpus = wishes->cpus_minimum;
	}
	if (!host->memory_said) {
		if (wishes->memory)
			host->memory = wishes->memory;
		if (host->memory < wishes->memory_minimum)
			host->memory = wishes->memory_minimum;
	}
	if (!host->cpus)
		host->cpus = 1;
	if (!host->memory)
		host->memory = 1ull << 30;
}

int host_ask(struct host *host, const struct machine_wishes *wishes, struct failure *f)
{
	const unsigned asked[] = { wishes->nr_disk ? wishes->nr_disk + 1 : 0, wishes->disks,
				   host->disks_wanted };
	size_t disks = 0;

	for (size_t i = 0; i < ARRAY_SIZE(asked); i++)
		disks = asked[i] > disks ? asked[i] : disks;
	ask_size(host, wishes);
	if (disks > HOST_DISKS_MAX || wishes->nr_nic > HOST_NICS_MAX)
		return fail(f, E2BIG, NULL,
			    "host %s: %zu disks and %u network cards are asked for; %u and %u are "
			    "the most",
			    host->name, disks, wishes->nr_nic, HOST_DISKS_MAX, HOST_NICS_MAX);
	host_complete_nics(host, wishes->nr_nic);
	if (disks > host->n_disks)
		host->disks = xreallocarray(host->disks, disks, sizeof(*host->disks));
	while (host->n_disks < disks) {
		bool unsaid = host->n_disks == 0 || !wishes->disk_size;

		host->disks[host->n_disks++] = (struct host_disk){
			.size = unsaid ? DISK_SIZE : wishes->disk_size,
			.unsaid = unsaid,
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
	free(host->cmdline);
	reach_done(&host->reach);
	*host = (struct host){ 0 };
}
