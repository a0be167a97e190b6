# SPDX-License-Identifier: GPL-2.0-or-later
# A root that costs the server nothing (rootovl.cache=): the bytes of a boot from the copy on the disk,
# beside those of the boot before, up to its job. Both are ours, for the baseline has no such thing, and
# both are measured where they are tested.
# shellcheck shell=bash

figure_cache() {
    local log=$BENCH/cache.log said
    expect cache-bytes 1
    if ! bats --tap "$TOP/tests/vm/cache.bats" >"$log" 2>&1; then
        fails cache "$(grep -m 1 '^not ok' "$log" || tail -n 1 "$log")"
        return 0
    fi
    said=$(sed -nE 's/^.*bytes: first boot [0-9]+, ([0-9]+) of them.*; second boot ([0-9]+)$/\1 \2/p' "$log")
    if [[ -z $said ]]; then
        fails cache "it said no bytes; see $log"
        return 0
    fi
    record cache-bytes MB theirs 1 "$(jq -n "${said% *} / 1e6")"
    record cache-bytes MB ours 1 "$(jq -n "${said#* } / 1e6")"
}
