#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# initrd-builder build for a root of another architecture, with a container that is small: which one is
# taken, and what is said where one is wrong or does not run. What it makes: tests/vm/arm64.bats.

bats_require_minimum_version 1.5.0

. "$BATS_TEST_DIRNAME/../fake_dracut.bash"

TOP=$(realpath "$BATS_TEST_DIRNAME/../../../..")
BUILDER=${PROGRAMS:-$TOP/build/asan}/initrd-builder
HERE=$(dpkg --print-architecture)
if [[ $HERE == arm64 ]]; then OTHER=amd64 CONFIG=CONFIG_X86_64; else OTHER=arm64 CONFIG=CONFIG_ARM64; fi

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    export ROOTOVL_CACHE=$PWD/cache TMPDIR=$PWD/tmp DOCKER_HOST=unix://$PWD/none
    export STORAGE_DRIVER=vfs CONTAINERS_STORAGE_CONF=$PWD/storage.conf XDG_RUNTIME_DIR=$PWD/run
    mkdir tmp
    printf '[storage]\ndriver = "vfs"\ngraphroot = "%s"\nrunroot = "%s"\n' "$PWD/storage" "$PWD/run" \
        >storage.conf
    small_root root
    echo "$CONFIG=y" >root/boot/config-6.1.0
}

# image NAME ARCH SCRIPT: one whose userspace is that; its programs are this machine's in any case.
image() {
    local container
    mkdir -p tree/usr/lib/rootovl tree/bin
    cp /bin/busybox tree/bin/sh
    printf '#!/bin/sh\n%s\n' "$3" >tree/usr/lib/rootovl/userspace
    chmod 755 tree/usr/lib/rootovl/userspace
    container=$(buildah from scratch)
    buildah add --quiet "$container" tree / >/dev/null
    buildah config --arch "$2" --label "rootovl.inputs=$("$TOP/container/inputs")" \
        --label "rootovl.arch=$2" "$container"
    buildah commit --quiet --rm "$container" "$1" >/dev/null
}

@test "foreign: the container of the root's architecture is taken" {
    image "localhost/rootovl-builder:$HERE" "$HERE" 'exit 8'
    image "localhost/rootovl-builder:$OTHER" "$OTHER" 'exit 9'
    small_root own
    # Both in one call: each root by its own.
    run -1 "$BUILDER" build --engine buildah root own
    echo "$output"
    [[ $output == *"buildah: dracut failed with status 8 ($PWD/own/boot/"* ]]
    # Where this machine has an interpreter the status is what there is to say.
    [[ $output == *"buildah: dracut failed with status 9 ($PWD/root/boot/"* ||
        $output == *"this machine runs no programs of $OTHER: "* ]]
    # Without the other one's.
    buildah rmi "localhost/rootovl-builder:$OTHER" >/dev/null
    run -1 "$BUILDER" build root
    [[ $output == "initrd-builder: root: kernel 6.1.0: no engine has the image localhost/rootovl-builder:$OTHER (make container ARCH=$OTHER)" ]]
    run -1 "$BUILDER" build --engine buildah root
    [[ $output == "initrd-builder: root: kernel 6.1.0: buildah has no image localhost/rootovl-builder:$OTHER: Error: importing settings: localhost/rootovl-builder:$OTHER: image not known (make container ARCH=$OTHER)" ]]
    [ -z "$(ls -A tmp)" ]
}

@test "foreign: an image of the wrong architecture is refused" {
    image localhost/named "$HERE" 'exit 9'
    run -1 "$BUILDER" build --engine buildah --image localhost/named root
    [[ $output == "initrd-builder: root: kernel 6.1.0: buildah: the image localhost/named is of architecture $HERE, not $OTHER (make container ARCH=$OTHER)" ]]
}

@test "foreign: programs that nothing here runs: what is missing, in a line" {
    local binfmt=/proc/sys/fs/binfmt_misc
    image "localhost/rootovl-builder:$OTHER" "$OTHER" 'exit 9'
    # As on a machine that has nothing registered.
    # shellcheck disable=SC2016 # the inner shell expands
    run -1 unshare --mount sh -c '
        [ ! -d "$1" ] || mount -t tmpfs none "$1"
        shift
        exec "$@"' sh $binfmt "$BUILDER" build --engine buildah root
    echo "$output"
    [[ ${lines[-1]} == "initrd-builder: this machine runs no programs of $OTHER: $binfmt has no interpreter of them (install qemu-user-static, and mount binfmt_misc)" ]]
    [ ! -e root/boot/initramfs.lkp-6.1.0.img ]
    [ -z "$(buildah containers -q)" ]
}

@test "foreign: a watched root waits for its container, and is built by it when it is there" {
    image "localhost/rootovl-builder:$HERE" "$HERE" 'exit 8'
    mkdir watched
    mv root watched/
    coproc WATCH { exec "$BUILDER" watch --engine buildah --settle 1 --retry 1 --rescan 1 watched 2>&1; }
    local line='' failures=0 watch=$WATCH_PID # bash forgets it when that has ended
    while read -r -t 120 -u "${WATCH[0]}" line; do
        echo "$line"
        [[ $line != *': failed after '* ]] || failures=$((failures + 1))
        if [[ $line == *"buildah has no image localhost/rootovl-builder:$OTHER"* && $failures == 1 ]]; then
            image "localhost/rootovl-builder:$OTHER" "$OTHER" 'exit 9'
        fi
        [[ $line != *'dracut failed with status 9'* && $line != *'runs no programs of'* ]] || break
    done
    kill "$watch"
    wait "$watch"
    [[ $line == *'dracut failed with status 9'* || $line == *'runs no programs of'* ]]
}
