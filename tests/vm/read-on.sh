# SPDX-License-Identifier: GPL-2.0-or-later
# A part of the job (see probe.sh): reads what nobody has read before, until the server, which has
# restarted meanwhile, shows the word to stop.
# shellcheck shell=sh
say half way
(
    set -- /usr/share/zoneinfo/*/* /usr/lib/x86_64-linux-gnu/*.so*
    for file; do
        echo 3 >/proc/sys/vm/drop_caches
        [ ! -f "$file" ] || cat "$file" >/dev/null || say read_failed "$file"
        [ ! -e /run/rootovl/lower/restarted ] || break
    done
    say after_restart "$(cat /run/rootovl/lower/restarted)"
)
