// SPDX-License-Identifier: GPL-2.0-or-later
/* Who tells the root's programs of name servers. */
#include "src/rootovl/configure/root_resolv.h"
#include "src/common/mem.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define STUB "../run/systemd/resolve/stub-resolv.conf"

static const struct {
	const char *target, *text;
	bool resolved;
	enum root_resolv way;
} rows[] = {
	/* A root that names a server is left alone. */
	{ NULL, "nameserver 10.9.0.1\n", false, ROOT_RESOLV_OWN },
	{ NULL, "nameserver 10.9.0.1\n", true, ROOT_RESOLV_OWN },
	{ NULL, "# x\nsearch lab\n nameserver\t127.0.0.1\n", false, ROOT_RESOLV_OWN },
	{ "resolv.static", "nameserver 10.9.0.1\n", false, ROOT_RESOLV_OWN },
	/* None, or none that answers. */
	{ NULL, NULL, false, ROOT_RESOLV_WRITE },
	{ NULL, "", false, ROOT_RESOLV_WRITE },
	{ NULL, "", true, ROOT_RESOLV_WRITE },
	{ NULL, "#nameserver 10.9.0.1\nsearch lab\nnameserver\n", false, ROOT_RESOLV_WRITE },
	{ NULL, "nameserver 127.0.0.53\noptions edns0\n", false, ROOT_RESOLV_WRITE },
	{ NULL, "# made by rootovl, of a boot before\nnameserver 10.9.0.1\n", false,
	  ROOT_RESOLV_WRITE },
	/* Links into /run, which is empty at every boot, whatever the server has there. */
	{ STUB, NULL, false, ROOT_RESOLV_WRITE },
	{ STUB, "nameserver 127.0.0.53\n", false, ROOT_RESOLV_WRITE },
	{ "/run/NetworkManager/resolv.conf", NULL, true, ROOT_RESOLV_WRITE },
	{ "../run/resolvconf/resolv.conf", "nameserver 10.9.0.1\n", false, ROOT_RESOLV_WRITE },
	{ "/var/run/x", NULL, false, ROOT_RESOLV_WRITE },
	{ "/etc/gone", NULL, false, ROOT_RESOLV_WRITE },
	/* resolved makes it. */
	{ STUB, NULL, true, ROOT_RESOLV_RESOLVED },
	{ "/run/systemd/resolve/resolv.conf", NULL, true, ROOT_RESOLV_RESOLVED },
	{ "/usr/lib/systemd/resolv.conf", "nameserver 127.0.0.53\n", true, ROOT_RESOLV_RESOLVED },
	{ NULL, "nameserver 127.0.0.53\n", true, ROOT_RESOLV_RESOLVED },
	{ NULL, NULL, true, ROOT_RESOLV_RESOLVED },
};

TEST(who_it_is)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		enum root_resolv way =
			root_resolv_of(rows[i].target, rows[i].text, rows[i].resolved);

		if (way != rows[i].way)
			fail_msg("row %zu: %d", i, way);
	}
}
