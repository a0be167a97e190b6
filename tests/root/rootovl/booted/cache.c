// SPDX-License-Identifier: GPL-2.0-or-later
/* `rootovl cache-fill`, which only the static program of booted roots has, with sanitizers. */
#include "src/rootovl/disk/copy.h"

int main(int argc, char **argv)
{
	return cache_fill_main(argc, argv);
}
