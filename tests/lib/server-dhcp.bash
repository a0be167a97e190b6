# SPDX-License-Identifier: GPL-2.0-or-later
# A DHCP, router-advertisement and name server on a network of the lab: dnsmasq.
#
#   dhcp_start DIR BRIDGE OPTION…     OPTION: dnsmasq's own, such as --dhcp-range=10.1.0.50,10.1.0.99,2m
#   dhcp_stop DIR BRIDGE              killed, as in an outage
#   dhcp_log DIR BRIDGE               prints where it tells what it does
# shellcheck shell=bash

. "${BASH_SOURCE[0]%/*}/lab.bash"

dhcp_log() {
    echo "$1/dnsmasq-$2.log"
}

dhcp_start() {
    local dir=$1 bridge=$2 log
    log=$(dhcp_log "$dir" "$bridge")
    shift 2
    : >"$log"
    lab dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root --no-resolv --no-hosts \
        --interface="$bridge" --except-interface=lo --bind-interfaces --no-ping --dhcp-authoritative \
        --pid-file="$dir/dnsmasq-$bridge.pid" --dhcp-leasefile="$dir/dnsmasq-$bridge.leases" \
        --log-dhcp --log-facility=- "$@" \
        </dev/null >"$log" 2>&1 3>&- &
    disown
    if ! wait_line "$log" 'DHCP.*, (sockets bound exclusively|IP range|prefix)|: started' 60 $!; then
        cat "$log" >&2
        die "dnsmasq did not start"
    fi
}

dhcp_stop() {
    lab_end KILL "$(<"$1/dnsmasq-$2.pid")"
}
