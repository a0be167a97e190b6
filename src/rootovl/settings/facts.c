// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/facts.h"

#include "src/common/mem.h"

#include <stdlib.h>
#include <string.h>

static void tables_done(struct facts_table *tables, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(tables[i].name);
		free(tables[i].text);
	}
	free(tables);
}

void facts_done(struct facts *facts)
{
	tables_done(facts->tables, facts->n_tables);
	tables_done(facts->defer, facts->n_defer);
	free(facts->kernel);
	if (facts->credentials)
		explicit_bzero(facts->credentials, strlen(facts->credentials));
	free(facts->credentials);
	dhcp_lease_done(&facts->lease);
	strv_free(facts->netdevs);
	*facts = (struct facts){ 0 };
}
