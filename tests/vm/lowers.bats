#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Lowers that are no folder on a file server: images on a share, devices of the machine, folders of
# its host.
# shellcheck disable=SC2317,SC2034 # tests replace functions of the library, which reads DEVICES

bats_require_minimum_version 1.5.0
load lib

load ../lib/host-folders
load root_images

setup_file() {
    root_images ext4
}

# A server's folder with an image in it, /images/IMAGE.
offer_image() {
    mkdir -p "$EXPORT/images"
    cp "$IMAGES/$1" "$EXPORT/images/"
    chmod 644 "$EXPORT/images/$1"
}

# bats test_tags=slow
@test "lowers: an erofs image on an SMB 3.1.1 share without extensions" {
    smb_configure "$DIR" plain
    offer_image root.erofs
    smb_share "$DIR" os "$EXPORT"
    smb_start "$DIR"
    make_job
    boot lean debian-12 "$JOB_LINE root=cifs://$SERVER/os/images/root.erofs,guest,vers=3.1.1"
    good_boot erofs
}

@test "lowers: a signed and encrypted share, user and password, an ext4 image, Linux 6.12" {
    smb_configure "$DIR" plain
    offer_image root.ext4
    smb_share "$DIR" os "$EXPORT" 'guest ok = no' 'smb encrypt = required'
    smb_user "$DIR" root S3CRET-word
    smb_start "$DIR"
    make_job
    boot lean debian-13 "$JOB_LINE root=cifs://root:S3CRET-word@$SERVER/os/images/root.ext4,vers=3.1.1,seal"
    good_boot ext4
}

# bats test_tags=slow
@test "lowers: a squashfs image on an NFS server" {
    nfs_configure "$DIR"
    offer_image root.squashfs
    nfs_export "$DIR" "$EXPORT/images"
    nfs_start "$DIR"
    make_job
    boot lean debian-12 "$JOB_LINE root=nfs:$SERVER:$EXPORT/images/root.squashfs"
    good_boot squashfs
}

# bats test_tags=slow
@test "lowers: a file on a share that is no image" {
    smb_configure "$DIR" plain
    mkdir -p "$EXPORT/images"
    head -c 1000000 /dev/urandom >"$EXPORT/images/odd.erofs"
    smb_share "$DIR" os "$EXPORT"
    smb_start "$DIR"
    pack_witness
    boot lean debian-12 "$JOB_LINE root=cifs://$SERVER/os/images/odd.erofs,guest,vers=3.1.1" "$DIR/witness.cgz"
    ends_with poweroff
    failed_to_shell 'mount lower' 'images/odd.erofs: no file system on it'
}

# bats test_tags=slow
@test "lowers: a share without the image" {
    smb_configure "$DIR" plain
    mkdir -p "$EXPORT/images"
    smb_share "$DIR" os "$EXPORT"
    smb_start "$DIR"
    pack_witness
    boot lean debian-12 "$JOB_LINE root=cifs://$SERVER/os/images/none.erofs,guest,vers=3.1.1" "$DIR/witness.cgz"
    ends_with poweroff
    failed_to_shell 'mount lower' 'images/none.erofs: No such file or directory'
}

disk() {
    DEVICES="-drive file=$1,format=raw,if=virtio,readonly=${2:-off}"
}

@test "lowers: a device by its label, ext4, which nothing is written to" {
    # A machine that writes to it, which is what the test looks for, must not write to the kept image.
    cp --sparse=always "$IMAGES/root.ext4" "$DIR/disk"
    disk "$DIR/disk"
    server_untouched() { cmp "$DIR/disk" "$IMAGES/root.ext4"; }
    make_job
    boot lean debian-12 "$JOB_LINE root=LABEL=testroot"
    good_boot ext4
}

# bats test_tags=slow
@test "lowers: a device by its name, squashfs, in a stock image" {
    disk "$IMAGES/root.squashfs" on
    make_job
    boot stock debian-12 "$JOB_LINE root=/dev/vda"
    good_boot squashfs
}

# A disk with the root in a logical volume, farm/root. This machine has no device-mapper: the volume is
# one piece, and its contents are put where it begins.
volume_disk() {
    local loop start
    truncate -s 1200M "$DIR/disk"
    loop=$(losetup --find --show "$DIR/disk")
    lvm_here pvcreate -y "$loop"
    lvm_here vgcreate farm "$loop"
    lvm_here lvcreate -y -a n -Z n -W n -n root -l 100%FREE farm
    start=$(lvm_here pvs --noheadings --nosuffix --units m -o pe_start "$loop" | tr -d ' ')
    losetup -d "$loop"
    dd if="$IMAGES/root.ext4" of="$DIR/disk" bs=1M seek="${start%.*}" conv=notrunc,sparse status=none
    cp --sparse=always "$DIR/disk" "$DIR/disk.before"
    disk "$DIR/disk"
}

@test "lowers: a logical volume that a stock image mounts by itself" {
    volume_disk
    make_job
    boot stock debian-12 "$JOB_LINE rootovl.lower=mounted root=/dev/mapper/farm-root rd.lvm.lv=farm/root \
        fsck.mode=skip rootflags=noload"
    server_untouched() { cmp "$DIR/disk" "$DIR/disk.before"; }
    good_boot ext4
    facts overlays 1
    [[ $(console_lines) == *'mounted /dev/mapper/farm-root ro + tmpfs'* ]]
}

# bats test_tags=slow
@test "lowers: what a stock image cannot mount by itself, and poweroff" {
    head -c 1M /dev/urandom >"$DIR/odd"
    disk "$DIR/odd"
    boot stock debian-12 "$JOB_LINE rootovl.lower=mounted root=/dev/vda rootovl.onfail=poweroff"
    ends_with poweroff
    NEXT=', powering off' failed_boot 'mount lower' 'mounted /dev/vda: nothing is mounted on /sysroot'
}

# bats test_tags=slow
@test "lowers: a device that is not there" {
    pack_witness
    boot lean debian-12 "$JOB_LINE root=LABEL=testroot rootovl.timeout=5" "$DIR/witness.cgz"
    ends_with poweroff
    failed_to_shell 'mount lower' 'no device LABEL=testroot within 5 s'
}

# bats test_tags=slow
@test "lowers: a folder of the host by virtiofs" {
    offer debian-12 debian/12
    host_virtiofs "$DIR" "$LOWER" os
    make_job
    boot lean debian-12 "$JOB_LINE root=virtiofs:os"
    server_untouched() { [[ -z $(lab_written "$LOWER") ]]; }
    good_boot virtiofs
}

# bats test_tags=slow
@test "lowers: a virtiofs tag that the host does not have" {
    pack_witness
    boot lean debian-12 "$JOB_LINE root=virtiofs:os rootovl.timeout=5" "$DIR/witness.cgz"
    ends_with poweroff
    failed_to_shell 'mount lower' 'virtiofs os: the host offers no folder by this tag'
}

# bats test_tags=slow
@test "lowers: a folder of the host by 9p" {
    offer debian-12-full debian/12
    host_9p "$LOWER" os
    make_job
    boot lean debian-12-full "$JOB_LINE root=9p:os"
    server_untouched() { [[ -z $(lab_written "$LOWER") ]]; }
    good_boot 9p
}
