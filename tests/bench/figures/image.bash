# SPDX-License-Identifier: GPL-2.0-or-later
# The image: its bytes as the boot loader fetches it, and the memory that it takes when the kernel has
# unpacked it, in whole pages as a tmpfs has it.
# shellcheck shell=bash

figure_image() {
    local side image
    expect image-bytes 1
    expect image-memory 1
    for side in ours theirs; do
        image=$(farm_image $side) || {
            fails "image/$side" 'it was not built'
            continue
        }
        record image-bytes MB $side 1 "$(jq -n "$(stat -L -c %s "$image") / 1e6")"
        record image-memory MB $side 1 "$("$BUILD/initrd-builder" inspect --list --json "$image" |
            jq '[.[].segments[].list[] | select(.type == "-") | (.size + 4095) / 4096 | floor] | add * 4096 / 1e6')"
    done
}
