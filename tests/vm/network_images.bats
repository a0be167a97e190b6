#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Roots that are one image on a server which knows nothing of files: block devices by NBD.
# shellcheck disable=SC2317 # tests replace functions of the library

bats_require_minimum_version 1.5.0
load lib
load ../lib/server-nbd

setup_file() {
    local builder=$BATS_TEST_DIRNAME/../../build/initrd-builder root
    root=$("$BATS_TEST_DIRNAME/../lib/rootfs" debian-12)
    export IMAGES=$BATS_FILE_TMPDIR/images
    mkdir -p "$IMAGES"
    "$builder" image "$root" -o "$IMAGES/root.erofs"
    "$builder" image "$root" -o "$IMAGES/root.squashfs"
    sha256sum "$IMAGES"/root.* >"$IMAGES/sums"
}

# In place of the look at the server's folder, which these roots do not have.
server_untouched() {
    sha256sum --quiet -c "$IMAGES/sums"
}

# boot_fails IMAGE ROOT CMDLINE STEP CAUSE: the boot comes to the emergency shell.
boot_fails() {
    pack_witness
    boot "$1" "$2" "$JOB_LINE $3" "$DIR/witness.cgz"
    ends_with poweroff
    failed_to_shell "$4" "$5"
}

@test "nbd: qemu-nbd, its default export, and a server that goes away in the middle of the job" {
    nbd_start "$DIR" qemu -f raw "$IMAGES/root.erofs"
    make_job
    # What is read from the root has to wait, and then comes.
    cat >"$JOB/lkp/scheduled/extra" <<'END'
say nbd_read_only "$(cat /sys/block/nbd0/ro)"
say nbd_write "$(dd if=/dev/zero of=/dev/nbd0 count=1 2>/dev/null && echo written || echo refused)"
say keeper "$(systemctl is-active rootovl-nbd.service)"
before=$(sha256sum </usr/bin/perl)
say outage ready
journalctl -f -n all -o cat -u rootovl-nbd.service | grep -q -m 1 'nbd0 broke'
say outage broke
echo 3 >/proc/sys/vm/drop_caches
[ "$before" = "$(sha256sum </usr/bin/perl)" ] && say outage survived
END
    MACHINE_OPTIONS='-t 400' boot lean debian-12 "$JOB_LINE root=nbd:$SERVER"
    wait_line "$VM/verdict.log" '^outage=ready' 200 "$MACHINE"
    nbd_stop "$DIR"
    wait_line "$VM/verdict.log" '^outage=broke' 30 "$MACHINE"
    # Longer than the kernel waits for one answer.
    sleep 40
    nbd_start "$DIR" qemu -f raw "$IMAGES/root.erofs"
    good_boot erofs
    facts nbd_read_only 1 nbd_write refused keeper active outage survived
}

@test "nbd: nbdkit, a named export, a stock image, Linux 6.12, a reboot" {
    nbd_start "$DIR" nbdkit file dir="$IMAGES"
    make_job
    echo reboot >"$JOB/lkp/scheduled/end"
    boot stock debian-13 "$JOB_LINE root=nbd:$SERVER:root.squashfs"
    good_boot squashfs
}

@test "nbd: an export that the server does not have" {
    nbd_start "$DIR" nbdkit file dir="$IMAGES"
    boot_fails lean debian-12 "root=nbd:$SERVER:none.erofs" 'mount lower' \
        "nbd $SERVER none.erofs: no such export on the server"
}

@test "nbd: no server" {
    boot_fails lean debian-12 "root=nbd:$SERVER:20000:os rootovl.timeout=15" 'mount lower' \
        "nbd $SERVER os: host $SERVER port 20000: Connection refused, for"
}
