# SPDX-License-Identifier: GPL-2.0-or-later
# What network_units.bats does in its box. Sourced there.
# shellcheck shell=bash disable=SC2154 # TREE, TOP and PROGRAMS are the box's

# The generator of the tree, as the unit test calls it.
printf '#!/bin/sh\nexec chroot %s /usr/lib/systemd/systemd-network-generator "$@"\n' "$TREE" >/run/generator
chmod 755 /run/generator

in_tree() {
    SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console exec chroot "$TREE" "$@"
}

# networkd EVENT: until its log has this event, 20 s at most; the log is in /run/log.
networkd() {
    local pid
    rm -f /run/log
    (in_tree /usr/lib/systemd/systemd-networkd) >/run/log 2>&1 &
    pid=$!
    wait_line /run/log "$1" 20 $pid || {
        cat /run/log
        return 1
    }
    kill $pid
    wait $pid || :
}

# udev's reading of the .link files; the log is in /run/log-udev.
udev() {
    (in_tree udevadm test-builtin net_setup_link /sys/class/net/lo) >/run/log-udev 2>&1 || :
}

# All units of all lines, each made of its own, under names that tell the line.
collect() {
    local unit dir number name
    UNITS=/run/units GENERATOR=/run/generator "$PROGRAMS/tests/unit/rootovl/boot/network_units"
    for dir in /run/units/*/run/systemd/network; do
        number=${dir#/run/units/}
        number=${number%%/*}
        # networkd takes one .netdev for each name.
        while read -r name; do
            sed -Ei "s/^(Name|VLAN|Bond|Bridge)=$name\$/\1=n$number.${name//[a-z]/}/" "$dir"/*
        done < <(cat "$dir"/*.netdev 2>/dev/null | sed -n 's/^Name=//p')
        for unit in "$dir"/*; do
            cp "$unit" "/run/systemd/network/line-$number-${unit##*/}"
        done
    done
}

# What is said of the units, but for two things that do no harm: a peer is one address, and a router
# beside which DHCP will give the address.
complaints() {
    cat /run/log /run/log-udev | grep -F /run/systemd/network/ |
        grep -vE 'is specified without prefix length|Gateway= without static address configured' |
        grep -vE 'Parsed configuration file|Successfully loaded|[Ff]ound matching|Configuring with' || :
}

understood() {
    collect
    networkd 'Enumeration completed'
    udev
    complaints >/run/said
    [[ ! -s /run/said ]] || {
        cat /run/said
        return 1
    }
    # So would a fault have been seen.
    printf '[Match]\nName=x\n[Address]\nAddress=10.0.0.5/33\n' >/run/systemd/network/bad.network
    printf '[NetDev]\nName=x\nKind=bond\n[Bond]\nMode=4\n' >/run/systemd/network/bad.netdev
    printf '[Match]\nMACAddress=52\n[Link]\nName=x\n' >/run/systemd/network/bad.link
    networkd 'Enumeration completed'
    udev
    complaints | tee /run/said
    grep -q bad.network /run/said && grep -q bad.netdev /run/said && grep -q bad.link /run/said
}

# configured LINE TEXT…: a card called eth0 is configured by the line, and each text is then in what ip
# says of its addresses and routes.
configured() {
    local text
    ip link add eth0 type veth peer name other
    ip link set other up
    LINE=$1 UNITS=/run/units GENERATOR=/run/generator \
        "$PROGRAMS/tests/unit/rootovl/boot/network_units"
    # A unit for all cards would be of the peer too.
    cp /run/units/0/run/systemd/network/* /run/systemd/network
    sed -i 's/^Kind=!\*$/Name=eth0/' /run/systemd/network/*.network
    networkd 'eth0: State changed: configuring -> configured'
    {
        ip address show dev eth0
        ip route show dev eth0
        ip -6 route show dev eth0
    } | tee /run/said
    for text in "${@:2}"; do
        grep -qF -- "$text" /run/said || {
            echo "without: $text"
            return 1
        }
    done
}

# A bridge over a card has the card's MAC, by which DHCP servers know the machine.
has_the_mac_of_its_card() {
    ip link add eth0 address 52:54:00:aa:bb:05 type veth peer name other
    ip link set other up
    LINE='bridge=br0:eth0 ip=10.0.2.15::10.0.2.2:24::br0:none' UNITS=/run/units GENERATOR=/run/generator \
        "$PROGRAMS/tests/unit/rootovl/boot/network_units"
    cp /run/units/0/run/systemd/network/* /run/systemd/network
    networkd 'br0: State changed: configuring -> configured'
    ip link show dev br0 | tee /run/said
    grep -q 'link/ether 52:54:00:aa:bb:05' /run/said
}
