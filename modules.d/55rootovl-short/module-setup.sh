#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An image of which rootovl is the first process, and which has what its short way needs: networkd,
# the names of cards, drivers, a shell for emergencies. Without rootovl-lean it has no systemd.
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
    inst_rules 50-udev-default.rules 75-net-description.rules 80-net-setup-link.rules

    ln_r /usr/bin/rootovl /init
    ln_r /usr/bin/dash /usr/bin/sh
    : >"$initdir/etc/machine-id"

    # The users of the daemons, the groups of the devices.
    grep -E '^(root|nobody|systemd-network):' /etc/passwd >"$initdir/etc/passwd"
    grep -vE ':[1-9][0-9]{3,}:' /etc/group >"$initdir/etc/group"
    grep '^nogroup:' /etc/group >>"$initdir/etc/group"
}
