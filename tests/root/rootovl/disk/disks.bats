#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What is on a disk, and which disks are prepared: on loop devices, with what the real tools write.
# The volumes need a device mapper, so they are tested in machines.
# shellcheck disable=SC2030,SC2031 # bats runs each test in a subshell

TOP=$BATS_TEST_DIRNAME/../../../..
DISKS=${DISKS:-${PROGRAMS:-$TOP/build/asan}/tests/root/rootovl/disk/disks}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export LVM_SUPPRESS_FD_WARNINGS=1 LVM_SYSTEM_DIR=$PWD/lvm
    mkdir lvm
    disk
}

teardown() {
    local loop
    ! mountpoint -q "$BATS_TEST_TMPDIR/mnt" || umount "$BATS_TEST_TMPDIR/mnt"
    losetup -nO NAME,BACK-FILE | while read -r loop file; do
        [[ $file != "$BATS_TEST_TMPDIR"/* ]] || losetup -d "$loop"
    done
}

# disk [NAME [SIZE [OPTION…]]]: one more blank disk, NAME.img; $disk is its device. lvm sees the disks
# of this test alone: the machine may have a group os of its own, or one more run of these tests.
disk() {
    truncate -s "${2:-320M}" "${1:-disk}.img"
    disk=$(losetup "${@:3}" -f --show "$PWD/${1:-disk}.img")
    accepted+="\"a|^$disk(p[0-9]+)?\$|\", "
    echo "devices { global_filter = [ $accepted\"r|.*|\" ] }" >lvm/lvm.conf
}

# Makes the kernel know of the first partition, also one that cannot read tables.
partition() {
    losetup -d "$disk"
    disk disk 320M -P
    [ -b "${disk}p1" ] || partx -a --nr 1 "$disk" || skip 'a kernel without partitions'
}

# put OFFSET [NAME]: stdin onto the disk, at that byte.
put() {
    dd of="$disk" bs=64K seek="$1" oflag=seek_bytes conv=notrunc status=none
}

# Lvm without udev and without backups of metadata below /etc.
lvm_quietly() {
    lvm "$1" --config 'activation{udev_sync=0 udev_rules=0} backup{backup=0 archive=0}' "${@:2}" \
        >lvm.log 2>&1 || { cat lvm.log && return 1; }
}

# The disk's bytes, and how often and how much was ever written to and discarded from it.
sum() {
    blockdev --flushbufs "$disk"
    cksum <"$disk"
    awk '{ print $5, $7, $12, $14 }' "/sys/block/${disk#/dev/}/stat"
}

# probed PATTERN: that is what the probe says, and it left every byte alone.
probed() {
    local before after
    before=$(sum)
    run "$DISKS" probe "$disk"
    echo "$output"
    after=$(sum)
    [ "$status" -eq 0 ]
    # shellcheck disable=SC2053 # a pattern
    [[ $output == $1 ]]
    [ "$before" = "$after" ]
}

# refused WISH ERRNO TEXT [DEVICE…]: so, and every byte is as it was.
refused() {
    local before after
    before=$(sum)
    run "$DISKS" prepare "$1" "${@:4}"
    echo "$output"
    after=$(sum)
    [ "$status" -eq 1 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == "failure: $2: "*"$3"*'('*')' ]]
    [ "$before" = "$after" ]
}

# foreign TEXT: the disk is told to be that, and is refused unless forced.
foreign() {
    probed "foreign: $1; *"
    refused '' EEXIST "disk $disk: there is $1 on it" "$disk"
    refused format=never EPERM "disk $disk: it is not prepared ($1 on it)" "$disk"
}

@test "a blank disk is blank" {
    probed 'blank: nothing; 335544320 bytes'
}

@test "foreign: ext4" {
    mkfs.ext4 -q -F -L system "$disk"
    foreign 'an ext4 file system labelled system'
}

@test "foreign: ext4 without a label" {
    mkfs.ext4 -q -F "$disk"
    foreign 'an ext4 file system'
}

@test "foreign: ext4 with a broken checksum" {
    mkfs.ext4 -q -F -O metadata_csum "$disk"
    printf 'xx' | put 1100
    foreign 'an ext4 file system'
}

@test "foreign: ext4 of which only the backups are left" {
    mkfs.ext4 -q -F -b 1024 "$disk"
    head -c 2048 /dev/zero | put 0
    foreign 'data of an unknown kind'
}

@test "foreign: xfs" {
    mkfs.xfs -q -f -L data "$disk"
    foreign 'an xfs file system labelled data'
}

@test "foreign: vfat" {
    mkfs.vfat -n STICK "$disk"
    foreign 'a vfat file system labelled STICK'
}

@test "foreign: btrfs" {
    mkfs.btrfs -q -f -L pool "$disk"
    foreign 'a btrfs file system labelled pool'
}

@test "foreign: swap" {
    mkswap -q "$disk"
    foreign 'swap'
}

@test "foreign: LUKS 1 and 2" {
    local type
    for type in luks1 luks2; do
        wipefs -qa "$disk"
        echo secret | cryptsetup luksFormat -q --type "$type" --pbkdf pbkdf2 \
            --pbkdf-force-iterations 1000 --disable-locks "$disk" -
        foreign 'LUKS'
    done
}

@test "foreign: a RAID member" {
    # mdadm writes nothing without the kernel's md: a version 1.2 superblock by hand
    {
        printf '\xfc\x4e\x2b\xa9\x01\0\0\0\0\0\0\0\0\0\0\0rootovl-testraid'
        printf 'host:0' && head -c 26 /dev/zero
        head -c 80 /dev/zero && printf '\x08\0\0\0\0\0\0\0' && head -c 872 /dev/zero
    } >superblock
    put 4096 <superblock
    foreign 'a RAID member labelled host:0'
}

@test "foreign: a member of a ZFS pool" {
    # what remains of a label that was mostly overwritten: its ring of uberblocks
    local i
    for i in {0..15}; do
        printf '\x0c\xb1\xba\0\0\0\0\0\x88\x13\0\0\0\0\0\0' | put $((128 * 1024 + i * 1024))
    done
    foreign 'a member of a ZFS pool'
}

@test "foreign: partition tables" {
    echo 'start=2048, type=83' | sfdisk -q --label dos "$disk"
    foreign 'a partition table (dos)'
    wipefs -qa "$disk"
    echo 'start=2048, type=L' | sfdisk -q --label gpt "$disk"
    foreign 'a partition table (gpt)'
}

@test "foreign: an empty partition table" {
    echo 'label: gpt' | sfdisk -q "$disk"
    foreign 'a partition table (gpt)'
}

@test "foreign: a GPT of which only the backup is left" {
    echo 'start=2048, type=L' | sfdisk -q --label gpt "$disk"
    head -c 1048576 /dev/zero | put 0
    foreign 'a partition table (gpt)'
}

@test "foreign: a physical volume of another group" {
    lvm_quietly pvcreate -y "$disk"
    lvm_quietly vgcreate "data$$" "$disk"
    foreign "an LVM physical volume of group data$$"
}

@test "foreign: a physical volume of a group whose name begins like ours" {
    lvm_quietly pvcreate -y "$disk"
    lvm_quietly vgcreate "os-$$" "$disk"
    foreign "an LVM physical volume of group os-$$"
}

@test "foreign: a physical volume of no group" {
    lvm_quietly pvcreate -y "$disk"
    foreign 'an orphan LVM PV'
}

@test "foreign: a label of LVM that was cut off" {
    lvm_quietly pvcreate -y "$disk"
    head -c 200 /dev/zero | put 600
    probed 'foreign: *'
    refused '' EEXIST 'there is ' "$disk"
}

@test "foreign: an ISO image" {
    mkdir tree
    echo hello >tree/file
    xorriso -as mkisofs -quiet -V CD -o cd.iso tree
    put 0 <cd.iso
    foreign 'an ISO 9660 image labelled CD'
}

@test "foreign: squashfs" {
    mkdir tree
    head -c 100000 /dev/urandom >tree/file
    mksquashfs tree image -quiet -no-progress
    put 0 <image
    foreign 'a squashfs file system'
}

@test "foreign: erofs" {
    mkdir tree
    head -c 100000 /dev/urandom >tree/file
    mkfs.erofs image tree
    put 0 <image
    foreign 'an erofs file system'
}

@test "foreign: random data, in the first MiB, the last, or everywhere" {
    head -c 1 /dev/zero | tr '\0' x | put 1048575
    foreign 'data of an unknown kind'
    printf '\0' | put 1048575
    probed 'blank: *'
    printf x | put $((320 * 1024 * 1024 - 1))
    foreign 'data of an unknown kind'
    head -c 64M /dev/urandom | tr '\125\252' x | put 0
    foreign 'data of an unknown kind'
}

@test "foreign: two things at once are both told" {
    echo 'start=2048, type=L' | sfdisk -q --label gpt "$disk"
    tail -c 16896 "$disk" >backup
    mkfs.ext4 -q -F -L old "$disk"
    put $((320 * 1024 * 1024 - 16896)) <backup
    foreign 'an ext4 file system labelled old and a partition table (gpt)'
}

@test "ours: marked, and nothing else" {
    "$DISKS" marker "$disk" set
    probed 'ours, marked: nothing; *'
    [ "$(dd if="$disk" bs=512 skip=4 count=1 status=none | head -n 1)" = \
        'rootovl prepares this disk for the volume group os' ]
    "$DISKS" marker "$disk" none
    probed 'blank: *'
}

@test "ours: marked, and a physical volume of no group" {
    "$DISKS" marker "$disk" set
    lvm_quietly pvcreate -ff -y "$disk"
    probed 'ours, marked: an orphan LVM PV; *'
}

@test "ours: marked, and a label of LVM that was cut off anywhere" {
    local length
    "$DISKS" marker "$disk" set
    lvm_quietly pvcreate -ff -y "$disk"
    dd if="$disk" of=label bs=512 skip=1 count=1 status=none
    for length in 0 8 24 32 100 200; do
        head -c 512 /dev/zero | put 512
        head -c "$length" label | put 512
        probed 'ours, marked: *'
    done
}

@test "ours: marked, and metadata of LVM that was cut off anywhere" {
    local length
    "$DISKS" marker "$disk" set
    lvm_quietly pvcreate -ff -y "$disk"
    dd if="$disk" of=before bs=4096 count=256 status=none
    lvm_quietly vgcreate os "$disk"
    dd if="$disk" of=after bs=4096 count=256 status=none
    for length in 4096 4200 4608 4700 5120 5300; do
        put 0 <before
        head -c "$length" after | put 0
        probed 'ours, marked*'
    done
}

@test "ours: a physical volume of the group" {
    lvm_quietly pvcreate -y "$disk"
    lvm_quietly vgcreate os "$disk"
    probed 'ours, member: an LVM physical volume of group os; *'
}

@test "ours: marked, and what no tool knows: it was wiped by force" {
    "$DISKS" marker "$disk" set
    head -c 4096 /dev/urandom | put 65536
    probed 'ours, marked: nothing; *'
}

@test "foreign: a file system that came after the mark" {
    mkswap -q "$disk"
    "$DISKS" marker "$disk" set
    probed 'foreign, marked: swap; *'
    refused '' EEXIST 'there is swap on it' "$disk"
}

@test "foreign: a group that came after the mark" {
    "$DISKS" marker "$disk" set
    lvm_quietly pvcreate -ff -y "$disk"
    lvm_quietly vgcreate "data$$" "$disk"
    probed "foreign, marked: an LVM physical volume of group data$$; *"
}

@test "foreign: a partition table that came after the mark" {
    "$DISKS" marker "$disk" set
    echo 'start=2048, type=83' | sfdisk -q --label dos "$disk"
    probed 'foreign, marked: a partition table (dos); *'
    refused '' EEXIST 'there is a partition table (dos) on it' "$disk"
}

@test "foreign: what is nearly a mark" {
    "$DISKS" marker "$disk" set
    printf x | put 2300
    foreign 'data of an unknown kind'
}

@test "no mark outlives mkfs and mkswap" {
    local make
    for make in 'mkfs.ext4 -q -F' 'mkfs.xfs -q -f' 'mkfs.btrfs -q -f' mkswap 'mkfs.vfat -I'; do
        "$DISKS" marker "$disk" set
        $make "$disk"
        probed 'foreign*'
        "$DISKS" wipe "$disk"
        head -c 65536 /dev/zero | put 0
    done
}

# The group is made; then lvcreate fails here, where there is no device mapper.
prepared() {
    run "$DISKS" prepare "$@"
    echo "$output"
    if [ "$status" -ne 0 ]; then
        [[ ${lines[-1]} == 'failure: EIO: lvm lvcreate: '* ]]
    fi
}

only_without_device_mapper() {
    ! grep -q device-mapper /proc/misc || skip 'volumes would be made on this machine'
}

# members N: so many disks are in the group, without our mark.
members() {
    [ "$(lvm vgs --readonly --noheadings -o pv_count os | tr -d ' ')" = "$1" ]
}

@test "prepare: two blank disks become the group, a third joins it, and no mark stays" {
    only_without_device_mapper
    local first=$disk
    disk second
    prepared '' "$first" "$disk"
    members 2
    disk third
    prepared '' "$first" "$disk"
    members 3
    probed 'ours, member: *'
    disk=$first
    probed 'ours, member: *'
}

@test "prepare: what power cut off is taken up, from every state" {
    only_without_device_mapper
    local state
    for state in marker pvcreate broken group; do
        "$DISKS" marker "$disk" set
        [ "$state" = marker ] || lvm_quietly pvcreate -ff -y "$disk"
        [ "$state" != broken ] || head -c 200 /dev/zero | put 600
        [ "$state" != group ] || lvm_quietly vgcreate os "$disk"
        prepared '' "$disk"
        members 1
        probed 'ours, member: *'
        lvm_quietly vgremove -f os
        lvm_quietly pvremove -ff -y "$disk"
        head -c 1048576 /dev/zero | put 0
    done
}

@test "prepare: force takes what is foreign; once it is wiped it needs no force" {
    only_without_device_mapper
    local format
    for format in format=force ''; do
        echo 'start=2048, type=L' | sfdisk -q --label gpt "$disk"
        if [ -z "$format" ]; then
            "$DISKS" marker "$disk" set
            refused '' EEXIST 'there is a partition table (gpt) on it' "$disk"
            "$DISKS" wipe "$disk"
        fi
        prepared "$format" "$disk"
        members 1
        probed 'ours, member: an LVM physical volume of group os; *'
        lvm_quietly vgremove -f os
        lvm_quietly pvremove -ff -y "$disk"
    done
}

@test "prepare: force takes the disk of another group" {
    only_without_device_mapper
    lvm_quietly pvcreate -y "$disk"
    lvm_quietly vgcreate "data$$" "$disk"
    prepared format=force "$disk"
    members 1
}

@test "prepare: one foreign disk, and no disk is written to" {
    local blank=$disk
    disk second
    mkfs.ext4 -q -F "$disk"
    refused '' EEXIST "disk $disk: there is an ext4 file system" "$blank" "$disk"
    disk=$blank
    probed 'blank: *'
}

@test "prepare: never" {
    refused format=never EPERM "disk $disk: it is not prepared (nothing is on it)" "$disk"
    "$DISKS" marker "$disk" set
    refused format=never EPERM "disk $disk: it is not prepared" "$disk"
    lvm_quietly pvcreate -y "$disk"
    lvm_quietly vgcreate os "$disk"
    refused format=never EPERM 'volume os/rootovl: there is none' "$disk"
}

@test "prepare: force does not take what is mounted" {
    mkfs.ext4 -q -F "$disk"
    mkdir mnt
    mount -o ro "$disk" mnt
    refused format=force EBUSY "it is in use: it is mounted on $PWD/mnt" "$disk"
}

@test "prepare: force does not take a disk with a partition that is mounted" {
    echo 'start=2048, type=L' | sfdisk -q --label gpt "$disk"
    partition
    mkfs.ext4 -q -F "${disk}p1"
    mkdir mnt
    mount -o ro "${disk}p1" mnt
    refused format=force EBUSY "it is in use: ${disk}p1 is mounted on $PWD/mnt" "$disk"
}

@test "prepare: force does not take what another program has for itself" {
    python3 -c 'import os, sys, time
os.open(sys.argv[1], os.O_RDONLY | os.O_EXCL); print(flush=True); time.sleep(300)' "$disk" >held 3>&- &
    local pid=$!
    while [ ! -s held ]; do sleep 0.05; done
    refused format=force EBUSY 'it is in use: something has it open' "$disk"
    kill "$pid"
}

@test "prepare: a disk that cannot be written to" {
    disk protected 320M -r
    run "$DISKS" prepare format=force "$disk"
    [[ $output == "failure: EROFS: disk $disk: it is read-only"* ]]
}

@test "prepare: a disk that is too small" {
    disk small 255M
    run "$DISKS" prepare format=force "$disk"
    [[ $output == "failure: ENOSPC: disk $disk: it has 255 MiB, and 256 MiB are the least"* ]]
}

@test "prepare: one disk twice, by another name too" {
    ln -s "$disk" again
    refused '' ENOTUNIQ "disk $disk: it is named twice" "$disk" "$PWD/again"
}

@test "prepare: two groups of the name" {
    lvm_quietly pvcreate -y "$disk"
    lvm_quietly vgcreate os "$disk"
    cp --sparse=always disk.img copy.img
    disk other
    lvm_quietly pvcreate -y "$disk"
    lvm_quietly vgcreate other "$disk"
    losetup -d "$(losetup -nO NAME -j "$PWD/disk.img" | tr -d ' ')"
    lvm_quietly vgrename other os
    disk copy
    refused '' ENOTUNIQ '2 volume groups are called os' "$disk"
}

@test "prepare: a size that the group has no room for" {
    lvm_quietly pvcreate -y "$disk"
    lvm_quietly vgcreate os "$disk"
    refused size=1000 ENOSPC 'volume group os: 1000 MiB are wanted, and 316 MiB are free' "$disk"
}

@test "prepare: what is no disk" {
    run "$DISKS" prepare '' /dev/null
    [[ $output == 'failure: ENOTBLK: /dev/null: it is no block device'* ]]
    run "$DISKS" prepare '' /dev/nosuch
    [[ $output == 'failure: ENOENT: /dev/nosuch: '* ]]
}

@test "prepare: an image without lvm says so" {
    mkdir bin
    run env PATH="$PWD/bin" "$DISKS" prepare '' "$disk"
    [ "$status" -eq 1 ]
    [[ $output == 'failure: ENOENT: lvm: the image lacks the program'*'initrd-builder build --with disks'* ]]
    probed 'blank: *'
}

@test "find: by path, label, UUID and what a partition is called" {
    local part uuid # of this run alone
    printf -v part '6b8b4567-327b-23c6-643c-%012x' "$$"
    printf -v uuid '6b8b4567-327c-23c6-643c-%012x' "$$"
    echo "start=2048, type=L, name=\"the part $$\", uuid=$part" |
        sfdisk -q --label gpt "$disk"
    partition
    mkfs.ext4 -q -F -L "label$$" -U "$uuid" "${disk}p1"
    ln -s "${disk}p1" "$PWD/link"
    for spec in "${disk}p1" "LABEL=label$$" "UUID=${uuid/327c/327C}" \
        "PARTLABEL=the part $$" "PARTUUID=${part^^}"; do
        run "$DISKS" find "$spec" 0
        echo "$output"
        [ "$output" = "${disk}p1" ]
    done
}

@test "find: what appears later is found soon" {
    mkfs.ext4 -q -F -L "late$$" "$disk"
    losetup -d "$disk"
    (sleep 1 && losetup -f "$PWD/disk.img") 3>&- &
    SECONDS=0
    run "$DISKS" find "LABEL=late$$" 600000
    echo "$output"
    [[ $output == /dev/loop* ]]
    [ "$SECONDS" -lt 5 ]
}

@test "find: what does not appear" {
    run "$DISKS" find LABEL=nosuch 1000
    [ "$status" -eq 1 ]
    [[ $output == "failure: ENODEV: no device LABEL=nosuch within 1 s ("*"$disk"* ]]
    run "$DISKS" find /dev/nosuch 1000
    [[ $output == 'failure: ENODEV: no device /dev/nosuch within 1 s ('* ]]
}

@test "find: two of the same label, what is no device, what is no form" {
    mkfs.ext4 -q -F -L "twin$$" "$disk"
    cp --sparse=always disk.img twin.img
    disk twin
    run "$DISKS" find "LABEL=twin$$" 0
    [[ $output == "failure: ENOTUNIQ: LABEL=twin$$: both /dev/loop"*' and /dev/loop'*' have it'* ]]
    run "$DISKS" find /dev/null 0
    [[ $output == 'failure: ENOTBLK: /dev/null: it is no block device'* ]]
    run "$DISKS" find ID=x 0
    [[ $output == 'failure: EINVAL: ID=x: it names no device'* ]]
}
