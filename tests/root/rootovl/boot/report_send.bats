#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# rootovl.report=: the report reaches a real web server, and a bad server never holds a boot up.
# shellcheck disable=SC2016,SC2154 # boxed expands; bats sets status, output

load ../../../lib/events

setup() {
    TOP=$(realpath "$BATS_TEST_DIRNAME/../../../..")
    PROGRAMS=${PROGRAMS:-$TOP/build/asan}
    FAILING=$PROGRAMS/tests/root/rootovl/boot/failing
    export TOP FAILING
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir -p www/cgi-bin www/boots
    cp "$TOP/docs/reports/receive" www/cgi-bin/
    echo 'load modules' >plan
}

# boxed SCRIPT: in a network of its own, with a /run of its own that has the report of a failed boot.
boxed() {
    run timeout 120 unshare --mount --net --pid --fork --kill-child --mount-proc bash -euc "
        . '$TOP/tests/lib/events.bash'
        mount --make-rprivate / && mount -t tmpfs -o mode=755 tmpfs /run
        ip link set lo up
        \"\$FAILING\" report plan
        serve() { busybox httpd -f -p 127.0.0.1:8000 -h \"\$PWD/www\" & }
        up() { until (exec 3<>/dev/tcp/127.0.0.1/8000) 2>/dev/null; do read -rt 0.05 <> <(:) || :; done; }
        $1"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "report: it arrives whole, with the address of the machine, and replaces the one of before" {
    boxed 'serve; up; echo old >www/boots/node7.json
        "$FAILING" send http://127.0.0.1:8000/cgi-bin/receive/node7 ready'
    [[ $output != *'not sent'* ]]
    [ "$(jq -r .machine.address www/boots/node7.json)" = 127.0.0.1 ]
    [ "$(jq -r .failure.step www/boots/node7.json)" = 'mount lower' ]
    [ "$(find www/boots -type f)" = www/boots/node7.json ]
}

@test "report: what leads out of the folder of reports is a name in it" {
    boxed 'serve; up; "$FAILING" send http://127.0.0.1:8000/cgi-bin/receive/../../x ready || :
        "$FAILING" send http://127.0.0.1:8000/cgi-bin/receive/%2e%2e%2fx ready'
    [ ! -e x.json ] && [ ! -e www/x.json ]
}

@test "report: a server that refuses it is named with its answer" {
    boxed 'serve; up; "$FAILING" send http://127.0.0.1:8000/nothing/node7 ready'
    [[ $output == *'the report is not sent: rootovl.report: http://127.0.0.1:8000/nothing/node7: it answered "HTTP/1.'*'"'* ]]
}

@test "report: a good boot waits a second for a server that is down, or that says nothing" {
    boxed 'start=${EPOCHREALTIME/./}; "$FAILING" send http://127.0.0.1:8000/x ready
        (((${EPOCHREALTIME/./} - start) < 4000000))'
    [[ $output == *'the report is not sent: '*'port 8000: Connection refused'* ]]
    boxed 'socat TCP-LISTEN:8000,bind=127.0.0.1,fork EXEC:"tail -f /dev/null" & up
        start=${EPOCHREALTIME/./}; "$FAILING" send http://127.0.0.1:8000/x ready
        (((${EPOCHREALTIME/./} - start) < 4000000))'
    [[ $output == *'the report is not sent: '* ]]
}

@test "report: a failed boot tries until its server is there" {
    boxed '"$FAILING" send http://127.0.0.1:8000/cgi-bin/receive/node7 failed & pid=$!
        read -rt 1.5 <> <(:) || :
        serve; wait $pid'
    [[ $output != *'not sent'* ]]
    jq -e . www/boots/node7.json >/dev/null
}
