#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# initrd-builder verify: what the boot will make of the payload, and whether anything starts the job.

bats_require_minimum_version 1.5.0
. "$BATS_TEST_DIRNAME/../initrd.bash"

# An image in image.img.
image() {
    image_tree image
    initrd image.img image
}

ADDON=lkp/lkp/src/rootfs/addon

# A root with a kernel, and directories where an addon has links.
root() {
    tree root usr/lib/modules/6.1.0/modules.builtin='' usr/lib/modules/6.1.0/config='CONFIG_BLK_DEV_INITRD=y
CONFIG_RD_GZIP=y
' 'lib -> usr/lib' 'bin -> usr/bin' usr/bin/true='' usr/bin/sh='' etc/rc2.d/S01=x etc/rc5.d/S01=x etc/init.d/x=x
}

# A job with LKP's sources, and an addon that starts it.
job() {
    image_tree image
    tree image usr/lib/rootovl/payload.conf="$(cat "$BATS_TEST_DIRNAME/../../../../src/rootovl/payload.conf")"
    initrd image.img image
    job_tree job
    tree job "$ADDON/etc/init.d/lkp-bootstrap=#!/bin/sh" \
        "$ADDON/usr/lib/systemd/system/lkp-bootstrap.service=[Service]
ExecStart=/etc/init.d/lkp-bootstrap
"
}

# pack_as_lkp: the job's package with the addon at its top once more, as LKP packs it: without etc/init.d.
pack_as_lkp() {
    cp -a "job/$ADDON/." job/
    (cd job && find . -mindepth 1 | grep -vxE '\./(lib|etc/init\.d)' | LC_ALL=C sort |
        cpio -o -H newc -R 0:0 --quiet) | gzip -n >job.cgz
}

@test "verify: LKP's package, whose addon is at its top too, without etc/init.d: nothing to find" {
    root
    job
    tree job "$ADDON/lib/systemd/system-generators/x -> /bin/true" "$ADDON/lkp/scheduled/.keep=" "$ADDON/etc/rc.d/rc9.d/x=y" \
        "$ADDON/etc/rc9.d -> rc.d/rc9.d"
    pack_as_lkp
    args='image.img job.cgz' finds_nothing
    args='--rootfs root image.img job.cgz' finds_nothing
    args=job.cgz finds_nothing
    # one that the addon has not is told
    mkdir job/etc/gone
    echo x >job/etc/gone/file
    (cd job && echo etc/gone/file | cpio -o -H newc -R 0:0 --quiet) >more.cpio
    args='image.img job.cgz more.cpio' finds \
        'more.cpio: segment 1 at 0 (uncompressed): /etc/gone/file: no archive has made the directory /etc/gone: the kernel leaves this out'
}

@test "verify: LKP's sources alone are no job" {
    job
    rm -r job/lkp/scheduled
    tree job lkp/scheduled/.keep=''
    initrd job.cgz job
    args=job.cgz finds_nothing
}

@test "verify: what the boot does with links over directories of the root: a note where they are followed, a finding where not" {
    root
    job
    tree job "$ADDON/etc/rc.d/rc2.d/S77=x" "$ADDON/etc/rc2.d -> rc.d/rc2.d" "$ADDON/etc/rc5.d -> rc.d/none"
    initrd job.cgz job
    args='image.img job.cgz' finds_nothing
    args='--rootfs root image.img job.cgz' finds \
        "job.cgz: segment 1 at 0 (gzip): /$ADDON/etc/rc2.d: the root has the directory /etc/rc2.d: the boot follows this link to rc.d/rc2.d, and merges what is behind it" \
        "job.cgz: segment 1 at 0 (gzip): /$ADDON/etc/rc5.d: payload /$ADDON/etc/rc5.d: the root keeps its directory /etc/rc5.d, for this link to rc.d/none leads to no other directory of the payload (bring a directory in its place, or take the link away)"
    rm "job/$ADDON/etc/rc5.d"
    initrd job.cgz job
    # shellcheck disable=SC2086 # a list
    run -0 "$BUILDER" verify --rootfs root image.img job.cgz
    [[ $output == *"the boot follows this link to rc.d/rc2.d, and merges what is behind it" ]]
}

@test "verify: a file where the root has a filled directory" {
    root
    job
    tree job "$ADDON/etc/rc2.d=file" "$ADDON/etc/empty=file"
    mkdir root/etc/empty
    initrd job.cgz job
    args='--rootfs root image.img job.cgz' finds \
        "job.cgz: segment 1 at 0 (gzip): /$ADDON/etc/rc2.d: the boot will fail: this would hide the directory /etc/rc2.d of the root with what is in it"
}

