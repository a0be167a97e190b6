#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A launcher that a signal ends in front of any of the system calls by which it makes something, from its
# first to its last: nothing of the machine is left.
# bats file_tags=slow

bats_require_minimum_version 1.5.0
# One without sanitizers: a hundred launchers a test.
TESTBOX=$(realpath "$BATS_TEST_DIRNAME/../../../..")/build/testbox
. "$BATS_TEST_DIRNAME/../machine.bash"

CALLS=(mkdir rename renameat unlink unlinkat rmdir chmod fcntl ftruncate write sendto sendfile socketpair socket
    bind listen pipe2 clone prctl wait4 waitid kill pidfd_open poll rt_sigtimedwait)
MOST=8 # of one call: the first ones and the last ones

setup_file() {
    make_tiny debian-12
}

setup() {
    export TESTBOX_STATE=$BATS_TEST_TMPDIR/state
    RESULT=$BATS_TEST_TMPDIR/result
    mkdir -m 751 "$RESULT" "$BATS_TEST_TMPDIR/hosts"
    echo 'disks: [{size: 1G}]' >"$BATS_TEST_TMPDIR/hosts/vm-1p1g.yaml"
    script stay tiny=stay
}

teardown() {
    local pid
    for pid in $(processes); do
        kill -KILL "$pid" 2>/dev/null || true
    done
}

# traced WORD…: a whole run under strace(1), which has these words: the machine ends by its deadline.
traced() {
    STATUS=0
    timeout 300 env --default-signal=INT strace -qq -o "$BATS_TEST_TMPDIR/trace" "$@" "$TESTBOX" run --kvm no \
        -n vm-1p1g-1 --hosts "$BATS_TEST_TMPDIR/hosts" --result "$RESULT" --personality hostname=a --timeout 1 \
        "$BATS_TEST_TMPDIR/stay.ipxe" </dev/null >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- || STATUS=$?
}

ended_at_every_call() {
    local signal=$1 status call n count ended=0
    status=$((128 + $(kill -l "$signal")))
    for call in "${CALLS[@]}"; do
        traced -e "trace=$call"
        [[ $STATUS == 124 ]]
        count=$(grep -c "^$call(" "$BATS_TEST_TMPDIR/trace") || true
        for ((n = 1; n <= count; n++)); do
            ((n <= MOST || n > count - MOST)) || continue
            echo "$call $n of $count"
            traced -e "trace=$call" -e "inject=$call:signal=$signal:when=$n"
            # The last ones of a call need not come.
            [[ $STATUS == "$status" || $STATUS == 124 ]]
            [[ $STATUS == 124 ]] || ((++ended))
            nothing_left vm-1p1g-1
            [[ $(stat -c %a "$RESULT") == 751 ]]
        done
    done
    echo "ended at $ended moments"
    ((ended >= 60))
}

@test "testbox: SIGTERM in front of any call leaves nothing" {
    ended_at_every_call TERM
}

@test "testbox: SIGINT in front of any call leaves nothing" {
    ended_at_every_call INT
}

@test "testbox: kill -9 in front of any call leaves nothing" {
    ended_at_every_call KILL
}
