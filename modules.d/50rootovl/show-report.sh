#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# One of dracut's emergency hooks, sourced before its shell: how the boot failed, on every console.
if [ -e /run/rootovl/report.json ]; then
    while read -r tty _; do
        { echo && rootovl report; } >"${ROOTOVL_TTYS:-/dev}/$tty" 2>&1
    done <"${ROOTOVL_CONSOLES:-/proc/consoles}"
fi
