#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Copies of a root whose making is cut off, over three boots; one of a root without a date, over CIFS; and one
# that Compass-CI asks for by its own words.
# bats file_tags=slow

bats_require_minimum_version 1.5.0
load lib
load cache

# What there is in a tree, contents and all; as a program for both ends.
PRINT='find . \( -type d -printf "%P d %m %U %G %T@\n" \) -o -printf "%P %y %m %U %G %T@ %s %l\n" | LC_ALL=C sort | sha256sum
    find . -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum | sha256sum'

# again: one more boot of the same machine.
again() {
    : >"$VM/verdict.log"
    before=$(traffic)
    boot "$@"
}

@test "cache: the power goes while it copies; the next boot runs on the server and ends it; all of it is right" {
    disk 1500M
    PREPARE=slim serve_nfs debian-12 os-20240501
    make_job
    say_of_the_copy
    cat >>"$JOB/lkp/scheduled/extra" <<END
if grep -q ' /run/rootovl/lower ext4 ' /proc/mounts; then
    say same "\$(cd /run/rootovl/lower && { $PRINT; } | tr '\n' ' ')"
fi
END
    cp "$JOB/lkp/scheduled/extra" "$DIR/extra"
    # Much of it has been made durable, and of some more files are there.
    cat >"$JOB/lkp/scheduled/extra" <<'END'
n=0
while [ "$n" -lt 100 ] && sleep 0.5; do
    n=$(du -sm /run/rootovl/disk/rootovl/cache | cut -f 1)
done
say copied "$n"
echo b >/proc/sysrq-trigger
END
    local line="$JOB_LINE root=nfs:$SERVER:$LOWER rootfs_disk=/dev/vda rootovl.cache=yes" before second third
    again lean-disks debian-12 "$line"
    ends_with reboot
    (($(fact copied) >= 100))
    cp "$DIR/extra" "$JOB/lkp/scheduled/extra"
    again lean-disks debian-12 "$line"
    good_boot nfs4
    second=$(($(traffic) - before))
    facts made 1 service 'ExecMainStatus=0 Result=success '
    nfs_stop "$DIR"
    again lean-disks debian-12 "$line"
    good_boot ext4
    third=$(($(traffic) - before))
    echo "bytes: second boot $second, third boot $third" >&3
    # It is 160 MiB and more, and the boot.
    ((second < 150000000 && third * 100 <= second))
    facts made 1 same "$(cd "$DIR" && lab bash -c "cd '$LOWER' && { $PRINT; } | tr '\n' ' '")"
}

@test "cache: force: a root without a date, asked for at every boot, made anew when it changes, cifs" {
    disk 1500M
    PREPARE=slim serve_smb compass debian-12 os
    make_job
    say_of_the_copy
    local line="$JOB_LINE root=cifs://$SERVER/os/os,$CIFS1 rootfs_disk=/dev/vda rootovl.cache=force" before first second
    again lean-disks debian-12 "${line/force/yes}"
    good_boot cifs
    facts made 0
    section journal | grep -q '^no copy of the lower is kept: its name has no date$'
    again lean-disks debian-12 "$line"
    good_boot cifs
    first=$(($(traffic) - before))
    facts made 1 service 'ExecMainStatus=0 Result=success '
    section cache | grep -q 'files with a colon in their names are not in it'
    again lean-disks debian-12 "$line"
    good_boot ext4
    second=$(($(traffic) - before))
    echo "bytes: first boot $first, second boot $second" >&3
    ((second * 100 <= first))
    lab touch "$LOWER/etc/another"
    lab_settle "$LOWER"
    again lean-disks debian-12 "$line"
    wait_line "$VM/verdict.log" '^done=' 1000 "$MACHINE"
    ends_with poweroff
    facts lower_type cifs made 1
    console_lines | grep -q "^the copy of the root is not used: the server's root has changed$"
}

@test "cache: the line of Compass-CI's os_mount=local, without rootovl, is a root with a copy on the disk" {
    disk 1500M
    PREPARE=slim serve_nfs debian-12 os-20240501
    make_job
    say_of_the_copy
    boot lean-disks debian-12 "${JOB_LINE/rootovl ro/local rw} os_version=12-iso os_lv_size=1400M os_partition= \
        use_root_partition= save_root_partition= root=$SERVER:$LOWER rootfs_disk=/dev/vda"
    good_boot nfs4
    facts made 1 service 'ExecMainStatus=0 Result=success '
    section cache | grep -q "^the copy of nfs $SERVER:$LOWER is whole: "
}
