#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What `rootovl network` writes for each kernel command line that is taken, given to the networkd and
# the udev of Debian 12 and 13: they find nothing to complain of, and configure a card by it.
# shellcheck disable=SC2016,SC2154 # the box expands; bats sets status, output, lines

bats_require_minimum_version 1.5.0
load ../../../lib/events

setup() {
    TOP=$(realpath "$BATS_TEST_DIRNAME/../../../..")
    PROGRAMS=${PROGRAMS:-$TOP/build/asan}
    export TOP PROGRAMS
    cd "$BATS_TEST_TMPDIR" || return 1
}

# boxed SUITE COMMAND…: in namespaces of mounts and network, with a /run of its own and with the tree of
# that suite, which is not written to, beside it.
boxed() {
    TREE=$("$TOP/tests/lib/rootfs" "$1") || return 1
    export TREE
    run timeout 300 unshare -mnp --fork --kill-child --mount-proc bash -euo pipefail -c '
        mount --make-rprivate /
        mount -t tmpfs -o mode=755 tmpfs /run
        # networkd waits for udev where /sys can be written to.
        mount -t sysfs -o ro sysfs /sys
        mount --rbind /run "$TREE/run"
        mount --rbind /proc "$TREE/proc"
        mount --bind /sys "$TREE/sys"
        mount --rbind /dev "$TREE/dev"
        echo 0123456789abcdef0123456789abcdef >/run/machine-id
        mount --bind /run/machine-id "$TREE/etc/machine-id"
        mkdir -p /run/systemd/network /run/units
        . "$TOP/tests/lib/events.bash"
        . "$0"
        "$@"' "$BATS_TEST_DIRNAME/network_units.bash" "${@:2}" 3>&-
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "network units: networkd and udev of Debian 12 understand every word of each accepted line" {
    boxed debian-12 understood
}

@test "network units: networkd and udev of Debian 13 understand every word of each accepted line" {
    boxed debian-13 understood
}

@test "network units: a gateway that no address reaches is reached on the link, in Debian 12 and 13" {
    local suite
    for suite in debian-12 debian-13; do
        boxed "$suite" configured 'ip=10.0.2.15::172.31.1.1:255.255.255.255::eth0:none' \
            'default via 172.31.1.1 proto static onlink' 'inet 10.0.2.15/32'
        boxed "$suite" configured 'ip=10.0.2.15:10.0.2.1:10.0.2.2:255.255.255.0' \
            'default via 10.0.2.2 proto static' 'inet 10.0.2.15/24 brd 10.0.2.255'
    done
}

@test "network units: a fixed address of IPv6 has one of the link beside it, in Debian 12 and 13" {
    local suite
    for suite in debian-12 debian-13; do
        boxed "$suite" configured 'ip=[fd00::5]::[fd01::1]:64::eth0:none' \
            'default via fd01::1 proto static metric 1024 onlink' 'inet6 fd00::5/64' 'inet6 fe80::'
    done
}

@test "network units: a bridge has the MAC of its card, in Debian 12 and 13" {
    local suite
    for suite in debian-12 debian-13; do
        boxed "$suite" has_the_mac_of_its_card
    done
}
