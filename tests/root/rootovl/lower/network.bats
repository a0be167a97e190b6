#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The way to a server where a machine has more than one: two cards, each with a gateway.

bats_require_minimum_version 1.5.0

# The machine is the lab. The gateway of card left answers ARP and forwards nothing; that of card right is the server.
setup() {
    . "$BATS_TEST_DIRNAME/../../../lib/lab.bash"
    NETWORK=${PROGRAMS:-$BATS_TEST_DIRNAME/../../../../build/asan}/tests/root/rootovl/lower/network
    lab_start
    gateway left 1
    gateway right 2
    behind left ip route add blackhole 10.9.0.1
    behind left ip -6 route add blackhole fd09::1
    behind right ip address add 10.9.0.1/32 dev lo
    behind right ip -6 address add fd09::1/128 dev lo nodad
    behind right socat TCP6-LISTEN:2049,fork,reuseaddr,ipv6only=0 /dev/null 3>&- &
    until [[ -n $(behind right ss -ltnH) ]]; do sleep 0.1; done
}

teardown() {
    lab_stop
}

# behind CARD COMMAND…: in the network namespace of its gateway
behind() {
    lab ip netns exec "$@"
}

# gateway CARD NUMBER: a card of the machine, and its gateway
gateway() {
    lab ip netns add "$1"
    lab ip link add name "$1" type veth peer name gate netns "$1"
    lab ip link set "$1" up
    behind "$1" ip link set gate up
    behind "$1" ip link set lo up
    lab ip address add "10.$2.0.5/24" dev "$1"
    lab ip -6 address add "fd0$2::5/64" dev "$1" nodad
    behind "$1" ip address add "10.$2.0.1/24" dev gate
    behind "$1" ip -6 address add "fd0$2::1/64" dev gate nodad
}

# routes METRIC: a default route by each card, that of right with this metric
routes() {
    lab ip route add default via 10.1.0.1 dev left metric 1024
    lab ip route add default via 10.2.0.1 dev right metric "$1"
    lab ip -6 route add default via fd01::1 dev left metric 1024
    lab ip -6 route add default via fd02::1 dev right metric "$1"
}

finds() {
    run "-$1" lab timeout 60 "$NETWORK" "$2" 2049 500
    echo "$output"
    # shellcheck disable=SC2053 # it is a pattern
    [[ $output == $3 ]]
}

@test "network: of two gateways, the one that forwards nothing is left for the other" {
    routes 2000
    finds 0 10.9.0.1 '*10.9.0.1 does not answer by the first route to it: right is taken*by 10.2.0.5'
    lab ip route get 10.9.0.1 | grep -q 'via 10.2.0.1 dev right'
    finds 0 10.9.0.1 'by 10.2.0.5' # the route stays
    finds 0 fd09::1 '*by fd02::5'
    lab ip -6 route get fd09::1 | grep -q 'via fd02::1 dev right'
}

@test "network: where no other way leads to the server either, the routes stay as they were" {
    routes 2000
    behind right ip address del 10.9.0.1/32 dev lo
    behind right ip route add blackhole 10.9.0.1
    lab ip route >"$BATS_TEST_TMPDIR/before"
    finds 1 10.9.0.1 'failed: ETIMEDOUT: *'
    lab ip route | diff "$BATS_TEST_TMPDIR/before" -
}

@test "network: a card without a route to the server is not tried" {
    lab ip route add default via 10.1.0.1 dev left
    finds 1 10.9.0.1 'failed: ETIMEDOUT: *'
    [[ -z $(lab ip route show 10.9.0.1) ]]
}

@test "network: a machine without a route has no other way" {
    finds 1 10.9.0.1 'failed: ENETUNREACH: *'
    finds 1 fd09::1 'failed: E*: *'
}
