#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a lean image has around the helper: systemd, udev, networkd and a shell for emergencies, by
# a list of files, in place of dracut's own modules, which bring what disks and desktops need.
# shellcheck disable=SC2154 # dracut's variables: moddir, initdir

check() {
    require_binaries dash /usr/lib/systemd/systemd-networkd || return 1
    return 255
}

depends() {
    echo rootovl
}

installkernel() {
    sed 's/#.*//' "$moddir/kernel-modules.list" | hostonly='' instmods
}

install() {
    # shellcheck disable=SC2046 # a list
    inst_multiple -o $(sed 's/#.*//' "$moddir/files.list")
    # What systemd opens by dlopen(3), which no link names, from 256 on, and kmod, for packed modules.
    inst_libdir_file 'libkmod.so.2*' 'libmount.so.1*' 'libblkid.so.1*' 'libzstd.so.1*' 'liblzma.so.5*'
    inst_rules 50-udev-default.rules 60-block.rules 60-persistent-storage.rules \
        75-net-description.rules 80-drivers.rules 80-net-setup-link.rules 99-systemd.rules

    ln_r /usr/bin/rootovl /init
    ln_r /usr/bin/dash /usr/bin/sh
    ln_r /usr/lib/systemd/system/initrd.target /usr/lib/systemd/system/default.target
    inst_simple "$moddir/journald.conf" /etc/systemd/journald.conf
    inst_simple "$moddir/udev-trigger.conf" \
        /usr/lib/systemd/system/systemd-udev-trigger.service.d/rootovl.conf
    inst_simple "$moddir/plain.conf" /usr/lib/systemd/system/systemd-udevd.service.d/rootovl.conf
    inst_simple "$moddir/plain.conf" /usr/lib/systemd/system/systemd-journald.service.d/rootovl.conf
    : >"$initdir/etc/machine-id"

    # The users of the daemons, the groups of the devices.
    grep -E '^(root|nobody|systemd-network):' /etc/passwd >"$initdir/etc/passwd"
    grep -vE ':[1-9][0-9]{3,}:' /etc/group >"$initdir/etc/group"
    grep '^nogroup:' /etc/group >>"$initdir/etc/group"
}
