#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# initrd-builder image: one file of a root, with all that a root has; whole or not there.

bats_require_minimum_version 1.5.0

setup() {
    BUILDER=${PROGRAMS:-$BATS_TEST_DIRNAME/../../../../build/asan}/initrd-builder
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir -p root/etc root/usr/bin out
    echo ID=test >root/etc/os-release
    install -m 4755 -o 0 -g 0 /bin/true root/usr/bin/su
    install -m 640 -o 7 -g 8 /dev/null root/etc/owned
    ln root/etc/os-release root/etc/hard-link
    ln -s usr/bin root/bin
    mknod root/device c 1 3
    cp /bin/true root/usr/bin/capable
    setcap cap_net_raw+ep root/usr/bin/capable 2>/dev/null || setfattr -n user.note -v here root/usr/bin/capable
}

teardown() {
    if mountpoint -q "$BATS_TEST_TMPDIR/mnt"; then
        umount "$BATS_TEST_TMPDIR/mnt"
    fi
}

tree() {
    (cd "$1" && find . -printf '%P %y %m %U:%G %l\n' | sort && getfattr -R -d -m - . | sort)
}

# same IMAGE TYPE: it holds the root.
same() {
    mkdir -p mnt
    mount -t "$2" -o ro,loop "$1" mnt
    diff <(tree root) <(tree mnt)
    [ "$(stat -c %h mnt/etc/hard-link)" = 2 ]
}

@test "image: an erofs image holds owners, modes, links, devices and attributes" {
    run -0 "$BUILDER" image root -o out/root.erofs
    [[ $output == *" s  image: out/root.erofs, "*B ]]
    [ "$(ls -A out)" = root.erofs ]
    same out/root.erofs erofs
}

@test "image: a squashfs image does too" {
    run -0 "$BUILDER" image -o out/root.squashfs root
    same out/root.squashfs squashfs
}

@test "image: another ending is wrong usage, and so is a missing argument" {
    run -2 "$BUILDER" image root -o out/root.zip
    [[ $output == *'end it with .erofs or .squashfs'* ]]
    run -2 "$BUILDER" image root
    run -2 "$BUILDER" image -o out/root.erofs
    run -2 "$BUILDER" image -o out/root.erofs root root
    [ -z "$(ls -A out)" ]
}

@test "image: a root that is not there, a folder that is not there" {
    run -1 "$BUILDER" image none -o out/root.erofs
    [[ $output == *'none: No such file or directory'* ]]
    run -1 "$BUILDER" image root -o nowhere/root.erofs
    [[ $output == *'nowhere: No such file or directory'* ]]
    [ -z "$(ls -A out)" ]
}

@test "image: a folder that is no root, as where nothing is mounted, is refused" {
    mkdir empty
    echo old >out/root.erofs
    run -1 "$BUILDER" image empty -o out/root.erofs
    [ "$output" = 'initrd-builder: empty: no os-release in its /etc and /usr/lib (is this the root of an operating system, and mounted?)' ]
    [ "$(cat out/root.erofs)" = old ]
}

@test "image: one that would be a part of the next one is refused, and so is an initrd of a root" {
    local command
    mkdir -p tree/boot/images
    echo ID=x >tree/os-release
    mkdir -p tree/etc tree/sbin
    mv tree/os-release tree/etc/
    cp /bin/true tree/sbin/init
    for command in 'image tree -o tree/boot/images/x.erofs' 'rootfs tree -o tree/x.cgz'; do
        # shellcheck disable=SC2086 # words
        run "$BUILDER" $command
        [ "$status" -ne 0 ]
        [ "${lines[-1]}" = "initrd-builder: ${command##* }: it lies in tree itself (put it beside that)" ]
    done
    [ -z "$(find tree -name 'x.*')" ]
    "$BUILDER" image tree -o x.erofs
}

@test "image: a program that fails leaves the old image, and its last words are told" {
    mkdir bin
    printf '#!/bin/sh\necho first\necho no room in the inn\nexit 9\n' >bin/mkfs.erofs
    chmod 755 bin/mkfs.erofs
    echo old >out/root.erofs
    PATH=$PWD/bin:$PATH run -1 "$BUILDER" image root -o out/root.erofs
    [[ $output == *'mkfs.erofs failed with status 9: no room in the inn'* ]]
    [ "$(cat out/root.erofs)" = old ]
    [ "$(ls -A out)" = root.erofs ]
}

@test "image: one that is ended leaves nothing" {
    mkdir bin
    # shellcheck disable=SC2016 # the script expands
    printf '#!/bin/sh\necho started >"%s"\nexec sleep 100\n' "$PWD/started" >bin/mkfs.erofs
    chmod 755 bin/mkfs.erofs
    mkfifo started
    PATH=$PWD/bin:$PATH "$BUILDER" image root -o out/root.erofs 3>&- &
    builder=$!
    read -r _ <started
    kill "$builder"
    status=0
    wait "$builder" || status=$?
    [ "$status" -eq 143 ]
    [ -z "$(ls -A out)" ]
}

@test "image: with --verity a hash tree is behind it that veritysetup takes, until a byte is changed" {
    local kind hash data
    for kind in erofs squashfs; do
        run -0 "$BUILDER" image root -o "out/root.$kind" --verity
        hash=${lines[-1]#rootovl.verity=}
        [[ $hash =~ ^[0-9a-f]{64}$ ]]
        data=$(grep -obUa -m 1 'verity' "out/root.$kind" | head -n 1 | cut -d : -f 1)
        ((data % 4096 == 0))
        veritysetup verify "out/root.$kind" "out/root.$kind" "$hash" --hash-offset="$data"
        same "out/root.$kind" "$kind"
        umount mnt
        printf changed | dd of="out/root.$kind" bs=1 seek=$((data / 2)) conv=notrunc status=none
        run ! veritysetup verify "out/root.$kind" "out/root.$kind" "$hash" --hash-offset="$data"
    done
}

@test "image: where veritysetup fails the old image stays" {
    mkdir bin
    printf '#!/bin/sh\necho no room in the tree\nexit 9\n' >bin/veritysetup
    chmod 755 bin/veritysetup
    echo old >out/root.erofs
    PATH=$PWD/bin:$PATH run -1 "$BUILDER" image root -o out/root.erofs --verity
    [[ $output == *'veritysetup failed with status 9: no room in the tree'* ]]
    [ "$(cat out/root.erofs)" = old ]
    printf '#!/bin/sh\nexit 0\n' >bin/veritysetup
    PATH=$PWD/bin:$PATH run -1 "$BUILDER" image root -o out/root.erofs --verity
    [[ $output == *'veritysetup gave no root hash'* ]]
    [ "$(ls -A out)" = root.erofs ]
}
