#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# `make bench`: what it refuses. Whole runs are in bench_runs.bats.

. "$BATS_TEST_DIRNAME/bench.bash"

@test "bench: what is asked for wrongly is refused, with what there is" {
    run env ONLY=imago "$BENCHMARK"
    [[ $status == 2 && $output == *'ONLY=imago: there are boot initramfs '* ]]
    for wrong in PAIRS=0 PAIRS=99999999999999999999 MACHINES=many 'ONLY=,' 'ONLY=boot;x'; do
        run env "$wrong" "$BENCHMARK"
        [[ $status == 2 && $output == "bench: ${wrong%;*}"* ]]
    done
    [[ ! -e $BENCH ]]
}

@test "bench: a second run beside the first is refused, and takes none of its files" {
    mkdir "$BENCH"
    touch "$BENCH/first"
    run flock "$BENCH.lock" env ONLY=image PAIRS=1 "$BENCHMARK"
    [[ $status == 1 && $output == *'another run has '*': its results would go'* ]]
    [[ -e $BENCH/first ]]
}
