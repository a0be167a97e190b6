# SPDX-License-Identifier: GPL-2.0-or-later
# Preparing disks in an initramfs, without a boot around it.
# shellcheck shell=bash
# shellcheck disable=SC2154 # of lib.bash

# run_disks MODE…: a machine that does that, see guest/disks.sh; $DEVICES are its disks.
run_disks() {
    local tree=$DIR/lab units=$DIR/lab/etc/systemd/system
    mkdir -p "$tree/lab/bin" "$units"
    echo "$*" >"$tree/lab/mode"
    cp "$LIB/guest/disks.sh" "$tree/lab/"
    cp "$LIB/guest/disks.service" "$units/lab-disks.service"
    cp /bin/busybox "$BUILD/tests/root/rootovl/disk/disks" "$BUILD/tests/lib/guest/kill-at" "$tree/lab/bin/"
    "$LIB/pack" "$tree" "$DIR/lab.cgz"
    MACHINE_OPTIONS='-t 1500' boot lean-disks debian-12 'rd.systemd.unit=lab-disks.service' "$DIR/lab.cgz"
    ends_with poweroff
    facts 'done' 1
}
