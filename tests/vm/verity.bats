#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Roots in an image with a hash tree, which dm-verity checks as they are read.

bats_require_minimum_version 1.5.0
load lib
load ../lib/server-nbd
load ../lib/server-http
load network_images

# An image with a tree, $DIR/verity/root.erofs, of this test's own, and its root hash in $HASH.
verity_image() {
    local image
    image=$("$LIB/root-image" debian-12 verity) || return 1
    mkdir -p "$DIR/verity"
    cp "$image" "$DIR/verity/root.erofs"
    HASH=$(<"$image.hash")
}

# Changes a byte in the middle of a file of the root, in the image.
change_file() {
    local start end
    read -r start end < <(dump.erofs --path="$1" -e "$DIR/verity/root.erofs" |
        sed -nE 's/.*: *([0-9]+)\.\. *([0-9]+) \|.*/\1 \2/p' | sed -n 3p)
    printf changed | dd of="$DIR/verity/root.erofs" bs=1 seek=$(((start + end) / 2)) conv=notrunc status=none
}

# bats test_tags=slow
@test "verity: an image on NBD boots to its job, and a block changed while its server is away is an I/O error" {
    verity_image
    nbd_start "$DIR" qemu -f raw "$DIR/verity/root.erofs"
    make_job
    cat >"$JOB/lkp/scheduled/extra" <<'END'
say mounted "$(findmnt -n -o SOURCE /run/rootovl/lower)"
say outage ready
journalctl -f -n all -o cat -u rootovl-nbd.service | grep -q -m 1 'nbd0 broke'
say outage broke
journalctl -f -n all -o cat -u rootovl-nbd.service | grep -q -m 1 'nbd0 .*again'
echo 3 >/proc/sys/vm/drop_caches
say changed "$(cat /usr/bin/perl 2>&1 >/dev/null | sed 's/.*: //')"
say unchanged "$(cat /usr/bin/bash 2>&1 >/dev/null)"
say kernel "$(dmesg | grep -q 'device-mapper: verity: .* is corrupted' && echo told)"
END
    MACHINE_OPTIONS='-t 900' boot lean-verity debian-12 "$JOB_LINE root=nbd:$SERVER rootovl.verity=$HASH"
    wait_line "$VM/verdict.log" '^outage=ready' 1000 "$MACHINE"
    nbd_stop "$DIR"
    wait_line "$VM/verdict.log" '^outage=broke' 1000 "$MACHINE"
    change_file /usr/bin/perl
    nbd_start "$DIR" qemu -f raw "$DIR/verity/root.erofs"
    good_boot erofs
    facts mounted /dev/mapper/rootovl-root changed 'Input/output error' unchanged '' kernel told
    section shown | grep -qx " *checked as it is read, root hash $HASH"
    [[ $HASH == "$(jq -r .lower.verity "$DIR/report.json")" ]]
}

# bats test_tags=slow
@test "verity: an image on a share whose root hash is another's" {
    verity_image
    smb_configure "$DIR" compass
    smb_share "$DIR" os "$DIR/verity"
    smb_start "$DIR"
    boot_fails lean-verity debian-12 "root=cifs://$SERVER/os/root.erofs,guest rootovl.verity=${HASH:1}0" 'mount lower' \
        "cifs //$SERVER/os/root.erofs: its root hash is not that of rootovl.verity="
}

# bats test_tags=slow
@test "verity: an image over HTTP, with its digest, whose signature the kernel has no key for" {
    verity_image
    http_configure "$DIR" "$SERVER"
    ln "$DIR/verity/root.erofs" "$DIR/www/"
    mkdir -p "$DIR/signed/etc"
    openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=test -keyout "$DIR/key" -out "$DIR/cert" 2>/dev/null
    printf %s "$HASH" | openssl smime -sign -nocerts -noattr -binary -inkey "$DIR/key" -signer "$DIR/cert" \
        -outform der -out "$DIR/signed/etc/root.p7s"
    "$LIB/pack" "$DIR/signed" "$DIR/signed.cgz"
    http_start "$DIR"
    pack_witness
    boot lean-live-verity debian-12 "$JOB_LINE root=live:http://$SERVER/root.erofs rootovl.verity=$HASH \
        rootovl.digest=sha256:$(sha256sum <"$DIR/www/root.erofs" | cut -c 1-64) \
        rootovl.verity.signature=/etc/root.p7s" "$DIR/witness.cgz" "$DIR/signed.cgz"
    ends_with poweroff
    failed_to_shell 'mount lower' 'the kernel has no key for the signature of its root hash'
}

# bats test_tags=slow
@test "verity: an image without what rootovl.verity= needs" {
    boot_fails lean debian-12 "root=nbd:$SERVER rootovl.verity=$(printf %064d 0)" 'load modules' \
        'module dm-verity: not in this image'
    [[ $(console_lines) == *'not in this image (build the image again: initrd-builder build --with verity)' ]]
}
