#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The upper on a file system that is there: fresh at every boot or kept under a name, and what cannot
# carry one refused by name. Each call of `assemble` is a boot.
# shellcheck disable=SC2030,SC2031 # bats runs each test in a subshell

bats_require_minimum_version 1.5.0
load ../assemble

setup() {
    assemble_setup
    UPPER='rootovl.upper=LABEL=upper-of-test'
}

teardown() {
    if [[ -n ${LOOP:-} ]]; then
        losetup -d "$LOOP"
    fi
}

# disk SIZE COMMAND…: a disk, and what makes a file system on it.
disk() {
    truncate -s "$1" disk.img
    shift
    "$@" disk.img
    LOOP=$(losetup --find --show disk.img)
    UPPER=rootovl.upper=$LOOP
}
ext4() {
    disk 256M mkfs.ext4 -q
}

# A payload for one more boot.
payload() {
    mkdir -p source/opt source/lkp/scheduled
    echo "${1:-again}" >source/opt/tool
}

says_removed() {
    grep -qx "/dev/loop[0-9]* is full: rootovl/$1 of earlier boots is removed now" <<<"$output"
}
good() {
    [ "$status" -eq 0 ] && [ "${lines[0]}" = ready ]
}

@test "upper on a disk: writes go to it, and it says so" {
    ext4
    export AFTER='echo job >sysroot/written; ls /run/rootovl/disk/rootovl/fresh/rw; ls lower
        findmnt -no OPTIONS sysroot; cat /run/systemd/system/multi-user.target.wants/rootovl-clean.service'
    assemble "$UPPER"
    good
    grep -qx written <<<"$output"
    grep -q '"what": "device /dev/loop' <<<"$output"
    grep -q 'volatile' <<<"$output"
    grep -q 'rm -rf --one-file-system -- /run/rootovl/disk/rootovl/old' <<<"$output"
}

@test "upper on a disk: fresh at every boot; the one of before is set aside, to be removed later" {
    ext4
    AFTER='echo first >sysroot/first' assemble "$UPPER"
    good
    payload
    AFTER='cat /run/rootovl/disk/rootovl/old/0/rw/first' assemble "$UPPER"
    good
    [[ $output == *$'\nfirst' ]]
    payload
    AFTER='ls -A sysroot /run/rootovl/disk/rootovl/old' assemble "$UPPER"
    good
    [[ $output == *$'/run/rootovl/disk/rootovl/old:\n0\n1\n'* ]]
    [[ $(sed -n '/^sysroot:/,$p' <<<"$output") != *first* ]]
}

@test "upper on a disk: kept under a name, with what was written, and a payload over it" {
    ext4
    AFTER='echo mine >sysroot/mine; rm sysroot/etc/os-release; rmdir sysroot/usr/bin; echo old >sysroot/opt/tool' \
        assemble "$UPPER rootovl.persist=one"
    good
    payload new
    AFTER='cat sysroot/mine sysroot/opt/tool; ls sysroot/etc/os-release; ls -d sysroot/usr/bin; ls /run/rootovl/disk/rootovl' \
        assemble "$UPPER rootovl.persist=one"
    good
    [[ $output == *$'mine\nnew\n'* ]]
    [[ $output == *"cannot access 'sysroot/etc/os-release'"*"cannot access 'sysroot/usr/bin'"* ]]
    grep -qx kept <<<"$output"
}

@test "upper on a disk: one that is kept is taken again after a power cut, however soon" {
    ext4
    # What is durable of one file makes the names of all so.
    AFTER="cd /run/rootovl/disk; touch x; sync x; cp $PWD/disk.img $PWD/cut.img" assemble "$UPPER rootovl.persist=one"
    good
    payload
    cp cut.img disk.img
    assemble "$UPPER rootovl.persist=one"
    good
}

@test "upper on a disk: a kept one has the host name of this boot, not of an earlier one" {
    ext4
    AFTER='cat sysroot/etc/hostname' assemble "$UPPER rootovl.persist=one rootovl.hostname=first"
    good
    grep -qx first <<<"$output"
    payload
    AFTER='cat sysroot/etc/hostname' assemble "$UPPER rootovl.persist=one"
    good
    [[ $output == *"sysroot/etc/hostname: No such file"* ]]
    payload
    AFTER='echo jobs >sysroot/etc/hostname' assemble "$UPPER rootovl.persist=one rootovl.hostname=second"
    good
    payload
    AFTER='cat sysroot/etc/hostname' assemble "$UPPER rootovl.persist=one"
    good
    grep -qx jobs <<<"$output"
}