@test "verify: a job that nothing starts: no unit, or one whose program is nowhere" {
    local here='job.cgz: segment 1 at 0 (gzip): /lkp/scheduled/job.yaml: nothing starts the job: neither the payload nor the root has'
    root
    job
    rm "job/$ADDON/etc/init.d/lkp-bootstrap"
    initrd job.cgz job
    # without the root, it may be the root's
    args='image.img job.cgz' finds_nothing
    args='--rootfs root image.img job.cgz' finds \
        "$here /etc/init.d/lkp-bootstrap, the ExecStart= of lkp-bootstrap.service (bring the program, or correct the unit)"
    tree job "$ADDON/usr/lib/systemd/system/lkp-bootstrap.service=[Service]
ExecStart=@-/nowhere
ExecStart=+/bin/true name
ExecStart=/lkp/lkp/src/bin/none
"
    initrd job.cgz job
    args='image.img job.cgz' finds \
        "$here /lkp/lkp/src/bin/none, the ExecStart= of lkp-bootstrap.service (bring the program, or correct the unit)"
    rm -r "job/${ADDON:?}/usr"
    initrd job.cgz job
    args='image.img job.cgz' finds_nothing
    args='--rootfs root image.img job.cgz' finds \
        "$here lkp-bootstrap.service (bring it in /lkp/USER/src/rootfs/addon, or name the unit that starts the job by rootovl.enable=)"
    # another unit, which the kernel line names
    tree root usr/lib/systemd/system/farm.service='[Service]
ExecStart=/usr/bin/sh /lkp/scheduled/job.sh
'
    args='--rootfs root --enable farm.service image.img job.cgz' finds_nothing
    # the root's own
    tree root usr/lib/systemd/system/lkp-bootstrap.service='[Service]
ExecStart=/usr/bin/sh /lkp/scheduled/job.sh
'
    args='--rootfs root image.img job.cgz' finds_nothing
}

@test "verify: what a drop-in file makes a unit start is left to the boot" {
    root
    job
    tree job "$ADDON/usr/lib/systemd/system/lkp-bootstrap.service=[Service]
ExecStart=/lkp/lkp/src/bin/none
" "$ADDON/etc/systemd/system/lkp-bootstrap.service.d/start.conf=[Service]
ExecStart=
ExecStart=/bin/true
"
    initrd job.cgz job
    args='image.img job.cgz' finds_nothing
    args='--rootfs root image.img job.cgz' finds_nothing
    rm -r "job/${ADDON:?}/etc/systemd"
    initrd job.cgz job
    args='image.img job.cgz' finds \
        'job.cgz: segment 1 at 0 (gzip): /lkp/scheduled/job.yaml: nothing starts the job: neither the payload nor the root has /lkp/lkp/src/bin/none, the ExecStart= of lkp-bootstrap.service (bring the program, or correct the unit)'
    # the root's, for all units that begin with lkp-
    tree root usr/lib/systemd/system/lkp-.service.d/start.conf='[Service]'
    args='--rootfs root image.img job.cgz' finds_nothing
}

@test "verify: a job.sh that cannot be run" {
    job
    echo 'echo x' >job/lkp/scheduled/job.sh
    initrd job.cgz job
    args='image.img job.cgz' finds \
        'job.cgz: segment 1 at 0 (gzip): /lkp/scheduled/job.sh: it does not begin with #!, so the kernel cannot run it (begin it with #!/bin/sh)'
    echo '#!/bin/sh' >job/lkp/scheduled/job.sh
    chmod 644 job/lkp/scheduled/job.sh
    initrd job.cgz job
    args='image.img job.cgz' finds \
        'job.cgz: segment 1 at 0 (gzip): /lkp/scheduled/job.sh: it is not executable (give it mode 755)'
}

@test "verify: directories of the image that only the packer of the payload may enter, or owns" {
    image
    mkdir -p more/usr/lib/systemd more/lkp more/etc
    chmod 700 more more/usr more/lkp
    (cd more && find . | LC_ALL=C sort | cpio -o -H newc --quiet -R 0:0) >more.cpio
    args='image.img more.cpio' finds \
        "more.cpio: segment 1 at 0 (uncompressed): /: this makes the image's directory mode 0700, and networkd and others that are not root cannot enter it (pack it with mode 755)" \
        "more.cpio: segment 1 at 0 (uncompressed): /usr: this makes the image's directory mode 0700, and networkd and others that are not root cannot enter it (pack it with mode 755)"
    chmod 755 more more/usr
    (cd more && find . | LC_ALL=C sort | cpio -o -H newc --quiet -R 0:0) >more.cpio
    args='image.img more.cpio' finds_nothing
    (cd more && echo etc | cpio -o -H newc --quiet -R 1000:1000) >more.cpio
    args='image.img more.cpio' finds \
        "more.cpio: segment 1 at 0 (uncompressed): /etc: this gives the image's directory to the user 1000 (pack it with the owner root)"
    # what systemd keeps for root alone
    mkdir -p more/usr/lib/credstore more/etc/systemd/credstore.encrypted
    chmod 700 more/usr/lib/credstore more/etc/systemd/credstore.encrypted
    (cd more && find . | LC_ALL=C sort | cpio -o -H newc --quiet -R 0:0) >more.cpio
    args='image.img more.cpio' finds_nothing
}
