#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# rootovl-verity with a real kernel: user-mode-linux has device mapper, whatever this machine's has. One run
# of it does what guest.sh says, and the tests look at the results.

bats_require_minimum_version 1.5.0

setup_file() {
    [[ $(uname -m) =~ 86 ]] || skip 'Debian has user-mode-linux for amd64 and i386 only'
    local build
    build=$(realpath "$BATS_TEST_DIRNAME/../../../build")
    cd "$BATS_FILE_TMPDIR" || return 1
    mkdir -p root/etc root/usr/lib/systemd root/usr/bin root/var
    echo ID=test >root/etc/os-release
    install -m 755 /bin/true root/usr/lib/systemd/systemd
    ln -s usr/bin root/bin
    head -c 100000 /dev/urandom >root/etc/shadow
    chmod 640 root/etc/shadow
    head -c 3000000 /dev/urandom >root/file
    head -c 100000 /dev/urandom >root/other
    "$build/initrd-builder" image root -o whole.erofs --verity >said
    "$build/initrd-builder" image root -o whole.squashfs --verity >>said
    printf '#!/bin/bash\n. %q %q %q %q\n' "$BATS_TEST_DIRNAME/guest.sh" "$BATS_FILE_TMPDIR" \
        "$build" "$(sed -n 's/^rootovl.verity=//p' said | tr '\n' ' ')" >init
    chmod 755 init
    timeout --kill-after=5 600 linux.uml mem=256M uml_dir="$PWD/uml" root=/dev/root rootfstype=hostfs \
        rootflags=/ rw init="$PWD/init" panic=-1 con=null con0=null,fd:1 </dev/null >console 2>&1 || true
    grep -qx 'the end' results
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return 1
}

teardown() {
    [[ -n ${BATS_TEST_COMPLETED:-} ]] || cat results
}

# result NAME TEXT: what the run has said of it.
result() {
    grep -qxF "$1: $2" results
}

@test "verity: whole images are opened, mounted and read, and the device ends with its mount" {
    for kind in erofs squashfs; do
        result "$kind open" 0
        result "$kind read" 'same'
        result "$kind status" 0
        result "$kind close" 0
        result "$kind in use" 'there'
        result "$kind unmounted" 'gone'
    done
}

@test "verity: a block that is changed while it is mounted is an I/O error, and the kernel says so" {
    result 'changed before' 'same'
    result 'changed after' 'Input/output error'
    result 'changed other' 'same'
    result 'changed status' 3
}

@test "verity: a block that was changed before is one too, and the rest is read" {
    result 'earlier open' 0
    result 'earlier read' 'Input/output error'
    result 'earlier other' 'same'
    result 'earlier status' 3
}

@test "verity: a changed block of the tree is one too" {
    result 'tree open' 0
    result 'tree read' 'Input/output error'
    result 'tree status' 3
}

@test "verity: a first block that was changed is refused, and no device is left" {
    result 'first open' 1
    result 'first said' 'its first block is not that of rootovl.verity='
    result 'first device' 'gone'
}

@test "verity: another root hash is refused, and no device is left" {
    result 'hash open' 1
    result 'hash said' 'its root hash is not that of rootovl.verity='
    result 'hash device' 'gone'
}

@test "verity: a signature that the kernel cannot check is refused, and no device is left" {
    result 'signature open' 1
    grep -E '^signature said: the kernel (refuses the signature|has no key for the signature) of its root hash' results
    result 'signature device' 'gone'
    result 'nosignature said' 'rootovl.verity.signature=none: No such file or directory'
}

@test "verity: rootovl mounts an image through it, and leaves no device" {
    result 'helper' 'whole=good'
    result 'helper device' 'gone'
}

@test "verity: rootovl says what it cannot mount, and where a changed block made a step fail" {
    grep -xE 'helper hash: whole=failed: device /dev/loop[0-9]+: its root hash is not that of rootovl.verity= \(was it made again\?.*\)' results
    grep -xE 'helper plain: whole=failed: device /dev/loop[0-9]+: no hash tree behind its file system \(make it by .*\)' results
    grep -xE 'helper shadow: whole=refused: .*/etc/shadow.*: a block of the image is not that of rootovl.verity= \(it was changed, .*\)' results
    result 'helper after' 'gone'
    grep -xE 'helper without: whole=failed: device /dev/loop[0-9]+: the initramfs has no /usr/lib/rootovl/rootovl-verity \(build it with .initrd-builder build --with verity.*\)' results
}

@test "verity: a disk that stands still ends by rootovl.timeout=, and is a root when it goes on" {
    grep -xE 'helper still: whole=failed: device /dev/mapper/still: nothing came of reading it for 20 s \(its disk or server stands still: is it there and well\?\)' results
    result 'helper still device' 'gone'
    result 'helper resumed' 'whole=good'
}

@test "verity: closing what is not there is fine" {
    result 'none close' 0
    result 'none status' 0
}
