// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/facts.h"

#include <stdlib.h>
#include <string.h>

void facts_done(struct facts *facts)
{
	for (size_t i = 0; i < facts->n_tables; i++) {
		free(facts->tables[i].name);
		free(facts->tables[i].text);
	}
	free(facts->tables);
	free(facts->kernel);
	if (facts->credentials)
		explicit_bzero(facts->credentials, strlen(facts->credentials));
	free(facts->credentials);
	dhcp_lease_done(&facts->lease);
	*facts = (struct facts){ 0 };
}
