# SPDX-License-Identifier: GPL-2.0-or-later
# Kernel lines that an image of rootovl's would refuse are told before a machine boots with them.

bats_require_minimum_version 1.5.0

load hosts

setup() {
    hosts_test
    # An image is known by its program, and one that dracut made whole by dracut's hooks.
    mkdir -p "$BATS_TEST_TMPDIR/image/usr/bin" "$BATS_TEST_TMPDIR/image/sbin"
    touch "$BATS_TEST_TMPDIR/image/usr/bin/rootovl" "$BATS_TEST_TMPDIR/image/sbin/lvm"
    pack
}

# pack: the image, with what is in its folder.
pack() {
    (cd "$BATS_TEST_TMPDIR/image" && find . -mindepth 1 | cpio -o -H newc --quiet) >"$BATS_TEST_TMPDIR/image.cpio"
}

# refused WORDS TEXT: a machine is not booted with this line, and testbox says the text.
refused() {
    printf '%s\n' '#!ipxe' 'initrd image.cpio' "kernel vmlinuz $1" boot >"$SCRIPT"
    run plan vm-1p1g-1
    echo "$output"
    [ "$status" -eq 121 ]
    [[ $output == *"testbox: vm-1p1g-1: kernel line: $2"* ]]
}

# taken WORDS: it would be booted.
taken() {
    printf '%s\n' '#!ipxe' 'initrd image.cpio' "kernel vmlinuz $1" boot >"$SCRIPT"
    run plan vm-1p1g-1
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "lines: what rootovl plan refuses, testbox refuses in the same words" {
    local line='rootovl root=nfs:/x rootovl.format=force' said
    said=$("${TESTBOX%testbox}rootovl" plan --cmdline "$line" 2>&1) && false
    refused "$line" "${said#rootovl: }"
    refused 'rootovl root=cifs://u:S3CRET@h:x:y/os' 'root=: '
    [[ $output != *S3CRET* ]]
}

@test "lines: a line without rootovl is refused where nothing else in the image makes a root" {
    refused 'ro root=cifs://1.2.3.4/os' 'rootovl is not switched on, and nothing else in the image makes a root'
    mkdir -p "$BATS_TEST_TMPDIR/image/usr/lib/dracut/hooks"
    pack
    taken 'ro root=UUID=1234'
}

@test "lines: a disk that the machine has not is told, by its host file or the script it has it" {
    refused 'rootovl root=nfs:/x rootfs_disk=/dev/vdb' 'rootfs_disk=/dev/vdb: the machine has no such disk: it has none'
    printf '%s\n' 'rootfs_disk: /dev/vda' 'hdd_partitions: /dev/vdb' >"$HOSTS/vm-1p1g"
    taken 'rootovl root=nfs:/x rootfs_disk=/dev/vdb'
    taken 'local rw root=1.2.3.4:/os/x rootfs_disk=/dev/vda./dev/vdb os_lv_size=20G'
    refused 'rootovl root=nfs:/x rootfs_disk=/dev/vdc' 'rootfs_disk=/dev/vdc: '
}

@test "lines: with rdinit= or another image the line is for somebody else" {
    taken 'rootovl ro rdinit=/sbin/init prompt_ramdisk=0 rootfs_disk=/dev/vdb'
    [[ $output == *'testbox: vm-1p1g-1: kernel line: rootfs_disk=/dev/vdb: the machine has no such disk'* ]]
    rm -r "$BATS_TEST_TMPDIR/image/usr/bin"
    pack
    taken 'rootovl ro root=cifs://what:ever'
}

@test "lines: no password is in a dry run" {
    taken 'rootovl root=cifs://u:S3CRET@1.2.3.4:/os cifspass=S3CRET'
    [[ $output == *'kernel line: '*'root=cifs://u:***@1.2.3.4:/os cifspass=***'* ]]
    [[ $output != *S3CRET* ]]
}
