#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Disks whose preparing is cut off, at many points: the next try makes them good. In an initramfs, by the
# driver of tests/root/rootovl/disk/disks.c.
# bats file_tags=slow

bats_require_minimum_version 1.5.0
load lib
load disks

disk_of() { # FILE
    DEVICES="-drive file=$1,format=raw,if=virtio,cache=unsafe"
}

@test "disks: power that goes at 40 points of preparing two of them, with and without a cache" {
    truncate -s 610M "$DIR/disk"
    sfdisk -q --label gpt "$DIR/disk" <<<$'size=300M\nsize=300M'
    cp --sparse=always "$DIR/disk" "$DIR/before"
    : >"$DIR/log"
    DEVICES="-blockdev driver=blklogwrites,node-name=disk,file.driver=file,file.filename=$DIR/disk"
    DEVICES+=",log.driver=file,log.filename=$DIR/log -device virtio-blk-pci,drive=disk"
    run_disks record
    facts record /dev/mapper/os-rootovl

    local writes
    writes=$("$LIB/power-cuts" "$DIR/log" "$DIR/before" "$DIR/images" 40)
    ((writes >= 40))
    truncate -s 8G "$DIR/store"
    mkfs.ext4 -q -d "$DIR/images" "$DIR/store"
    rm -r "$DIR/images"
    disk_of "$DIR/store"
    run_disks check
    facts works 40 bad ''
}

@test "disks: a helper that is killed at 24 points of preparing two blank ones" {
    run_disks kill 24 blank
    facts works 24 kills 24 bad ''
}

@test "disks: a helper that is killed at 24 points of taking two that are foreign by force" {
    run_disks kill 24 ext4 format=force
    facts works 24 kills 24 bad ''
}
