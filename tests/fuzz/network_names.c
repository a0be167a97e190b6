// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any text as what a network says: what is taken of it is no more than a C library takes, and can
 * end no line of a file of the root.
 */
#include "src/common/mem.h"
#include "src/common/resolv_names.h"
#include "src/rootovl/configure/root_resolv.h"
#include "src/rootovl/settings/dhcp_lease.h"
#include "src/rootovl/settings/host_name.h"
#include "src/rootovl/settings/least_time.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check_lists(const struct resolv_names *names)
{
	char *const *const lists[] = { names->servers, names->search, names->ntp };

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		for (char *const *one = lists[i]; one && *one; one++)
			if (!**one || strpbrk(*one, " \t\r\n#;=") || strlen(*one) > 253)
				abort();
	if (strv_len(names->servers) > 3 || strv_len(names->search) > 6)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = xstrndup((const char *)data, size), *conf = NULL, *name = NULL;
	struct resolv_names names = { 0 };
	struct dhcp_lease lease = { 0 };
	struct host_name_words words = { 0 };

	resolv_names_take_link(&names, text, 2);
	resolv_names_take_conf(&names, text);
	check_lists(&names);
	conf = resolv_names_conf(&names);
	resolv_names_done(&names);
	dhcp_lease_parse(&lease, text);
	words.root = text;
	words.lease = lease.host_name;
	/* What the root says itself stays as it is, and is written nowhere but into the report. */
	if (host_name_choose(&words, &name) == HOST_NAME_ROOT
		    ? !*name || strpbrk(name, "\n \t")
		    : name && (!*name || strlen(name) > 64 || strpbrk(name, "\n/: \t")))
		abort();
	dhcp_lease_done(&lease);
	root_resolv_of(text, text, true);
	least_time_of_kernel(text);
	return 0;
}
