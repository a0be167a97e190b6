# SPDX-License-Identifier: GPL-2.0-or-later
# A copy of the root on the machine's disk, over boots.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the library reads DEVICES and UPPER_TYPE, and sets DIR

# disk SIZE: a blank one, for rootfs_disk=.
disk() {
    truncate -s "$1" "$DIR/disk"
    DEVICES="-drive file=$DIR/disk,format=raw,if=virtio,cache=unsafe"
    UPPER_TYPE=ext4
    MACHINE_OPTIONS='-t 1500'
}

# slim: what a boot of the root does without, away from the server's view of it.
slim() {
    lab rm -rf "$LOWER"/usr/share/{doc,locale,man,info,perl*,zoneinfo,i18n} "$LOWER"/boot \
        "$LOWER"/usr/lib/modules "$LOWER"/var/{cache,lib/apt}/* "$LOWER"/usr/lib/x86_64-linux-gnu/perl*
}

# What every job says of the copy, when the service that makes it or looks at it has ended.
say_of_the_copy() {
    cat >"$JOB/lkp/scheduled/extra" <<'END'
service=$(systemctl show --property MainPID --value rootovl-cache.service)
if [ "$service" != 0 ]; then
    say idle "$(cut -d ' ' -f 19,41 "/proc/$service/stat") $(systemctl show --property IOSchedulingClass --value rootovl-cache.service)"
    timeout 600 tail --pid="$service" -f /dev/null
fi
say made "$(grep -lx "copy whole" /run/rootovl/disk/rootovl/cache/*/state 2>/dev/null | wc -l)"
say service "$(systemctl show --property Result,ExecMainStatus rootovl-cache.service | sort | tr '\n' ' ')"
say addresses "$(hostname -I)"
section cache journalctl --no-pager -b -o cat -u rootovl-cache.service
END
}

# traffic: what went through the lab's loopback, which is all between the machine and its servers.
traffic() {
    # shellcheck disable=SC2016 # awk's
    lab awk '$1 == "lo:" { print $2 }' /proc/net/dev
}
