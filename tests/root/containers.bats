#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The container that userspaces are made in, by real engines: it is made, it makes one, without a
# network and without this machine's files; both engines make the same.

bats_require_minimum_version 1.5.0

. "$BATS_TEST_DIRNAME/../lib/events.bash"
. "$BATS_TEST_DIRNAME/../lib/docker.bash"

setup_file() {
    TOP=$(realpath "$BATS_TEST_DIRNAME/../..")
    BUILDER=$TOP/build/asan/initrd-builder
    ROOT=$("$TOP/tests/lib/rootfs" debian-12)
    KVER=$(ls "$ROOT/usr/lib/modules")
    ROOTOVL_BASE=$("$TOP/tests/lib/rootfs" trixie-builder)
    export TOP BUILDER ROOT KVER ROOTOVL_BASE
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export ROOTOVL_CACHE=$PWD/cache TMPDIR=$PWD/tmp
    mkdir tmp
    # buildah's own state, where nothing of the machine is.
    export STORAGE_DRIVER=vfs CONTAINERS_STORAGE_CONF=$PWD/storage.conf XDG_RUNTIME_DIR=$PWD/run
    printf '[storage]\ndriver = "vfs"\ngraphroot = "%s"\nrunroot = "%s"\n' "$PWD/storage" "$PWD/run" \
        >storage.conf
}

teardown() {
    docker_stop
}

# What every container must make. The userspace is kept for the test of the other engine.
assert_made() {
    [[ $output == *"userspace: engine $1, "*" MB, zstd"* ]]
    zstd -qdc cache/userspace-* >archive
    cpio -t --quiet <archive >"$PWD/list"
    grep -qx usr/bin/rootovl list
    grep -qx usr/lib/systemd/systemd-executor list # Debian 13's
    run ! grep -E '\.ko|lib/dracut' list
    # rootovl is of the container's libraries, and finds them.
    mkdir image
    (cd image && cpio -id --quiet <../archive)
    chroot image rootovl --version
    # Whatever engine built the helper and ran dracut, the same came of it.
    mv archive "$BATS_FILE_TMPDIR/$1"
    for other in "$BATS_FILE_TMPDIR"/*; do
        cmp "$other" "$BATS_FILE_TMPDIR/$1"
    done
}

@test "containers: docker makes the container and a userspace, which is kept" {
    docker_start "$PWD"
    run -0 "$TOP/container/make" docker
    [[ ${lines[0]} == "container: the base is the tree $ROOTOVL_BASE" ]]
    # It is found without being named.
    run -0 "$BUILDER" build -o out "$ROOT"
    echo "$output"
    assert_made docker
    grep -q '^container docker sha256:' "out/initramfs.lkp-$KVER.from"
    run -0 "$BUILDER" build -o out "$ROOT"
    [[ $output == *"kernel $KVER: current"* ]]
    [ -z "$(docker ps -aq)" ]
    [ -z "$(ls -A tmp)" ]

    # One of another rootovl is refused, and an absent one.
    printf 'FROM localhost/rootovl-builder:%s\nLABEL rootovl.inputs=0\n' "$(dpkg --print-architecture)" |
        docker build -q -t other - >/dev/null
    run -1 "$BUILDER" build --engine docker --image other -o out "$ROOT"
    [[ $output == *"other was made of another rootovl than this program (make container)"* ]]
    run -1 "$BUILDER" build --engine docker --image absent -o out "$ROOT"
    [[ $output == *"docker has no image absent (make container)"* ]]

    # What runs in it sees no network and no file of this machine, and may write nowhere but to /tmp.
    # shellcheck disable=SC2016 # the container expands
    printf 'FROM localhost/rootovl-builder:%s\nRUN printf "%%s\\n" "#!/bin/sh" "ls /sys/class/net /home /work >&2" "id >&2" "grep Cap /proc/self/status >&2" "touch /x" "exit 9" >/usr/lib/rootovl/userspace\n' \
        "$(dpkg --print-architecture)" | docker build -q -t spy - >/dev/null
    run -1 "$BUILDER" build --engine docker --image spy --force -o out "$ROOT"
    echo "$output"
    [[ $output == *"dracut failed with status 9 (out/initramfs.lkp-$KVER.log)"* ]]
    grep -qE 'CapEff:\s0000000000000000' "out/initramfs.lkp-$KVER.log"
    grep -q "touch: cannot touch '/x': Read-only file system" "out/initramfs.lkp-$KVER.log"
    run ! grep -E '^(eth|en|veth|tap)' "out/initramfs.lkp-$KVER.log"
}

@test "containers: buildah does too" {
    run -0 "$TOP/container/make" buildah
    run -0 "$BUILDER" build --engine buildah -o out "$ROOT"
    echo "$output"
    assert_made buildah
    [ -z "$(buildah containers -q)" ]
    [ -z "$(ls -A tmp)" ]
}