@test "upper on a disk: mounts of a kept one are put out of action for one boot, and a job's lines stay" {
    ext4
    AFTER='echo "UUID=z /more ext4 defaults 0 0" >>sysroot/etc/fstab' assemble "$UPPER rootovl.persist=one"
    good
    payload
    AFTER='cat sysroot/etc/fstab' assemble "$UPPER rootovl.persist=one"
    good
    grep -q '^UUID=z /more ext4 .*nofail' <<<"$output"
    payload
    AFTER='cat sysroot/etc/fstab' assemble "$UPPER rootovl.persist=one rootovl.fstab=keep"
    good
    grep -qx 'UUID=z /more ext4 defaults 0 0' <<<"$output"
}

@test "upper on a disk: a kept one shows the root's fstab as it is with rootovl.fstab=keep" {
    ext4
    AFTER='cat sysroot/etc/fstab' assemble "$UPPER rootovl.persist=one"
    good
    [[ $(grep -cx 'UUID=x / ext4 defaults 0 1' <<<"$output") == 0 ]]
    payload
    AFTER='cmp sysroot/etc/fstab lower/etc/fstab && echo same' assemble "$UPPER rootovl.persist=one rootovl.fstab=keep"
    good
    grep -qx same <<<"$output"
}

# units: in which units the root differs from the lower, without empty folders and the job's own unit
units() {
    diff -r lower/etc/systemd/system sysroot/etc/systemd/system | grep -vE '^Only in .*(\.d$|lkp-bootstrap)'
    find sysroot/etc/systemd/system -name rootovl.conf
}

