#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For rootovl.verity=: the program that sets dm-verity up, and the kernel's modules. A module of its own,
# for libcryptsetup and what it needs would make every image larger.
# shellcheck disable=SC2154 # dracut's variables: moddir

files=${ROOTOVL_FILES:-/usr/lib/rootovl}

# Only when it is asked for.
check() {
    require_binaries "$files/rootovl-verity" || return 1
    return 255
}

depends() {
    echo rootovl
}

installkernel() {
    sed 's/#.*//' "$moddir/kernel-modules.list" | hostonly='' instmods
}

install() {
    inst_binary "$files/rootovl-verity" /usr/lib/rootovl/rootovl-verity
}
