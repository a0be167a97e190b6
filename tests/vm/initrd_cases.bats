#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Initrds of tests/lib/initrd-cases.bash and a newer kernel than that of user-mode-linux, in a machine: one
# of each kind of damage, and the whole ones one behind the other.
# bats file_tags=slow

bats_require_minimum_version 1.5.0
load lib
. "$LIB/initrd-cases.bash"
. "$LIB/initrd-kernel.bash"

export BUILDER=$BUILD/initrd-builder

# unpack_in_machine NAME: NAME.out, as unpack-by-kernel makes it.
unpack_in_machine() {
    lab "$LIB/machine" -t 300 -m 512M -n none "$VM" "$ROOT"/boot/vmlinuz-* quiet "$DIR/base.gz" "$DIR/$1.img" \
        </dev/null >"$DIR/machine.log" 2>&1 3>&- || cat "$VM/end"
    tr -d '\r' <"$VM/verdict.log" >"$1.out"
}

@test "initrds: Linux 6.12 takes, loses and refuses what Linux 6.1 does" {
    ROOT=$("$LIB/rootfs" debian-13)
    cd "$DIR"
    make_cases
    mkdir base
    cp "$UNPACKED" base/init
    archive base | gzip -n >base.gz
    all_whole
    NAMES=(all bzip2-cut lz4-cut xz-cut zstd-cut gzip-cut-trailer plain-cut-content gzip-of-cut gzip-flipped
        xz-flipped lz4-flipped-length plain-odd-zeros-gzip plain-at-odd inside-at-odd odc xz-crc64 xz-delta
        xz-bcj-offset gzip-extra zstd-window-too-large lzo-no-check checksum-wrong name-without-end
        name-of-nothing numbers-wrong no-type name-of-256 link-of-4096 file-with-a-slash on-the-root)
    for name in "${NAMES[@]}"; do
        unpack_in_machine "$name"
    done
    each as_kernel_unpacks
}
