# SPDX-License-Identifier: GPL-2.0-or-later
# The values that were measured, a line each in $BENCH/samples: FIGURE UNIT SIDE PAIR VALUE.
# shellcheck shell=bash

record() {
    printf '%s %s %s %s %s\n' "$@" >>"$BENCH/samples"
}

# expect FIGURE PAIRS: so many values of it are to come on each side; `report` says where they did not.
expect() {
    printf '%s %s\n' "$@" >>"$BENCH/expected"
}

# collect FIGURE UNIT SERIES JQ: the same value of each boot of a series, from its boot.json or from FILE.
collect() {
    local figure=$1 unit=$2 series=$3 value=$4 file run said
    expect "$figure" "$PAIRS"
    for file in "$BENCH/$series"/*-*/"${FILE:-boot.json}"; do
        [[ -e $file ]] || continue
        run=$(basename "${file%/*}")
        said=$(jq "$value" "$file") || said=
        # What a boot did not tell is missing, and `report` says so.
        [[ ${said:-null} == null ]] || record "$figure" "$unit" "${run%-*}" "${run##*-}" "$said"
    done
}
