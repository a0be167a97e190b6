// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * root=, its options and a credentials file, separated by NUL bytes; the first of them as a lease
 * of DHCP too. What is accepted is whole: a host and a path without "..", and no password in what
 * is printed. A DHCP server names nothing that is inside the machine.
 */
#include "src/rootovl/settings/root_source.h"
#include "src/common/mem.h"
#include "src/rootovl/settings/dhcp_lease.h"
#include "src/rootovl/settings/root_dhcp.h"
#include "src/rootovl/settings/root_mask.h"
#include "src/rootovl/settings/root_options.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check(const struct root_source *source)
{
	auto_free char *name = root_source_name(source);

	must(source->kind != ROOT_UNSET);
	if (source->kind == ROOT_DHCP || (source->kind == ROOT_NBD && !source->path))
		return;
	must(source->path && *source->path);
	must(source->kind != ROOT_CIFS || source->host);
	must(source->kind != ROOT_DEVICE || strncmp(source->path, "/", 1) != 0 ||
	     !strncmp(source->path, "/dev/", 5));
	/* Tags, names of exports and URLs are paths of nothing here. */
	if (source->kind == ROOT_CIFS || source->kind == ROOT_NFS)
		must(!strstr(source->path, "/../") && strncmp(source->path, "../", 3) != 0);
	must(source->port <= 65535);
	must(source->kind == ROOT_LIVE || strstr(name, source->path) != NULL);
}

static void check_dhcp(const char *root, const char *options)
{
	struct root_source source = { .kind = ROOT_DHCP };
	struct dhcp_lease lease = { 0 };
	auto_failure struct failure f = { 0 };
	auto_free char *text = xasprintf("ROOT_PATH=%s\nSERVER_ADDRESS=10.0.0.1\n", root);

	dhcp_lease_parse(&lease, text);
	if (root_options_add(&source, options, &f) == 0 && lease.root_path &&
	    root_dhcp_parse(&source, lease.root_path, lease.server, &f) == 0) {
		check(&source);
		must(source.kind == ROOT_CIFS || source.kind == ROOT_NFS ||
		     source.kind == ROOT_NBD);
		must(source.host && *source.host);
	}
	must(!f.code || f.what);
	dhcp_lease_done(&lease);
	root_source_done(&source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = xcalloc(size + 3, 1);
	const char *root = text, *options, *credentials;
	struct root_source source = { 0 };
	auto_failure struct failure f = { 0 };
	auto_free char *masked = NULL;

	memcpy(text, data, size);
	options = root + strlen(root) + (strlen(root) < size);
	credentials = options + strlen(options) + (options + strlen(options) < text + size);
	masked = root_mask(root);
	must(masked != NULL);
	if (root_source_parse(&source, root, *options ? options : NULL, *options ? options : NULL,
			      &f) == 0) {
		check(&source);
		if (root_options_add(&source, options, &f) == 0 &&
		    root_options_add_credentials(&source, credentials, &f) == 0)
			check(&source);
	}
	must(!f.code || f.what);
	root_source_done(&source);
	check_dhcp(root, options);
	return 0;
}
