# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Says which units that wait for the job (rootovl.defer=) started behind it. Read by guest/probe.sh.

# stamp UNIT NAME: µs since the kernel's start
stamp() {
    systemctl show -p "$2TimestampMonotonic" --value "$1"
}

deferred() {
    job=$(stamp lkp-bootstrap.service ExecMainStart)
    for unit in systemd-logind.service systemd-user-sessions.service fstrim.timer serial-getty@ttyS0.service; do
        if [ "$(stamp "$unit" InactiveExit)" -gt "$job" ]; then
            echo "$unit behind"
        else
            echo "$unit before: $(stamp "$unit" InactiveExit) of $job"
        fi
    done
}

timeout 60 systemctl is-system-running --wait >/dev/null 2>&1
section deferred deferred
say circles "$(journalctl -b --no-pager | grep -c 'ordering cycle')"
