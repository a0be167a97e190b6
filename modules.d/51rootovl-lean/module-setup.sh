#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a lean image has besides that of the short way: systemd, its journal, udev and their units, for
# kernel lines that take the long way. By a list of files, in place of dracut's own modules, which bring
# what disks and desktops need.
# shellcheck disable=SC2154 # dracut's variables: moddir, initdir

check() {
    require_binaries /usr/lib/systemd/systemd || return 1
    return 255
}

depends() {
    echo rootovl-short
}

installkernel() {
    sed 's/#.*//' "$moddir/kernel-modules.list" | hostonly='' instmods
}

install() {
    # shellcheck disable=SC2046 # a list
    inst_multiple -o $(sed 's/#.*//' "$moddir/files.list")
    inst_rules 60-block.rules 60-persistent-storage.rules 80-drivers.rules 99-systemd.rules

    ln_r /usr/lib/systemd/system/initrd.target /usr/lib/systemd/system/default.target
    inst_simple "$moddir/journald.conf" /etc/systemd/journald.conf
    inst_simple "$moddir/udev-trigger.conf" \
        /usr/lib/systemd/system/systemd-udev-trigger.service.d/rootovl.conf
    inst_simple "$moddir/plain.conf" /usr/lib/systemd/system/systemd-udevd.service.d/rootovl.conf
    inst_simple "$moddir/plain.conf" /usr/lib/systemd/system/systemd-journald.service.d/rootovl.conf
}
