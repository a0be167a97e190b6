#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs in the initramfs between systemd-network-generator, which turned ip= and the like into
# units, and systemd-networkd: adds what the generator has no words for.

configured() {
    while read -r line; do
        case $line in DHCP=* | Address=*) return 0 ;; esac
    done <"$1"
    return 1
}

for unit in "$1"/*.network; do
    [ -f "$unit" ] || continue
    # nameserver= or rd.route= without ip=
    configured "$unit" || printf '[Network]\nDHCP=yes\n' >>"$unit"
    # The same as in 95-rootovl.network, which says why.
    printf '%s\n' '[Network]' KeepConfiguration=yes \
        '[DHCPv4]' ClientIdentifier=mac RequestOptions=17 >>"$unit"
done
