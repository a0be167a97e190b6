#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# testbox job with LKP's own sources, where LKP_TREE names them: results, status, what the console shows.
# bats file_tags=slow

bats_require_minimum_version 1.5.0
. "$BATS_TEST_DIRNAME/lib.bash"

TESTBOX=$BUILD/testbox

# lkp_job NAME WORDS…: a job of lkp-tests with these words as its programs, as `lkp split-job` leaves one.
lkp_job() {
    printf '%s\n' "suite: $1" "testcase: $1" 'category: functional' 'testbox: vm-1p2g' 'arch: x86_64' \
        "result_root: /result/$1/1/vm-1p2g/0" "${@:2}" >"$DIR/$1.yaml"
}

run_lkp() { # NAME
    lab env TESTBOX_STATE="$DIR/state" "$TESTBOX" job -n vm-1p2g-5 --kvm no --timeout 1200 --hosts "$DIR" \
        --rootfs "$ROOT" --image "$("$LIB/image" lean debian-12)" --lkp-src "$DIR/lkp-tests" "$DIR/$1.yaml" 2>&1 3>&-
}

@test "testbox job: a job of a real lkp-tests brings results and status; each run has a folder of its own" {
    [[ -n ${LKP_TREE:-} ]] || skip "LKP_TREE names no lkp-tests"
    cp -a "$LKP_TREE" "$DIR/lkp-tests"
    make -C "$DIR/lkp-tests/bin/event" >/dev/null
    ROOT=$("$LIB/rootfs" debian-12)
    lkp_job boot 'sleep: 1'
    run -0 run_lkp boot
    [[ ${lines[-1]} == "$DIR/state/vm-1p2g-5/results/boot/1/vm-1p2g/0" ]]
    [[ -s ${lines[-1]}/boot-time && -s ${lines[-1]}/stdout ]]
    [[ $output == *"boot.yaml finished after "*", results in ${lines[-1]}"* ]]
    grep -q 'RESULT_ROOT=' "$DIR/state/vm-1p2g-5/console.log"
    # A program that is not there is a failure, told by its status.
    lkp_job hackbench 'nr_threads: 1' 'hackbench: {mode: process, ipc: pipe}'
    run ! run_lkp hackbench
    [[ $output == *"hackbench.yaml failed with status "* ]]
    [[ -s $DIR/state/vm-1p2g-5/results/hackbench/1/vm-1p2g/0/last_state ]]
}
