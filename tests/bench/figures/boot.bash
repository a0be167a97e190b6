# SPDX-License-Identifier: GPL-2.0-or-later
# Boot to job: from the kernel's start to the first line of the job's service, by the machine's clock, which
# counts its instructions; and from QEMU's start, by the host's.
# shellcheck shell=bash

figure_boot() {
    local kind
    for kind in cifs nfs; do
        series "boot-$kind" $kind files
        collect "boot-$kind" s "boot-$kind" .boot
        collect "wall-$kind" s "boot-$kind" .wall
    done
}
