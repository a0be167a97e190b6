#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For rootfs_disk=, and for what has xfs or btrfs: lvm, mkfs, kernel modules. A module of its own, for
# it would make every image a third larger.
# shellcheck disable=SC2154 # dracut's variables: moddir

# Only when it is asked for.
check() {
    return 255
}

# By rootovl, which would be a circle.
depends() {
    :
}

installkernel() {
    sed 's/#.*//' "$moddir/kernel-modules.list" | hostonly='' instmods
}

install() {
    inst_multiple -o lvm mkfs.ext4 mkfs.xfs
}
