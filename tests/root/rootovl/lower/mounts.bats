#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What is said of a mount that fails, by the file systems of disks and images, with this machine's
# kernel. Those of servers are in tests/vm/mounts.bats.

bats_require_minimum_version 1.5.0

setup() {
    MOUNTS=${PROGRAMS:-$BATS_TEST_DIRNAME/../../../../build/asan}/tests/root/rootovl/lower/mounts
    MOUNTS=$(realpath "$MOUNTS")
    cd "$BATS_TEST_TMPDIR" || return 1
    LOOPS=()
}

teardown() {
    local loop
    for loop in "${LOOPS[@]}"; do
        losetup -d "$loop"
    done
}

# says FILE[:OPTIONS] TEXT: mounting it as a root says that.
says() {
    local loop
    loop=$(losetup --find --show --read-only "${1%%:*}")
    LOOPS+=("$loop")
    # shellcheck disable=SC2016 # the inner shell expands
    run -0 timeout 60 unshare --mount --propagation private sh -ec '
        mount -t tmpfs none /run
        echo "root root=$1 rootovl.timeout=1 $2" | "$3"' sh "$loop" "${1#"${1%%:*}"}" "$MOUNTS"
    echo "$output"
    # shellcheck disable=SC2053 # it is a pattern
    [[ ${lines[-1]} == root=$2 ]]
}

# put FILE OFFSET BYTES: writes them there, as printf(1) takes them.
put() {
    # shellcheck disable=SC2059 # it is a format
    printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# small TYPE FILE: a file system with a file in it.
small() {
    mkdir -p tree
    head -c 300000 /dev/urandom >tree/file
    truncate -s "${3:-20M}" "$2"
    case $1 in
    ext4) mkfs.ext4 -q -d tree "$2" ;;
    xfs) mkfs.xfs -q "$2" ;;
    btrfs) mkfs.btrfs -q "$2" ;;
    squashfs) rm "$2" && mksquashfs tree "$2" -quiet -no-progress ;;
    erofs) rm "$2" && mkfs.erofs --quiet "$2" tree ;;
    esac
}

# A folder with a file in it is no root, which is found out after the mount.
mounted='refused: no /usr/lib/systemd/systemd *'

@test "mounts: whole file systems are mounted: ext4, xfs, btrfs, squashfs, erofs" {
    small ext4 a && says a "$mounted"
    small xfs b 320M && says b "$mounted"
    small btrfs c 120M && says c "$mounted"
    small squashfs d && says d "$mounted"
    small erofs e && says e "$mounted"
}

@test "mounts: ext4: an unknown feature, an unknown option, a damaged superblock, a device cut short" {
    small ext4 feature
    debugfs -w -R 'set_super_value feature_incompat 0x80000242' feature
    says feature 'failed: device /dev/loop*: mounting it as ext4: * (make it without features that this kernel lacks: its log names them)'
    small ext4 option
    says option:' rootflags=nosuch' 'failed: *: the kernel refuses an option, a feature, or what is on the device (*)'
    small ext4 damaged
    put damaged 1080 '\xff\xff\xff\xff\xff\xff'
    says damaged 'failed: *'
    small ext4 cut
    truncate -s 4M cut
    says cut 'failed: *: mounting it as ext4: * (*)'
}

@test "mounts: xfs and btrfs: damaged, a subvolume that is not there" {
    small xfs damaged 320M
    put damaged 216 '\xff\xff\xff\xff'
    says damaged 'failed: *: mounting it as xfs: it is damaged* (make the image again, or restore it: *)'
    small btrfs missing 120M
    says missing:' rootflags=subvol=none' 'failed: *: mounting it as btrfs: there is no such subvolume, or one of its devices is missing (check subvol=*'
}

@test "mounts: squashfs and erofs: an unknown compression, cut short" {
    small squashfs compressed
    put compressed 20 '\x0f'
    says compressed 'failed: *: mounting it as squashfs: it is no whole squashfs, or of a compression that the kernel lacks (*-comp gzip*)'
    small squashfs cut
    truncate -s 100K cut
    says cut 'failed: *: mounting it as squashfs: * (*)'
    small erofs damaged
    put damaged $((1024 + 80)) '\xff\xff\xff\xff'
    says damaged 'failed: *: mounting it as erofs: it is damaged: a checksum is wrong (*)'
}
