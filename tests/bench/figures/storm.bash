# SPDX-License-Identifier: GPL-2.0-or-later
# A storm: $MACHINES testboxes (8) that are switched on at once, of 1 GB and one processor each, on one
# file server: the time until the last one's job has begun, by the host's clock, and the bytes that each
# sent and received up to its own job, added up.
# shellcheck shell=bash

MACHINES=${MACHINES:-8}

figure_storm() {
    # One is worth many boots.
    # shellcheck disable=SC2153 # PAIRS is of `run`
    local n side pairs=$(((PAIRS + 1) / 2))
    [[ -n $LAB_PID ]] || farm_start
    say "storm: $MACHINES machines of 1 GB at once on $(nproc) processors, each simulated on one of them"
    expect storm-time $pairs
    expect storm-bytes $pairs
    for ((n = 1; n <= pairs; n++)); do
        for side in $(sides "$n"); do
            storm "$side" "$n" "$pairs"
        done
    done
}

storm() { # SIDE PAIR PAIRS
    local side=$1 n=$2 dir=$BENCH/storm/$1-$2 i failed=0 said boots=()
    mkdir -p "$dir"
    # What all of them need is made before the first starts.
    farm_image "$side" >/dev/null && farm_payload files >/dev/null
    for ((i = 1; i <= MACHINES; i++)); do
        BOOT_CLOCK=host BOOT_SECONDS=1800 BOOT_MEMORY=1G boot "$dir/$i" "$side" cifs files >"$dir/$i.said" 2>&1 &
        boots+=($!)
    done
    for i in "${!boots[@]}"; do
        wait "${boots[i]}" || {
            fails "storm/$side-$n/$((i + 1))" "$(<"$dir/$((i + 1)).said")"
            failed=1
        }
    done
    rm -f "$dir"/*/wire.pcap
    ((failed == 0)) || return 0
    said=$(jq -s '(map(.["job on the host"]) | max) - (map(.["begun on the host"]) | min),
        (map(.wire.job.bytes) | add / 1e6)' "$dir"/*/boot.json)
    record storm-time s "$side" "$n" "${said%$'\n'*}"
    record storm-bytes MB "$side" "$n" "${said#*$'\n'}"
    say "storm, pair $n of $3, $side: the last job after $(printf '%.1f' "${said%$'\n'*}") s"
}
