#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What a machine of the user network reaches. The machine is iPXE as a kernel: it asks within seconds.

bats_require_minimum_version 1.5.0
. "$BATS_TEST_DIRNAME/../machine.bash"
. "$LIB/lab.bash"

setup() {
    export TESTBOX_STATE=$BATS_TEST_TMPDIR/state
    mkdir "$BATS_TEST_TMPDIR/hosts"
    # A lab has its own loopback, and here its own metadata address.
    lab_start
    lab_bridge farm 10.9.9.1/24 169.254.169.254/32
    serve_answers
}

teardown() {
    lab_stop
}

# serve_answers: what is asked of these services is in $GOT. 10.0.2.2:8602 of a machine is a service of the loopback.
serve_answers() {
    local address
    export GOT=$BATS_TEST_TMPDIR/got
    cat >"$BATS_TEST_TMPDIR/answer" <<'SH'
#!/bin/sh
read -r line && [ -n "$line" ] || exit
echo "$SOCAT_SOCKADDR:$SOCAT_SOCKPORT $line" >>"$GOT"
printf 'HTTP/1.0 200 OK\r\n\r\nx'
SH
    chmod +x "$BATS_TEST_TMPDIR/answer"
    for address in 127.0.0.1:8602 127.0.0.1:8605 169.254.169.254:80 10.9.9.1:8603 10.9.9.1:8604; do
        lab socat "TCP-LISTEN:${address#*:},bind=${address%:*},fork,reuseaddr" "EXEC:$BATS_TEST_TMPDIR/answer" \
            2>"$BATS_TEST_TMPDIR/socat.log" 3>&- &
        wait_for 60 lab socat -u /dev/null "TCP:$address"
    done
}

# wait_for SECONDS COMMAND…
wait_for() {
    local until=$((SECONDS + $1))
    until "${@:2}" 2>/dev/null; do
        ((SECONDS < until)) || return 1
    done
    : >"$GOT"
}

# ask REACH URL…: a machine that asks each URL in turn, until there is an answer to the last one.
ask() {
    local url last
    [[ -z $1 ]] || echo "reach: $1" >"$BATS_TEST_TMPDIR/hosts/vm-1p1g.yaml"
    : >"$GOT"
    {
        # shellcheck disable=SC2016 # iPXE's own: || comes by variables, for testbox knows none
        printf '%s\n' '#!ipxe' 'set o |' 'set p &' 'echo x'
        # shellcheck disable=SC2016
        printf 'kernel file:///usr/lib/ipxe/ipxe.lkrn %s ${o}${o} dhcp ${p}${p} iseq 1 2' "$EXTRA"
        # shellcheck disable=SC2016
        for url in "${@:2}"; do printf ' ${o}${o} imgfetch %s ${p}${p} iseq 1 2' "$url"; done
        printf '\nboot\n'
    } >"$BATS_TEST_TMPDIR/ask.ipxe"
    last=${*: -1}
    lab env TESTBOX_STATE="$TESTBOX_STATE" "$TESTBOX" run --kvm no -n vm-1p1g-1 --hosts "$BATS_TEST_TMPDIR/hosts" \
        "$BATS_TEST_TMPDIR/ask.ipxe" </dev/null >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
    LAUNCHER=$!
    wait_line "$GOT" "GET /${last##*/} " 300 "$LAUNCHER" || {
        cat "$BATS_TEST_TMPDIR/said" "$GOT" "$TESTBOX_STATE"/*/*.log
        return 1
    }
}

# process COMM: the test's process of this name.
process() {
    local pid
    for pid in $(processes); do
        [[ $(comm "$pid") != "$1" ]] || echo "$pid"
    done
}

end() {
    lab env TESTBOX_STATE="$TESTBOX_STATE" "$TESTBOX" stop vm-1p1g-1
    wait "$LAUNCHER" || true
}

EVIL='http://10.0.2.2:8602/loopback http://169.254.169.254/metadata http://10.9.9.1:8604/other'

@test "testbox: a machine reaches its script's server and the host file's, not the loopback, the metadata or others; nothing is left" {
    local pid
    # The script names 127.0.0.1:8605 by the address that it has for the machine.
    # shellcheck disable=SC2086 # a list
    EXTRA=x=http://10.0.2.2:8605/ ask '["10.9.9.1:8603"]' $EVIL http://10.0.2.2:8605/script http://10.9.9.1:8603/last
    [[ $(cut -d ' ' -f 1,3 "$GOT") == $'127.0.0.1:8605 /script\n10.9.9.1:8603 /last' ]]
    grep -qx 'the machine may not reach 169.254.169.254, port 80 ("reach:" in its host file allows it)' \
        "$TESTBOX_STATE/vm-1p1g-1/network.log"
    [[ $(wc -l <"$TESTBOX_STATE/vm-1p1g-1/network.log") == 3 ]]
    # The network's process has no right, and ends with its machine, whoever ends that.
    pid=$(process testbox-network)
    grep -qx 'CapEff:.0000000000000000' "/proc/$pid/status"
    grep -qx 'NoNewPrivs:.1' "/proc/$pid/status"
    [[ $(awk '/^Uid:/ { print $2 }' "/proc/$pid/status") != 0 ]]
    kill -KILL "$(process qemu-system-x86)"
    wait "$LAUNCHER" || true
    timeout 60 tail --pid="$pid" -f /dev/null
    nothing_left vm-1p1g-1
}

# bats test_tags=slow
@test "testbox: with reach: all a machine reaches what its host reaches" {
    # shellcheck disable=SC2086 # a list
    EXTRA='' ask all $EVIL http://10.9.9.1:8603/last
    [[ $(wc -l <"$GOT") == 4 ]]
    end
}
