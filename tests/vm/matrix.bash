# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2317 # tests replace functions of the library
# A cell of the matrix: one suite of Debian, one architecture, one kind of lower, booted to its job.
# `make matrix` boots all of them, and matrix.bats those that no other test has.

. "$BATS_TEST_DIRNAME/lib.bash"
. "$LIB/server-nbd.bash"
. "$LIB/server-http.bash"
. "$LIB/host-folders.bash"
. "$BATS_TEST_DIRNAME/arm64.bash"

# The root of a cell. Debian's kernel for clouds, which most roots have, is without 9p.
matrix_root() {
    local suite=$1 arch=$2 lower=$3
    case $arch/$lower in
    arm64/9p) echo "$suite-arm64-full" ;;
    arm64/*) echo "$suite-arm64" ;;
    amd64/9p) echo "$suite-full" ;;
    *) echo "$suite" ;;
    esac
}

# matrix_image KIND: an image of the root as the lower, and nothing that must stay as it was.
matrix_image() {
    MATRIX_IMAGE=$("$LIB/root-image" "$MATRIX_ROOT" "$1") || return 1
    MATRIX_TYPE=$1
    # Only folders of a server can be looked at afterwards.
    server_untouched() { :; }
}

# Each makes what serves the root, and sets $MATRIX_WORD, its root=, and $MATRIX_TYPE, the lower's file system.
lower_cifs() {
    serve_smb compass "$MATRIX_ROOT" debian/root
    MATRIX_WORD=root=cifs://$SERVER/os/debian/root,$CIFS1 MATRIX_TYPE=cifs
}
lower_nfs3() {
    serve_nfs "$MATRIX_ROOT" debian/root
    MATRIX_WORD=root=nfs:$SERVER:$EXPORT/debian/root:vers=3 MATRIX_TYPE=nfs
}
lower_nfs4() {
    serve_nfs "$MATRIX_ROOT" debian/root
    MATRIX_WORD=root=nfs4:$SERVER:$EXPORT/debian/root MATRIX_TYPE=nfs4
}
lower_nbd() {
    matrix_image erofs
    nbd_start "$DIR" qemu -f raw "$MATRIX_IMAGE"
    MATRIX_WORD=root=nbd:$SERVER
}
lower_virtiofs() {
    offer "$MATRIX_ROOT" debian/root
    host_virtiofs "$DIR" "$LOWER" os
    MATRIX_WORD=root=virtiofs:os MATRIX_TYPE=virtiofs
}
lower_9p() {
    offer "$MATRIX_ROOT" debian/root
    host_9p "$LOWER" os
    MATRIX_WORD=root=9p:os MATRIX_TYPE=9p
}
lower_live() {
    matrix_image squashfs
    http_configure "$DIR" "$SERVER"
    cp "$MATRIX_IMAGE" "$DIR/www/root.squashfs"
    http_start "$DIR"
    MATRIX_WORD=root=live:http://$SERVER/root.squashfs
}
lower_device() {
    matrix_image squashfs
    DEVICES+=" -drive file=$MATRIX_IMAGE,format=raw,if=virtio,readonly=on"
    MATRIX_WORD=root=/dev/vda
}

# matrix_cell SUITE ARCH LOWER: boots it, and sees that everything holds which a good boot promises.
matrix_cell() {
    local suite=$1 arch=$2 lower=$3 image=lean
    MATRIX_ROOT=$(matrix_root "$@")
    [[ $lower != live ]] || image=lean-live
    if [[ $arch == arm64 ]]; then
        image=$(arm64_image "$MATRIX_ROOT" "$image")
        MACHINE_OPTIONS='-A arm64 -t 1000'
    fi
    "lower_$lower"
    make_job
    boot "$image" "$MATRIX_ROOT" "$JOB_LINE $MATRIX_WORD"
    good_boot "$MATRIX_TYPE"
}
