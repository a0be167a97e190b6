# SPDX-License-Identifier: GPL-2.0-or-later
# What goes over the wire up to switch_root and up to the job: bytes and packets, both ways, of all of the
# machine's traffic, and the calls to the file server. Each boot's calls by kind, and by name up to
# switch_root, are in calls.json of its folder.
# shellcheck shell=bash

figure_wire() {
    local kind run
    for kind in cifs nfs; do
        series "boot-$kind" $kind files
        for run in "$BENCH/boot-$kind"/*-*/; do
            [[ ! -e $run/boot.json ]] || "$HERE/calls" "$run" || fails "calls of $run" 'its traffic was not counted'
        done
        wire_until $kind root switch_root kB 1e3
        wire_until $kind job job MB 1e6
        wire_calls $kind ours
        wire_calls $kind theirs
    done
}

wire_until() { # KIND SHORT-NAME NAME UNIT BYTES
    # shellcheck disable=SC2034 # collect's
    local FILE=calls.json
    collect "wire-$1-$2-bytes" "$4" "boot-$1" ".$3.bytes / $5"
    collect "wire-$1-$2-packets" packets "boot-$1" ".$3.packets"
    collect "wire-$1-$2-calls" calls "boot-$1" "[.$3.calls[]] | add"
}

# The calls by kind, of the first boot of a side.
wire_calls() { # KIND SIDE
    local file=$BENCH/boot-$1/$2-1/calls.json
    [[ -e $file ]] || return 0
    jq -r --arg what "$1, $2" '
        def kinds: to_entries | map("\(.key) \(.value)") | join(", ");
        "bench: calls of \($what), up to systemd\u0027s line: \([.line.calls[]] | add), " +
            "in \(.line.packets) packets and \(.line.bytes / 1e3) kB",
        "bench: calls of \($what), up to switch_root: \(.switch_root.calls | kinds)",
        "bench: calls of \($what), up to the job: \(.job.calls | kinds)"' "$file"
}
