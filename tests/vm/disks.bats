#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The upper on disks that become one volume group. What is refused, and how far the preparing comes
# without a device mapper, is in tests/root/rootovl/disk/disks.bats; here is what needs whole boots.
# shellcheck disable=SC2034 # the library reads DEVICES and UPPER_TYPE

bats_require_minimum_version 1.5.0
load lib
load disks
load again

# disk NAME SIZE [SERIAL]: one more disk of the machine, blank.
disk() {
    truncate -s "$2" "$DIR/$1"
    DEVICES+=" -drive file=$DIR/$1,format=raw,if=none,id=$1,cache=unsafe"
    DEVICES+=" -device virtio-blk-pci,drive=$1${3:+,serial=$3}"
}

# For a job in Debian 12, whose root has no lvm.
bring_lvm() {
    mkdir -p "$JOB/opt/lvm"
    cp -L /usr/sbin/lvm "$JOB/opt/lvm/"
    ldd /usr/sbin/lvm | awk '$3 ~ "^/" && $1 !~ "^lib(c|m)[.]" { print $3 }' |
        xargs cp -L -t "$JOB/opt/lvm"
    cat >"$JOB/opt/lvm/functions" <<'END'
lvm() {
    LD_LIBRARY_PATH=/opt/lvm /opt/lvm/lvm "$@" --config 'backup{backup=0 archive=0}
        activation{udev_sync=0 udev_rules=0 monitoring=0} global{use_lvmpolld=0}' 2>/tmp/lvm.log
}
END
}

@test "disks: two blank ones become the group; the next boot finds it; what else is in it stays" {
    KIND=lean-disks OS=debian-12 UPPER_TYPE=ext4
    disk one 600M
    disk two 400M SECOND
    serve_nfs debian-12 os
    make_job
    bring_lvm
    cat >"$JOB/lkp/scheduled/extra" <<'END'
. /opt/lvm/functions
say old "$(ls /etc/of-an-earlier-boot 2>/dev/null)"
touch /etc/of-an-earlier-boot
say group "$(echo $(lvm vgs --noheadings -o pv_count,lv_count os))"
say volume "$(echo $(lvm lvs --noheadings --units m -o lv_size,lv_uuid os/rootovl))"
say source "$(awk '$2 == "/run/rootovl/disk" { print $1 }' /proc/mounts)"
lvm lvchange -ay os/lkp || {
    lvm lvcreate -qq -y -n lkp -l 100%FREE os
    head -c 16M /dev/urandom >/dev/mapper/os-lkp
    sync
}
say lkp "$(echo $(lvm lvs --noheadings --units m -o lv_size os/lkp)) $(sha256sum </dev/mapper/os-lkp)"
END
    local disks='rootfs_disk=/dev/vda,/dev/disk/by-id/virtio-SECOND'
    again "$disks"
    good_boot nfs4
    facts old '' group '2 1' source /dev/mapper/os-rootovl
    [[ $(fact volume) == "792.00m "* ]] # 80 % of it
    [[ $(fact lkp) == "200.00m "??* ]]
    section journal | grep -q 'disk /dev/vdb: there is nothing on it; it becomes one of the group os'
    local volume lkp
    volume=$(fact volume) lkp=$(fact lkp)
    again "$disks rootovl.format=never"
    good_boot nfs4
    facts old '' group '2 2' volume "$volume" lkp "$lkp" source /dev/mapper/os-rootovl
    section journal | grep -q 'volume os/rootovl: taken as it is'
}

# bats test_tags=slow
@test "disks: partitions by their names, xfs, kept over a power cut in mid-job, Linux 6.12" {
    KIND=lean-disks OS=debian-13 UPPER_TYPE=xfs
    disk one 1G
    sfdisk -q --label gpt "$DIR/one" <<<$'size=500M, type=L, name=left\ntype=L, name=right'
    serve_nfs debian-13 os
    make_job_with_power_cut
    local disks='rootfs_disk=PARTLABEL=left,PARTLABEL=right rootovl.size=90% rootovl.fs=xfs'
    again "$disks rootovl.persist=one"
    ends_with reboot
    lab_settle "$LOWER"
    again "$disks rootovl.persist=one"
    good_boot nfs4
    facts kept mine
}

# bats test_tags=slow
@test "disks: a stock image, with dracut's own lvm" {
    KIND=stock OS=debian-12 UPPER_TYPE=ext4
    disk one 600M
    serve_nfs debian-12 os
    make_job
    again 'rootfs_disk=/dev/vda rootovl.size=300M'
    good_boot nfs4
}

# bats test_tags=slow
@test "disks: one of another group is refused, and stays as it is" {
    disk one 400M
    local loop before
    loop=$(losetup --find --show "$DIR/one")
    lvm_here pvcreate -y "$loop"
    lvm_here vgcreate data "$loop"
    lvm_here lvcreate -y -a n -Z n -W n -n home -l 50%FREE data
    losetup -d "$loop"
    mkfs.ext4 -q -F -E offset=1048576 "$DIR/one" 100M
    before=$(sha256sum <"$DIR/one")
    serve_nfs debian-12 os
    pack_witness
    boot lean-disks debian-12 "$JOB_LINE root=nfs:$SERVER:$EXPORT/os rootfs_disk=/dev/vda" "$DIR/witness.cgz"
    ends_with poweroff
    failed_to_shell 'prepare disks' \
        'disk /dev/vda: there is an LVM physical volume of group data on it'
    [[ $(sha256sum <"$DIR/one") == "$before" ]]
}

@test "disks: volumes that are there are used, refused or made anew, and others left alone" {
    run_disks volumes
    local volume=/dev/mapper/os-rootovl
    facts made $volume larger $volume kept same
    [[ $(fact small) == 'failure: ENOSPC: volume os/rootovl: it has 632 MiB, and 700 MiB are asked for ('* ]]
    [[ $(fact swap) == 'failure: EEXIST: volume os/rootovl: there is swap on it ('* ]]
    [[ $(fact swap_never) == 'failure: EPERM: volume os/rootovl: there is swap on it ('* ]]
    facts forced $volume forced_is another forced_type 'foreign: an xfs file system' forced_again $volume forced_kept same
    [[ $(fact too_large) == 'failure: ENOSPC: volume group os: 2000 MiB are wanted, and '*' MiB are free ('* ]]
    [[ $(fact none) == 'failure: EPERM: volume os/rootovl: there is none, and rootovl.format=never ('* ]]
    [[ $(fact ill) == 'failure: EIO: mkfs.xfs: Filesystem must be larger than 300MB'* ]]
    facts grown $volume group 32 lkp untouched
    [[ $(fact lost) == 'failure: EIO: lvm '* ]]
}
