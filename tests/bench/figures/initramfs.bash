# SPDX-License-Identifier: GPL-2.0-or-later
# Time in the initramfs: from "Run /init" to "Switching root".
# shellcheck shell=bash

figure_initramfs() {
    local kind
    for kind in cifs nfs; do
        series "boot-$kind" $kind files
        collect "initramfs-$kind" s "boot-$kind" .initramfs
    done
}
