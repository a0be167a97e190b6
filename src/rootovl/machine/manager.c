// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/manager.h"

#include <unistd.h>

bool manager_runs(void)
{
	return access("/run/systemd/private", F_OK) == 0;
}
