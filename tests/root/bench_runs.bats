#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# `make bench`: what it says of runs that are good, and of runs that are not. They make the baseline's root
# and image first.
# bats file_tags=slow

. "$BATS_TEST_DIRNAME/bench.bash"

@test "bench: ONLY=image prints the row, the last line, and writes the results" {
    run env ONLY=image "$BENCHMARK"
    echo "$output"
    [[ $status == 0 ]]
    grep -qE '^image-bytes +[0-9.]+ MB +[0-9.]+ MB +0\.[0-9]{3} .* 1  0\.4 (met|MISSED)$' <<<"$output"
    ratio=$(tail -n 2 <<<"$output" | sed -n 's/^bench: image-bytes ratio=//p')
    jq -e --arg ratio "$ratio" '.figures["image-bytes"] | .n == 1 and .unit == "MB" and .ours < .baseline
        and (.ratio - ($ratio | tonumber) | fabs) < 0.001' "$BENCH/results.json"
}

@test "bench: runs that fail are named, keep their logs, and are no success" {
    run env ONLY='boot' PAIRS=1 BOOT_SECONDS=1 "$BENCHMARK"
    echo "$output"
    [[ $status == 1 ]]
    grep -q '^bench: FAILED boot-cifs/ours-1: the machine ended by deadline' <<<"$output"
    grep -qx 'bench: failed: boot-nfs/theirs-1; its logs are in .*' <<<"$output"
    grep -qx 'bench: fewer than asked for: boot-cifs: 0 of 1 pairs' <<<"$output"
    [[ -e $BENCH/boot-cifs/ours-1/console.log ]]
    jq -e '.failed | length == 4' "$BENCH/results.json"
}
