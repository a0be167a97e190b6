#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# testbox job: what it would boot, and what it refuses before a machine runs.

bats_require_minimum_version 1.5.0
TOP=$(realpath "$BATS_TEST_DIRNAME/../../../..")
TESTBOX=${PROGRAMS:-$TOP/build/asan}/testbox

# kernel FILE VERSION: the head of a kernel for x86.
kernel() {
    truncate -s 0 "$1"
    printf HdrS | dd of="$1" bs=1 seek=$((0x202)) conv=notrunc status=none
    printf '\0\1' | dd of="$1" bs=1 seek=$((0x20e)) conv=notrunc status=none
    printf '%s (builder) #1\0' "$2" | dd of="$1" bs=1 seek=$((0x300)) conv=notrunc status=none
    truncate -s 4096 "$1"
}

# archive FILE DIR: a cgz of all that is in the directory.
archive() {
    (cd "$2" && find . | cpio -o -H newc --quiet | gzip) >"$1"
}

setup() {
    local version
    cd "$BATS_TEST_TMPDIR" || return
    export TESTBOX_STATE=$PWD/state
    mkdir -p root/boot hosts tree empty
    for version in 5.10 6.1; do
        mkdir -p root/lib/modules/$version/kernel
        kernel root/boot/vmlinuz-$version $version
        echo "$version" >tree/image-of
        archive root/boot/initramfs.lkp-$version.img tree
    done
    echo 'suite: probe' >job.yaml
    printf '%s\n' '#!/bin/sh' 'run_job() { :; }' '"$@"' >job.sh
}

# job [OPTION…]: its dry run. The parts that it boots stay in the folder of the test.
job() {
    "$TESTBOX" job --dry-run --kvm no --hosts hosts -n vm-1p1g-1 --rootfs root --script job.sh "$@" job.yaml
}

# modules KVER NAME…: modules.cgz, with what is built in, as `make modules_install` leaves them.
modules() {
    rm -rf m
    mkdir -p "m/lib/modules/$1/kernel"
    printf 'kernel/fs/%s.ko\n' overlay virtio_pci >"m/lib/modules/$1/modules.builtin"
    : >"m/lib/modules/$1/modules.dep.bin"
    for name in "${@:2}"; do
        : >"m/lib/modules/$1/kernel/$name.ko.xz"
    done
    archive modules.cgz m
}

@test "testbox job: the last kernel of the root, or the one of --kver; a kernel that is not there is refused" {
    run -0 job
    [[ $output == *result_service=9p/virtfs_mount* ]]
    run -121 job --kver 4.19
    [[ $output == *'root: no modules of kernel 4.19 in lib/modules'* ]]
    rm root/boot/vmlinuz-6.1
    run -121 job
    [[ $output == *'root/boot/vmlinuz-6.1: No such file'* ]]
    run -0 job --kver 5.10
}

@test "testbox job: a kernel of one's own boots with its modules, or says what must be built in" {
    kernel own 6.9-rc1
    run -0 job --kernel own
    [[ $output == *'testbox: own: no modules of kernel 6.9-rc1: the root has none, and --modules is not given; it must have built in: virtio_pci virtio_net overlay virtiofs'* ]]
    modules 6.9-rc1 virtio-net virtiofs
    run -0 job --kernel own --modules modules.cgz
    [[ $output != *'built in'* ]]
    # The root's own: no word is needed.
    kernel own 5.10
    run -0 job --kernel own
    [[ $output != *'built in'* ]]
}

