# SPDX-License-Identifier: GPL-2.0-or-later
# A dracut of a test's own, and roots that are small: for what is not about the image's contents.
# shellcheck shell=bash

# small_root DIR: one with a kernel that has what it must.
small_root() {
    mkdir -p "$1/lib/modules/6.1.0/kernel" "$1/boot"
    printf 'kernel/fs/overlayfs/overlay.ko\nkernel/fs/nfs/nfs.ko\n' >"$1/lib/modules/6.1.0/modules.builtin"
}

# fake_dracut SCRIPT: a small root with an image of before, and a dracut that only does this; the
# path of its image is "$image".
fake_dracut() {
    root=$BATS_TEST_TMPDIR/root
    mkdir -p "$root/lib/modules/6.1.0/kernel" "$root/boot" "$BATS_TEST_TMPDIR/bin"
    export ROOTOVL_CACHE=$BATS_TEST_TMPDIR/cache
    echo kernel/fs/overlayfs/overlay.ko >"$root/lib/modules/6.1.0/modules.builtin"
    echo old >"$root/boot/initramfs.lkp-6.1.0.img"
    printf '#!/bin/sh\nfor image; do :; done\n%s\n' "$1" >"$BATS_TEST_TMPDIR/bin/dracut"
    chmod 755 "$BATS_TEST_TMPDIR/bin/dracut"
    PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

# A dracut that makes what every image must have, of empty files; a root as above. `before` is done
# first.
working_dracut() {
    # shellcheck disable=SC2016 # the fake expands
    fake_dracut "${1:-}"'
        cd "$FULL" && find . -mindepth 1 | sed "s,^./,," | cpio -o -H newc --quiet >"$image"'
    export FULL=$BATS_TEST_TMPDIR/full
    mkdir "$FULL"
    (
        cd "$FULL" || exit
        mkdir -p etc usr/bin usr/lib/rootovl usr/lib/systemd/system
        : | tee init etc/initrd-release usr/bin/rootovl usr/lib/rootovl/{payload.conf,defer.conf,rootovl-report} \
            usr/lib/systemd/{systemd,systemd-networkd} \
            usr/lib/systemd/system/{initrd-switch-root,rootovl}.service
    )
}
