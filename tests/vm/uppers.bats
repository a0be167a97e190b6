#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The upper on a disk of the machine, over boots. What it refuses is in tests/root/rootovl/disk/upper_disk.bats; here
# is what needs whole boots, or a kernel that this machine does not have.
# shellcheck disable=SC2034 # the library reads DEVICES and UPPER_TYPE

bats_require_minimum_version 1.5.0
load lib
load again

# disk SIZE COMMAND…: a disk of the machine, and what makes a file system on it.
disk() {
    truncate -s "$1" "$DIR/disk"
    shift
    "$@" "$DIR/disk"
    DEVICES="-drive file=$DIR/disk,format=raw,if=virtio,cache=unsafe"
}

@test "uppers: a fresh one at every boot, the one of before removed after the boot, ext4" {
    KIND=lean OS=debian-12 UPPER_TYPE=ext4
    disk 1G mkfs.ext4 -q -L upper
    serve_nfs debian-12 os
    make_job
    cat >"$JOB/lkp/scheduled/extra" <<'END'
say old "$(ls /etc/of-an-earlier-boot 2>/dev/null)"
touch /etc/of-an-earlier-boot
cleaner=$(systemctl show --property MainPID --value rootovl-clean.service)
[ "$cleaner" = 0 ] || timeout 300 tail --pid="$cleaner" -f /dev/null
say cleaner "$(systemctl show --property Result --value rootovl-clean.service)"
say left "$(ls -A /run/rootovl/disk/rootovl)"
say volatile "$(grep -c ' / overlay .*volatile' /proc/mounts)"
END
    again rootovl.upper=LABEL=upper
    good_boot nfs4
    facts old '' cleaner success volatile 1
    again rootovl.upper=LABEL=upper
    good_boot nfs4
    facts old '' cleaner success left fresh
}

@test "uppers: one that is kept outlives a power cut in mid-job, xfs, Linux 6.12" {
    KIND=lean-disks OS=debian-13 UPPER_TYPE=xfs
    disk 1G mkfs.xfs -q
    serve_nfs debian-13 os
    make_job_with_power_cut
    again 'rootovl.upper=/dev/vda rootovl.persist=one'
    ends_with reboot
    lab_settle "$LOWER"
    again 'rootovl.upper=/dev/vda rootovl.persist=one'
    good_boot nfs4
    facts kept mine
}

# bats test_tags=slow
@test "uppers: xfs made with ftype=0 is refused by name" {
    disk 400M mkfs.xfs -q -m crc=0 -n ftype=0
    serve_nfs debian-12 os
    pack_witness
    boot lean-disks debian-12 "$JOB_LINE root=nfs:$SERVER:$EXPORT/os rootovl.upper=/dev/vda" "$DIR/witness.cgz"
    ends_with poweroff
    failed_to_shell 'mount upper' 'its directories do not tell types'
}

@test "uppers: a full tmpfs gives the job ENOSPC, and the machine lives" {
    KIND=lean OS=debian-12
    serve_nfs debian-12 os
    make_job
    cat >"$JOB/lkp/scheduled/extra" <<'END'
say full "$(dd if=/dev/zero of=/var/big bs=1M 2>&1 | grep -o 'No space left on device')"
rm -f /var/big
say alive "$(echo yes >/var/small && cat /var/small)"
END
    again rootovl.size=200M
    good_boot nfs4
    facts full 'No space left on device' alive yes
}

@test "uppers: a boot that failed is remembered on the disk; the next good one tells of it" {
    KIND=lean OS=debian-12 UPPER_TYPE=ext4
    disk 1G mkfs.ext4 -q -L upper
    serve_nfs debian-12 os
    boot lean debian-12 "$JOB_LINE root=nfs:$SERVER:/nowhere rootovl.upper=LABEL=upper rootovl.onfail=reboot"
    ends_with reboot
    NEXT=', rebooting' failed_boot 'mount lower' "nfs $SERVER:/nowhere: "
    # 10 s after the first, and up to half of it more
    console_lines | grep -qE '^rebooting in 1[0-5] s, at [0-9:]{8} UTC; failed boots in a row: 1$'
    make_job
    again rootovl.upper=LABEL=upper
    good_boot nfs4
    section shown | grep -q "^before    failed boots before this one: 1; the last: mount lower: nfs $SERVER:/nowhere: "
}