@test "testbox job: modules that do not fit are refused: absent ones, of another kernel, without depmod's index, none" {
    kernel own 6.9-rc1
    modules 6.9-rc1 virtio_net
    run -121 job --kernel own --modules modules.cgz
    [[ $output == *'modules.cgz: the machine needs modules that are neither in it nor built in: virtiofs '* ]]
    modules 6.8 virtio_net virtiofs
    run -121 job --kernel own --modules modules.cgz
    [[ $output == *'modules.cgz: modules of 6.8, and the kernel is 6.9-rc1 '* ]]
    modules 6.9-rc1 virtio_net virtiofs
    rm m/lib/modules/*/modules.dep.bin
    archive modules.cgz m
    run -121 job --kernel own --modules modules.cgz
    [[ $output == *'modules.cgz: no modules.dep.bin is in it'* ]]
    archive modules.cgz empty
    run -121 job --kernel own --modules modules.cgz
    [[ $output == *'modules.cgz: no lib/modules/KVER is in it'* ]]
    echo text >modules.cgz
    run -121 job --kernel own --modules modules.cgz
    [[ $output == *'modules.cgz: '* ]]
    mkdir -p m/lib/modules/6.8
    archive modules.cgz m
    run -121 job --kernel own --modules modules.cgz
    [[ $output == *'modules.cgz: modules of more than one kernel'* ]]
}

@test "testbox job: the job's processors, memory and disks are the machine's" {
    printf '%s\n' 'nr_cpu: 3' 'memory: 64M' 'nr_hdd_partitions: 2' >job.yaml
    run -0 job
    [[ $output == *'-smp 3'* && $output == *'-m 64M'* && $output == *disk-3.qcow2* && $output != *disk-4.qcow2* ]]
    [[ $output == *'job.sh: its disks keep their names: it is not of LKP'* ]]
    echo 'nr_cpu: 2' >hosts/vm-1p1g.yaml
    run -0 job
    [[ $output == *'-smp 2'* && $output == *'-m 64M'* ]]
    echo 'memory: 1048576G' >job.yaml
    run -0 job
    [[ $output == *'job.yaml: memory: 1073741824 MiB is more than half of what is free'* ]]
}

@test "testbox job: what is no single job is refused before anything is made" {
    printf 'a: 1\n---\nb: 1\n' >job.yaml
    run -121 job
    [[ $output == 'testbox: job.yaml: line 2: a second document begins (lkp split-job makes job files of it)' ]]
    [ ! -e state ]
}

@test "testbox job: a script alone gets a service that runs it; LKP's sources, an initrd or a root that may have one do not" {
    run -0 job
    [[ $output == *'testbox: job.yaml: the root has no lkp-bootstrap.service: the job brings one that runs job.sh and reboots'* ]]
    mkdir lkp
    run -0 job --lkp-src lkp
    [[ $output != *'brings one'* ]]
    archive more.cgz tree
    run -0 job --initrd more.cgz
    [[ $output != *'brings one'* ]]
    mkdir -p root/etc/systemd/system
    ln -s /nowhere root/etc/systemd/system/lkp-bootstrap.service
    run -0 job
    [[ $output == *'brings one'* ]]
    echo '[Service]' >root/nowhere
    run -0 job
    [[ $output != *'brings one'* ]]
}

@test "testbox job: without --script it says at once what the job lacks" {
    run -0 "$TESTBOX" job --dry-run --kvm no --hosts hosts -n vm-1p1g-1 --rootfs root job.yaml
    [[ $output == *'testbox: job.yaml: warning: job.sh cannot run the job: there are no sources of LKP (give --script, or --lkp-src with sbin/job2sh, and install ruby)'* ]]
}

@test "testbox job: what comes in the place of the root's kernel and image, once they are found, is not booted" {
    local pid
    modules 6.1 virtio_net virtiofs
    mkdir other
    echo text | tee other/vmlinuz-6.1 >other/initramfs.lkp-6.1.img
    # It reads its modules when it has found them.
    mkfifo fifo
    job --modules fifo >out 2>&1 3>&- &
    pid=$!
    exec 8>fifo
    mv root/boot found
    ln -s "$PWD/other" root/boot
    cat modules.cgz >&8
    exec 8>&-
    wait "$pid" || {
        cat out
        return 1
    }
}
