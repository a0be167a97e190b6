#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# rootovl and initrd-builder without the system calls that are younger than Linux 4.19: their unit
# programs, and some of the root tier, run again under tests/lib/guest/old-kernel.
# shellcheck disable=SC2030,SC2031 # each test is a process of its own

bats_require_minimum_version 1.5.0

setup() {
    TOP=$(realpath "$BATS_TEST_DIRNAME/../..")
    OLD=$TOP/build/tests/lib/guest/old-kernel
    PROGRAMS=${PROGRAMS:-$TOP/build/asan}
}

@test "Linux 4.19: what is younger is answered as that kernel answers" {
    run -1 "$OLD" python3 -c 'import os; os.pidfd_open(os.getpid())'
    [[ $output == *'Function not implemented'* ]]
    run -0 python3 -c 'import os; os.pidfd_open(os.getpid())'
    run -1 "$OLD" python3 -c 'import fcntl; fcntl.ioctl(0, 0x4C0A)'
    [[ $output == *'Invalid argument'* ]]
}

@test "Linux 4.19: the unit programs of rootovl and initrd-builder pass" {
    local program count=0
    while read -r program; do
        run -0 "$OLD" "$program"
        ((++count))
    done < <(find "$PROGRAMS/tests/unit/rootovl" "$PROGRAMS/tests/unit/initrd-builder" -type f -executable | sort)
    echo "$count programs"
    ((count > 30))
}

# again FILE REGEX COUNT: those tests of a file pass, so many at least.
again() {
    run env -u BATS_RUN_TMPDIR -u BATS_TEST_NAME "$OLD" bats --tap --filter "$2" "$TOP/tests/$1"
    echo "$output"
    [ "$status" -eq 0 ]
    (($(grep -c '^ok ' <<<"$output") >= $3))
    run ! grep -q '# skip' <<<"$output"
}

@test "Linux 4.19: a root is assembled, and failures leave nothing" {
    again root/rootovl/boot/assemble.bats \
        '^(a plan makes a root|directories of the lower can be renamed|step mount lower|step copy payload: too|rootovl.lower=mounted: what)' 7
    again root/rootovl/boot/failing.bats 'keeps its mounts|crashes leaves no mount|SIGTERM' 3
}

@test "Linux 4.19: images through loop devices, and disks" {
    again root/rootovl/lower/mounts.bats 'whole file systems' 1
    again root/rootovl/disk/upper_disk.bats 'a full one|kept one on a lower that changed' 2
}

@test "Linux 4.19: a payload is verified against a root" {
    again unit/initrd-builder/read/verify_payload.bats . 5
}
