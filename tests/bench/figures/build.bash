# SPDX-License-Identifier: GPL-2.0-or-later
# Building the image of a root: cold, where nothing was built before, and warm, for a kernel that is new
# while the userspace is not. The baseline knows no such difference: it is built as a whole each time.
# shellcheck shell=bash

figure_build() {
    local n side root=$BENCH/build/root
    "$LIB/rootfs" bookworm-dracut >/dev/null && "$LIB/rootfs" "$ROOT_NAME" >/dev/null || return
    mkdir -p "$BENCH/build"
    expect build-cold "$PAIRS"
    expect build-warm "$PAIRS"
    for ((n = 1; n <= PAIRS; n++)); do
        for side in $(sides "$n"); do
            fresh_root "$root"
            if [[ $side == ours ]]; then
                rm -rf "$BENCH/build/cache"
                build_timed build-cold ours "$n" build_ours "$root"
                fresh_root "$root"
                build_timed build-warm ours "$n" build_ours "$root"
            else
                build_timed build-cold theirs "$n" build_theirs
            fi
        done
    done
    sed -n 's/^build-cold s theirs/build-warm s theirs/p' "$BENCH/samples" >"$BENCH/build/warm"
    cat "$BENCH/build/warm" >>"$BENCH/samples"
    rm -rf "$root"
}

# A root that no image was made for: its kernel alone.
fresh_root() {
    local from=$BUILD/roots/$ROOT_NAME
    rm -rf "$1"
    mkdir -p "$1/boot" "$1/usr/lib"
    ln -s usr/lib "$1/lib"
    cp -al "$from/usr/lib/modules" "$1/usr/lib/"
    cp "$from"/boot/{config,vmlinuz}-* "$1/boot/"
}

build_ours() { # ROOT
    "$BUILD/initrd-builder" build --engine none --cache "$BENCH/build/cache" "$1"
}

build_theirs() {
    rm -rf "$BENCH/build/images"
    IMAGES=$BENCH/build/images "$LIB/image" baseline "$ROOT_NAME"
}

build_timed() { # FIGURE SIDE PAIR COMMAND…
    local figure=$1 side=$2 n=$3 begin=${EPOCHREALTIME/./} seconds
    shift 3
    if "$@" </dev/null >"$BENCH/build/$figure-$side-$n.log" 2>&1; then
        seconds=$(jq -n "(${EPOCHREALTIME/./} - $begin) / 1e6")
        record "$figure" s "$side" "$n" "$seconds"
        say "$figure, pair $n of $PAIRS, $side: $(printf '%.1f' "$seconds") s"
    else
        fails "build/$figure-$side-$n" "$(tail -n 3 "$BENCH/build/$figure-$side-$n.log")"
    fi
}
