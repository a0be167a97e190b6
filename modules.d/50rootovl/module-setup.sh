#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The root of a test machine: a network lower, a writable overlay, the payload copied in.
# shellcheck disable=SC2154 # dracut's variables: moddir, initdir, systemd…dir, dracutmodules

# Where the helper's files are: those that `make install` puts there, or a build tree's.
files=${ROOTOVL_FILES:-/usr/lib/rootovl}

# The static program of the booted root: as it is installed, or as `make` leaves it in build/.
booted() {
    [[ -e $files/rootovl-report ]] && echo "$files/rootovl-report" || echo "$files/rootovl-booted"
}

# Only when it is asked for.
check() {
    require_binaries "$files/rootovl" "$(booted)" systemctl || return 1
    return 255
}

# The network is whichever the other modules of a stock image choose, else systemd's. Our own images have
# what disks need where it is asked for.
depends() {
    case " $dracutmodules " in
        *" all "*) echo systemd-initrd network rootovl-disks ;;
        *" rootovl-lean "* | *" rootovl-short "*) ;;
        *) echo systemd-initrd systemd-networkd rootovl-disks ;;
    esac
}

installkernel() {
    sed 's/#.*//' "$moddir/kernel-modules.list" | hostonly='' instmods
}

# What has its place only under systemd.
install_units() {
    inst_simple "$moddir/rootovl.service" "$systemdsystemunitdir/rootovl.service"
    inst_simple "$moddir/rootovl-unmounted.service" "$systemdsystemunitdir/rootovl-unmounted.service"
    inst_simple "$moddir/rootovl-network.service" "$systemdsystemunitdir/rootovl-network.service"
    inst_simple "$moddir/networkd-socket.conf" \
        "$systemdsystemunitdir/systemd-networkd.socket.d/rootovl.conf"
    inst_simple "$moddir/networkd.conf" \
        "$systemdsystemunitdir/systemd-networkd.service.d/rootovl.conf"
    inst_simple "$moddir/journald.conf" \
        "$systemdsystemunitdir/systemd-journald.service.d/rootovl.conf"
    inst_simple "$moddir/network-generator.conf" \
        "$systemdsystemunitdir/systemd-network-generator.service.d/rootovl.conf"
    inst_script "$moddir/generator.sh" /usr/lib/systemd/system-generators/rootovl-generator
    dracut_module_included dracut-systemd ||
        inst_simple "$moddir/emergency.service" "$systemdsystemunitdir/emergency.service"
    $SYSTEMCTL -q --root "$initdir" enable rootovl.service
}

install() {
    inst_binary "$files/rootovl" /usr/bin/rootovl
    inst_binary "$(booted)" /usr/lib/rootovl/rootovl-report
    inst_simple "$files/payload.conf" /usr/lib/rootovl/payload.conf
    inst_simple "$files/defer.conf" /usr/lib/rootovl/defer.conf

    # The owners' names of NFSv4: the kernel asks request-key(8), which asks nfsidmap(8).
    inst_multiple -o request-key nfsidmap /etc/request-key.conf \
        /etc/request-key.d/id_resolver.conf /etc/idmapd.conf
    inst_libdir_file 'libnfsidmap/nsswitch.so' 'libnfsidmap/static.so'

    # Without rootovl-lean, an image of rootovl-short has no systemd.
    if dracut_module_included rootovl-lean || ! dracut_module_included rootovl-short; then
        install_units
    fi
    if dracut_module_included dracut-systemd; then
        inst_hook cmdline 00 "$moddir/claim-root.sh"
        inst_hook emergency 50 "$moddir/show-report.sh"
    else
        inst_script "$moddir/emergency.sh" /usr/lib/rootovl/emergency
        inst_simple /usr/lib/os-release /usr/lib/initrd-release
        ln -sf ../usr/lib/initrd-release "$initdir/etc/initrd-release"
    fi
}
