// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/leases.h"

#include "src/common/clock.h"
#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/machine/events.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <string.h>

#define LEASES	    "/run/systemd/netif/leases"
#define LEASE_MAX   65536
#define PROGRESS_MS 10000 /* between two progress lines on the console */

static bool has_root_path(const struct dhcp_lease *lease)
{
	return lease->root_path != NULL;
}

static bool has_server(const struct dhcp_lease *lease)
{
	return lease->server != NULL;
}

static bool has_host_name(const struct dhcp_lease *lease)
{
	return lease->host_name != NULL;
}

/*
 * Finds the first lease for which `has` returns true. *n_leases gets the number of leases that were
 * read.
 */
static bool find(bool (*has)(const struct dhcp_lease *lease), struct dhcp_lease *ret,
		 size_t *n_leases)
{
	bool found = false;
	glob_t files;

	*n_leases = 0;
	if (glob(LEASES "/*", 0, NULL, &files) != 0)
		return false;
	for (size_t i = 0; !found && i < files.gl_pathc; i++) {
		auto_free char *text = NULL;

		if (file_read(AT_FDCWD, files.gl_pathv[i], LEASE_MAX, &text) < 0)
			continue;
		++*n_leases;
		dhcp_lease_parse(ret, text);
		found = has(ret);
	}
	globfree(&files);
	return found;
}

int leases_wait(struct dhcp_lease *ret, unsigned seconds, struct failure *f)
{
	uint64_t start = clock_ms(), deadline = start + seconds * 1000ull;
	uint64_t said = start;

	for (;;) {
		/* Opened again for each search: more directories of the path may exist now. */
		auto_close int watch = events_watch(LEASES);
		size_t n;
		uint64_t now;

		if (find(has_root_path, ret, &n))
			return 0;
		now = clock_ms();
		if (now >= deadline) {
			dhcp_lease_done(ret);
			if (n)
				return fail(f, ENOENT, "option 17 of the DHCP server",
					    "root=dhcp: no root path in what DHCP said, for %u s",
					    seconds);
			return fail(f, ETIMEDOUT,
				    "check ip=, the cable, the driver and the DHCP server",
				    "root=dhcp: no lease, for %u s", seconds);
		}
		if (now - said >= PROGRESS_MS) {
			said = now;
			log_console(LOG_NOTICE, "waiting for root=dhcp: %s (%llu of %u s)",
				    n ? "no root path in what DHCP said" : "no lease",
				    (unsigned long long)(now - start) / 1000, seconds);
		}
		events_wait(watch, deadline - now < PROGRESS_MS - (now - said)
					   ? (unsigned)(deadline - now)
					   : (unsigned)(PROGRESS_MS - (now - said)));
	}
}

char *leases_server(void)
{
	struct dhcp_lease lease = { 0 };
	size_t n;
	char *server = find(has_server, &lease, &n) ? STEAL(lease.server) : NULL;

	dhcp_lease_done(&lease);
	return server;
}

char *leases_host_name(unsigned first)
{
	auto_free char *path = xasprintf(LEASES "/%u", first), *text = NULL;
	struct dhcp_lease lease = { 0 };
	char *name = NULL;
	size_t n;

	if (file_read(AT_FDCWD, path, LEASE_MAX, &text) == 0)
		dhcp_lease_parse(&lease, text);
	if (lease.host_name || find(has_host_name, &lease, &n))
		name = STEAL(lease.host_name);
	dhcp_lease_done(&lease);
	return name;
}
