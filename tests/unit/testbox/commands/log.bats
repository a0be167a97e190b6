#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# testbox log: what a machine said, on a terminal and elsewhere.
bats_require_minimum_version 1.5.0

setup() {
    TOP=$(realpath "$BATS_TEST_DIRNAME/../../../..")
    TESTBOX=${PROGRAMS:-$TOP/build/asan}/testbox
    export TESTBOX_STATE=$BATS_TEST_TMPDIR/state
    mkdir -p "$TESTBOX_STATE/vm-1p1g-1"
    LOG=$TESTBOX_STATE/vm-1p1g-1/console.log
    printf 'a\tb\033]52;c;ZXZpbA==\a\302\233\n\377last' >"$LOG"
}

@test "log: a terminal gets nothing of the machine that it obeys" {
    script -qec "'$TESTBOX' log vm-1p1g-1" /dev/null </dev/null | tr -d '\r' >"$BATS_TEST_TMPDIR/seen"
    printf '%s\n%s' $'a\tb\\x1b]52;c;ZXZpbA==\\x07\\xc2\\x9b' '\xfflast' | diff "$BATS_TEST_TMPDIR/seen" -
}

@test "log: a file gets what the machine said, byte by byte" {
    "$TESTBOX" log vm-1p1g-1 >"$BATS_TEST_TMPDIR/seen"
    cmp "$LOG" "$BATS_TEST_TMPDIR/seen"
}

@test "log: a pipe in the log's place is refused, and nobody waits for it" {
    rm "$LOG"
    mkfifo "$LOG"
    run -121 timeout 60 "$TESTBOX" log vm-1p1g-1
    [[ $output == "testbox: $LOG: it is no file" ]]
}
