# SPDX-License-Identifier: GPL-2.0-or-later
# A part of the job (see probe.sh): for 25 s reads what nobody has read before, then says whether the
# address is what it was, and how long it will be.
# shellcheck shell=sh
addresses() {
    hostname -I | tr ' ' '\n' | grep '[.]' | paste -s -d ' '
}
say manager "$(systemctl is-active "$(cat /lkp/scheduled/manager)")"
say address "$(addresses)"
(
    set -- /usr/share/zoneinfo/*/* /usr/lib/x86_64-linux-gnu/*.so*
    until=$(($(cut -d . -f 1 /proc/uptime) + 25))
    lost=0
    for file; do
        [ "$(cut -d . -f 1 /proc/uptime)" -lt $until ] || break
        echo 3 >/proc/sys/vm/drop_caches
        [ ! -f "$file" ] || cat "$file" >/dev/null || say read_failed "$file"
        hostname -I | grep -q '10[.]1[.]0[.]77 ' || lost=$((lost + 1))
    done
    say lost $lost
)
card=$(ls -I lo /sys/class/net)
say card "$card"
say mtu "$(cat "/sys/class/net/$card/mtu")"
say hostname "$(cat /proc/sys/kernel/hostname)"
say short "$(getent hosts files | cut -d ' ' -f 1)"
say address_after "$(addresses)"
say lifetime "$(ip -4 -o address show scope global | sed -n 's/.*10\.1\.0\.77.*valid_lft \([a-z0-9]*\).*/\1/p')"
section of_systemd sh -c 'journalctl --no-pager -b -o short-monotonic _PID=1 | grep -i "network\|switch" | cut -c1-150 | tail -n 25'
section manager journalctl --no-pager -b -o cat -u "$(cat /lkp/scheduled/manager)"
