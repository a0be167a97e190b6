#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A real lkp-tests, of Compass-CI or of LKP, where LKP_TREE=DIR names it: its package on a Debian root.
# bats file_tags=slow

load ../lib

# pack_tree TREE: the tree as `pack/lkp-src` packs it, in package.cgz: below /lkp/lkp/src, and the addon at the
# top once more, without lib and etc/init.d.
pack_tree() {
    mkdir -p tmp/src/lkp/lkp tmp/src/lkp/scheduled tmp/src/etc
    cp -rT --preserve=mode,links "$1" tmp/src/lkp/lkp/src
    rm -rf tmp/src/lkp/lkp/src/.git
    (
        cd tmp/src || exit
        find lkp | cpio -o -H newc -R 0:0 --quiet -F ../package
        cd lkp/lkp/src/rootfs/addon || exit
        find ./* | sed 's,^\./,,' | grep -vxE 'lib|etc/init\.d' | cpio -o -H newc -R 0:0 --quiet -A -F ../../../../../../package
    )
    gzip -n <tmp/package >tmp/package.cgz
}

real_tree() {
    [[ -n ${LKP_TREE:-} ]] || skip 'LKP_TREE=DIR names no lkp-tests'
    boxed <<END
    BUILDER=$(realpath "${PROGRAMS:-$TOP/build/asan}/initrd-builder")
    TABLE=$TOP/src/rootovl/payload.conf
    TREE=$(realpath "$LKP_TREE")
    $(declare -f pack_tree)
    plain_root
    mkdir -p lower/etc/rc{2,5}.d lower/etc/init.d lower/usr/lib/systemd/system
    echo root | tee lower/etc/rc{2,5}.d/S01root
    $(cat)
END
}

@test "a real lkp-tests: verify says nothing of its package" {
    real_tree <<'END'
    pack_tree "$TREE"
    "$BUILDER" verify tmp/package.cgz >tmp/found
    [ ! -s tmp/found ]
END
}

@test "a real lkp-tests: its addon is merged into a root with filled rc2.d and rc5.d" {
    real_tree <<'END'
    pack_tree "$TREE"
    (cd source && gzip -dc ../tmp/package.cgz | cpio -idm --quiet)
    copy user lkp table "$TABLE" enable lkp-bootstrap.service
    for dir in rc2.d rc5.d; do
        content_is root "root/etc/$dir/S01root"
        cmp "root/etc/$dir/S77lkp-bootstrap" "$TREE/rootfs/addon/etc/init.d/lkp-bootstrap"
    done
    [ -x root/etc/init.d/lkp-bootstrap ]
    ! grep '^warning: ' tmp/said
END
}
