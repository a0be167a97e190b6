#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# `make bench`: what it refuses. Whole runs are in bench.slow.bats.

. "$BATS_TEST_DIRNAME/bench.bash"

@test "bench: what is asked for wrongly is refused, with what there is" {
    run env ONLY=imago "$BENCHMARK"
    [[ $status == 2 && $output == *'ONLY=imago: there are boot initramfs '* ]]
    run env PAIRS=0 "$BENCHMARK"
    [[ $status == 2 ]]
    [[ ! -e $BENCH ]]
}
