#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A pre-pivot hook behind overlay-root's: copies what the further initrds brought into the new root,
# each tree once. Two lines tell the bench how long it takes.
# shellcheck disable=SC2154 # dracut's variable: NEWROOT

copy_tree() { # FROM TO
    if [ -d "$1" ]; then
        mkdir -p "$NEWROOT$2"
        cp -a "$1/." "$NEWROOT$2/"
    fi
}

echo 'bench: payload begins' >/dev/kmsg
copy_tree /custom_bootstrap /
copy_tree /lkp /lkp
copy_tree "/lkp/$(getarg user=)/src/rootfs/addon" /
copy_tree /opt /opt
copy_tree /usr/local /usr/local
copy_tree /usr/src /usr/src
kernel=$(uname -r)
[ -d "$NEWROOT/lib/modules/$kernel" ] || copy_tree "/lib/modules/$kernel" "/lib/modules/$kernel"
[ -d "$NEWROOT/lib/firmware" ] || copy_tree /lib/firmware /lib/firmware
echo 'bench: payload ends' >/dev/kmsg
