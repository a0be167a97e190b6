# SPDX-License-Identifier: GPL-2.0-or-later
# The short way beside the long one: both are ours, of the same image.
# shellcheck shell=bash

figure_way() {
    local kind
    for kind in cifs nfs; do
        THEIRS=long series "way-$kind" $kind files
        rm -f "$BENCH/way-$kind"/*/wire.pcap
        collect "way-boot-$kind" s "way-$kind" .boot
        collect "way-initramfs-$kind" s "way-$kind" .initramfs
    done
}
