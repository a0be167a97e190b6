#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# rootovl.cache=: a root that costs its server nothing. What becomes of copies that are damaged, too
# large or in the way is in tests/root/rootovl/booted/cache.bats; here is what needs whole boots and real servers.

bats_require_minimum_version 1.5.0
load lib
load cache

@test "cache: the first boot runs on the server and leaves a copy; the second needs no server, nfs" {
    disk 1500M
    PREPARE=slim serve_nfs debian-12 os-20240501
    make_job
    say_of_the_copy
    local line="$JOB_LINE root=nfs:$SERVER:$LOWER rootfs_disk=/dev/vda rootovl.cache=yes" before job first second
    before=$(traffic)
    boot lean-disks debian-12 "$line"
    wait_line "$VM/verdict.log" '^job=' 1000 "$MACHINE"
    job=$(($(traffic) - before))
    good_boot nfs4
    first=$(($(traffic) - before))
    facts idle '19 5 3' made 1 service 'ExecMainStatus=0 Result=success '
    [[ $(fact addresses) == '10.0.2.15 '* ]]
    section cache | grep -q "^the copy of nfs $SERVER:$LOWER is whole: "
    nfs_stop "$DIR"
    : >"$VM/verdict.log"
    before=$(traffic)
    boot lean-disks debian-12 "$line"
    good_boot ext4
    second=$(($(traffic) - before))
    echo "bytes: first boot $first, $job of them up to the job; second boot $second" >&3
    awk "BEGIN { printf \"bench: cache-bytes ratio=%.4f\\n\", $second / $job }" >&3
    ((job > 1000000 && second * 100 <= job))
    facts made 1 service 'ExecMainStatus=0 Result=success '
    [[ $(fact addresses) == '10.0.2.15 '* ]]
    console_lines | grep -q "^root ready in .*: copy of nfs $SERVER:$LOWER ro + device /dev/mapper/os-rootovl "
}
