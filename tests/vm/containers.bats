#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The container that userspaces are made in, by real engines: it is made, it makes one, without a
# network and without this machine's files; all engines make the same, and the images boot.

bats_require_minimum_version 1.5.0

. "$BATS_TEST_DIRNAME/lib.bash"
. "$LIB/docker.bash"
. "$LIB/containers.bash"

BUILDER=${PROGRAMS:-$TOP/build/asan}/initrd-builder

setup_file() {
    ROOTOVL_BASE=$("$LIB/rootfs" trixie-builder)
    export ROOTOVL_BASE
}

setup() {
    machine_setup
    cd "$DIR" || return 1
    export ROOTOVL_CACHE=$DIR/cache TMPDIR=$DIR/tmp
    mkdir tmp
    containers_here "$DIR"
}

teardown() {
    docker_stop
    machine_teardown
}

# built_root NAME: a root that images are made for, in out/.
built_root() {
    BUILT=$("$LIB/rootfs" "$1")
    KVER=$(ls "$BUILT/lib/modules")
    IMAGE=$DIR/out/initramfs.lkp-$KVER.img
}

# What every container must make. The userspace is kept for the tests of the other engines.
assert_made() {
    [[ $output == *"userspace: engine $1, "*" MB, zstd"* ]]
    zstd -qdc cache/userspace-* >archive
    cpio -t --quiet <archive >"$DIR/list"
    grep -qx usr/bin/rootovl list
    grep -qx usr/lib/systemd/systemd-executor list # Debian 13's
    run ! grep -E '\.ko|lib/dracut' list
    # rootovl is of the container's libraries, and finds them.
    mkdir image
    (cd image && cpio -id --quiet <../archive)
    chroot image rootovl --version
    # So is the stub, and systemd finds all in it.
    [ "$(find image -type f -name 'libcrypto.so*' -size -32k | wc -l)" = 1 ]
    LD_BIND_NOW=1 chroot image /usr/lib/systemd/systemd --version
    # Whatever engine built the helper and ran dracut, the same came of it.
    mv archive "$BATS_FILE_TMPDIR/$1"
    for other in "$BATS_FILE_TMPDIR"/*; do
        cmp "$other" "$BATS_FILE_TMPDIR/$1"
    done
    [ -z "$(ls -A tmp)" ]
}

@test "containers: docker makes the container and a userspace, which is kept; a Debian 13 root over NFS" {
    built_root debian-13
    docker_start "$DIR"
    run -0 "$TOP/container/make" docker
    [[ ${lines[0]} == "container: the base is the tree $ROOTOVL_BASE" ]]
    # It is found without being named.
    run -0 "$BUILDER" build -o out "$BUILT"
    echo "$output"
    assert_made docker
    grep -q '^container docker sha256:' "${IMAGE%.img}.from"
    run -0 "$BUILDER" build -o out "$BUILT"
    [[ $output == *"kernel $KVER: current"* ]]
    [ -z "$(docker ps -aq)" ]

    serve_nfs debian-13 debian/13
    make_job
    boot "$IMAGE" debian-13 "$JOB_LINE root=nfs4:$SERVER:$EXPORT/debian/13"

    # Meanwhile: one of another rootovl is refused, and an absent one.
    printf 'FROM localhost/rootovl-builder:%s\nLABEL rootovl.inputs=0\n' "$(dpkg --print-architecture)" |
        docker build -q -t other - >/dev/null
    run -1 "$BUILDER" build --engine docker --image other -o refused "$BUILT"
    [[ $output == *"other was made of another rootovl than this program (make container)"* ]]
    run -1 "$BUILDER" build --engine docker --image absent -o refused "$BUILT"
    [[ $output == *"docker has no image absent: "*"No such image"*" (make container)"* ]]

    # What runs in it sees no network and no file of this machine, and may write nowhere but to /tmp.
    # shellcheck disable=SC2016 # the container expands
    printf 'FROM localhost/rootovl-builder:%s\nRUN printf "%%s\\n" "#!/bin/sh" "ls /sys/class/net /home >&2" "id >&2" "grep Cap /proc/self/status >&2" "touch /x" "exit 9" >/usr/lib/rootovl/userspace\n' \
        "$(dpkg --print-architecture)" | docker build -q -t spy - >/dev/null
    run -1 "$BUILDER" build --engine docker --image spy -o spied "$BUILT"
    echo "$output"
    [[ $output == *"dracut failed with status 9 (spied/initramfs.lkp-$KVER.log)"* ]]
    grep -qE 'CapEff:\s0000000000000000' "spied/initramfs.lkp-$KVER.log"
    grep -q "touch: cannot touch '/x': Read-only file system" "spied/initramfs.lkp-$KVER.log"
    run ! grep -E '^(eth|en|veth|tap)' "spied/initramfs.lkp-$KVER.log"

    good_boot nfs4
}

# bats test_tags=slow
@test "containers: buildah does too; a Debian 11 root, without merged /usr, over CIFS" {
    built_root debian-11
    run -0 "$TOP/container/make" buildah
    run -0 "$BUILDER" build --engine buildah -o out "$BUILT"
    echo "$output"
    assert_made buildah
    [ -z "$(buildah containers -q)" ]

    serve_smb compass debian-11 debian/11
    make_job
    boot "$IMAGE" debian-11 "$JOB_LINE root=cifs://$SERVER/os/debian/11,$CIFS1"
    good_boot cifs
}