@test "upper on a disk: a kept one shows the root's units as they are with rootovl.fstab=keep" {
    local units=lower/etc/systemd/system
    ext4
    mkdir -p $units/multi-user.target.wants
    printf '[Mount]\nWhat=/dev/sdx\nWhere=/home\n' >$units/home.mount
    printf '[Automount]\nWhere=/home\n' >$units/home.automount
    printf '[Swap]\nWhat=/dev/sdy\n' >$units/dev-sdy.swap
    printf '[Swap]\nWhat=/dev/sdz\n' >lower/usr/lib/systemd/system/dev-sdz.swap
    printf '[Mount]\nWhat=10.0.0.9:/x\nWhere=/net\nType=nfs\n' >$units/net.mount
    AFTER="$(declare -f units); units; ln -s /dev/null sysroot/etc/systemd/system/mine.swap
        head -n 1 sysroot/etc/systemd/system/*.mount; readlink sysroot/etc/systemd/system/dev-sd{y,z}.swap" \
        assemble "$UPPER rootovl.persist=one"
    [ "$status" -eq 0 ]
    [[ $output == *net.mount.d/rootovl.conf* ]]
    [[ $(grep -c '^# made by rootovl' <<<"$output") == 1 && $(grep -cx /dev/null <<<"$output") == 2 ]]
    # Each boot judges them by itself, and says so.
    payload
    AFTER="$(declare -f units); units" assemble "$UPPER rootovl.persist=one"
    [ "$status" -eq 0 ]
    [[ $output == *net.mount.d/rootovl.conf* && $output == *home.automount* && $output == *dev-sdz.swap* ]]
    payload
    AFTER="$(declare -f units); echo \"units: \$(units)\"" assemble "$UPPER rootovl.persist=one rootovl.fstab=keep"
    [ "$status" -eq 0 ]
    grep -qx 'units: Only in sysroot/etc/systemd/system: mine.swap' <<<"$output"
}

@test "upper on a disk: two names are two uppers, and a fresh boot touches neither" {
    ext4
    AFTER='echo one >sysroot/mine' assemble "$UPPER rootovl.persist=one"
    payload
    AFTER='echo two >sysroot/mine' assemble "$UPPER rootovl.persist=two"
    payload
    AFTER='ls sysroot/mine' assemble "$UPPER"
    good
    [[ $output == *"cannot access 'sysroot/mine'"* ]]
    payload
    AFTER='cat sysroot/mine' assemble "$UPPER rootovl.persist=one"
    [[ $output == *$'\none'* ]]
}

@test "upper on a disk: a kept one begun anew is set aside" {
    ext4
    AFTER='echo one >sysroot/mine' assemble "$UPPER rootovl.persist=one"
    payload
    AFTER='ls sysroot/mine; cat /run/rootovl/disk/rootovl/old/0/rw/mine' assemble "$UPPER rootovl.persist=one,new"
    good
    [[ $output == *"cannot access 'sysroot/mine'"*$'\none'* ]]
}

@test "upper on a disk: a kept one on a lower that changed is refused, with the way out, and is whole" {
    ext4
    AFTER='echo one >sysroot/mine' assemble "$UPPER rootovl.persist=one"
    good
    payload
    echo changed >lower/etc/new
    assemble "$UPPER rootovl.persist=one"
    refused 'mount upper' 'the upper kept as one was made on another lower'
    [[ ${lines[0]} == *rootovl.persist=NAME,new* ]]
    rm lower/etc/new
    touch -r lower/usr lower/etc
    mount "$LOOP" source
    cat source/rootovl/kept/one/rw/mine
    [ "$(cat source/rootovl/kept/one/rw/mine)" = one ]
    umount source
}

@test "upper on a disk: xfs" {
    disk 400M mkfs.xfs -q
    assemble "$UPPER"
    good
}

@test "upper on a disk: vfat is refused by name" {
    disk 100M mkfs.vfat
    assemble "$UPPER"
    refused 'mount upper' 'vfat is on it'
}

@test "upper on a disk: an empty disk is refused, and stays empty" {
    disk 100M true
    assemble "$UPPER"
    refused 'mount upper' 'no file system on it'
    cmp -n 104857600 disk.img /dev/zero
}

@test "upper on a disk: a job that fills it, with bytes or files, keeps no later boot from it" {
    local kind
    for kind in mkfs.ext4 mkfs.xfs mkfs.btrfs; do
        rm -f disk.img
        disk 400M $kind -q
        payload
        AFTER='echo kept >sysroot/mine' assemble "$UPPER rootovl.persist=one"
        good
        # Of two boots, and by a link that leads elsewhere.
        payload
        AFTER="fallocate -l 100M sysroot/fill; ln -s $PWD/lower sysroot/link" assemble "$UPPER"
        payload
        AFTER='dd if=/dev/zero of=sysroot/fill bs=1M; :' assemble "$UPPER"
        good
        payload
        AFTER='cat sysroot/mine' assemble "$UPPER rootovl.persist=one"
        [ "$status" -eq 0 ]
        grep -qx kept <<<"$output"
        says_removed old
        says_removed fresh
        [ -e lower/etc/fstab ]
        # A kept one is nobody's to remove, but for who begins it anew.
        payload
        AFTER='dd if=/dev/zero of=sysroot/fill bs=1M; :' assemble "$UPPER rootovl.persist=one"
        payload
        assemble "$UPPER rootovl.persist=one"
        refused 'mount upper' 'is full'
        payload
        AFTER='ls sysroot/mine' assemble "$UPPER rootovl.persist=one,new"
        [ "$status" -eq 0 ]
        [[ $output == *"cannot access 'sysroot/mine'"* ]]
        losetup -d "$LOOP"
    done
    rm -f disk.img
    disk 256M mkfs.ext4 -q -N 3000
    payload
    AFTER='cd sysroot; touch {1..3000}; :' assemble "$UPPER"
    good
    payload
    assemble "$UPPER"
    [ "$status" -eq 0 ]
    says_removed fresh
}

@test "upper on a disk: a full one is refused" {
    ext4
    mount "$LOOP" source
    head -c 250M /dev/zero >source/fill || true
    umount source
    assemble "$UPPER"
    refused 'mount upper' 'is full'
}

@test "upper on a disk: a read-only one is refused" {
    ext4
    losetup -d "$LOOP"
    LOOP=$(losetup --find --show --read-only disk.img)
    assemble "rootovl.upper=$LOOP"
    refused 'mount upper' 'is read-only'
}

@test "upper on a disk: one that is not there, within the timeout" {
    assemble 'rootovl.timeout=1 rootovl.upper=LABEL=rootovl-no-such'
    refused 'mount upper' 'no device LABEL=rootovl-no-such within '
}

@test "upper on a disk: a link in place of our directory is not followed, on a full one neither" {
    ext4
    mkdir elsewhere
    mount "$LOOP" source
    ln -s "$PWD/elsewhere" source/rootovl
    umount source
    assemble "$UPPER"
    refused 'mount upper' 'the directory rootovl in it'
    [ -z "$(ls -A elsewhere)" ]
    mkdir elsewhere/old elsewhere/fresh
    mount "$LOOP" source
    fallocate -l "$(df --output=avail -B1 source | tail -n 1)" source/large
    umount source
    assemble "$UPPER"
    refused 'mount upper' 'is full: '
    [ "$(ls elsewhere)" = $'fresh\nold' ]
}
