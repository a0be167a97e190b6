#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A root of arm64, where this machine may be of amd64: its container and its image are made, and a
# machine boots it to the job. Minutes by qemu-user and QEMU without KVM.
# bats file_tags=slow

bats_require_minimum_version 1.5.0
. "$BATS_TEST_DIRNAME/lib.bash"
. "$BATS_TEST_DIRNAME/arm64.bash"

ARM64_ROOT=debian-12-arm64
TESTBOX=$BUILD/testbox

setup_file() {
    arm64_engine "$BATS_FILE_TMPDIR/engine"
    TREE=$("$LIB/rootfs" $ARM64_ROOT)
    KVER=$(ls "$TREE/usr/lib/modules")
    OUT=$BATS_FILE_TMPDIR/out
    IMAGE=$OUT/initramfs.lkp-$KVER.img
    export TREE KVER OUT IMAGE
    make -s -C "$TOP" container ENGINE=buildah ARCH=arm64 >"$BATS_FILE_TMPDIR/container" 2>&1
    build >"$BATS_FILE_TMPDIR/said" 2>&1
}

# build [OPTION…]
# shellcheck disable=SC2120 # bats passes them
build() {
    "$BUILD/initrd-builder" build --engine buildah --cache "$BATS_FILE_TMPDIR/cache" -o "$OUT" "$@" "$TREE"
}

@test "arm64: its container makes its image, whose programs are all of arm64" {
    cat "$BATS_FILE_TMPDIR/said"
    tail -n 1 "$BATS_FILE_TMPDIR/container" |
        grep -qx 'container: localhost/rootovl-builder:arm64 is made (buildah)'
    grep -q 'userspace: engine buildah, .* MB, zstd$' "$BATS_FILE_TMPDIR/said"
    run -0 build
    [[ $output == *"kernel $KVER: current"* ]]
    run -0 "$BUILD/initrd-builder" verify --rootfs "$TREE" "$IMAGE"
    mkdir "$DIR/image"
    zstd -qdc "$BATS_FILE_TMPDIR"/cache/userspace-* | (cd "$DIR/image" && cpio -id --quiet)
    # e_machine 183: of every program and library there is
    find "$DIR/image" -type f -exec sh -c '[ "$(head -c 4 "$1" | tail -c 3)" != ELF ] ||
        od -A n -t u2 -j 18 -N 2 "$1"' sh {} \; | sort | uniq -c | tee "$DIR/machines"
    [[ $(wc -l <"$DIR/machines") == 1 && $(awk '$1 > 50 { print $2 }' "$DIR/machines") == 183 ]]
    "$BUILD/initrd-builder" inspect --list "$IMAGE" >"$DIR/list"
    for module in virtio_pci virtio_mmio virtio_net overlay cifs nfsv4; do
        grep -q "/$module\.ko" "$DIR/list"
    done
    run -1 build --arch amd64
    [[ $output == *"it is of architecture arm64, and --arch asks for amd64" ]]
}

@test "arm64: a Debian 12 root over CIFS boots to the job" {
    serve_smb compass $ARM64_ROOT debian/arm64/12
    make_job
    MACHINE_OPTIONS='-A arm64 -t 1000' boot "$IMAGE" $ARM64_ROOT \
        "$JOB_LINE root=cifs://$SERVER/os/debian/arm64/12,$CIFS1"
    good_boot cifs
}

# in_testbox STATUS COMMAND OPTION…: what testbox says is in $DIR/said.
in_testbox() {
    local wanted=$1 status=0
    mkdir -p "$DIR/result" "$DIR/hosts"
    lab env TESTBOX_STATE="$DIR/state" "$TESTBOX" "$2" -n vm-1p2g-1 --hosts "$DIR/hosts" --timeout 1000 \
        --result "$DIR/result" "${@:3}" >"$DIR/said" 2>&1 3>&- || status=$?
    cp "$DIR/state/vm-1p2g-1/console.log" "$VM/" || true
    : >"$VM/verdict.log"
    cat "$DIR/said"
    [[ $status == "$wanted" && $(cat "$DIR/result/exit-status") == "$wanted" ]]
    [[ ! -e $DIR/state/vm-1p2g-1/run ]]
}

@test "arm64: testbox run: a personality, results by virtiofs, the job's exit status, over CIFS" {
    serve_smb compass $ARM64_ROOT debian/arm64/12
    make_result_job 7
    "$LIB/pack" "$JOB" "$DIR/job.cgz"
    printf '%s\n' '#!ipxe' "initrd file://$IMAGE" "initrd file://$DIR/job.cgz" \
        "kernel file://$TREE/boot/vmlinuz-$KVER $JOB_LINE root=cifs://$SERVER/os/debian/arm64/12,$CIFS1" \
        boot >"$DIR/job.ipxe"
    in_testbox 7 run --personality 'hostname=arm-seven,ip=10.99.7.7/24' "$DIR/job.ipxe"
    [[ $(cat "$DIR/result/hostname") == arm-seven ]]
    grep -qw 10.99.7.7 "$DIR/result/addresses"
    grep -q 'No medium' "$DIR/result/cd-errors"
    server_untouched
}

@test "arm64: testbox job: the root is shared; the kernel is started by UEFI" {
    make_result_job 3
    mkdir "$DIR/hosts"
    printf '%s\n' 'arch: arm64' 'firmware: /usr/share/AAVMF/AAVMF_CODE.fd' >"$DIR/hosts/vm-1p2g.yaml"
    in_testbox 3 job --rootfs "$TREE" --image "$IMAGE" --lkp-src "$JOB/lkp/lkp/src" \
        --script "$JOB/lkp/scheduled/job.sh" "$JOB/lkp/scheduled/job.yaml"
    [[ -s $DIR/result/lower-errors && ! -e $TREE/etc/written ]]
    grep -q 'EFI stub: Booting Linux Kernel' "$VM/console.log"
}
