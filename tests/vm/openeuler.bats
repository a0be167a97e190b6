#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A root in the shape of openEuler's (tests/lib/openeuler), served as Compass-CI serves it.

. "$BATS_TEST_DIRNAME/lib.bash"

# What it would mount of the installed machine's disk is told on the console, once; the rest is as always.
eval "$(declare -f console_lines | sed '1s/console_lines/all_lines/')"
PUT_OUT='put out of action: /boot, /boot/efi (rootovl report says why; rootovl.fstab=keep keeps them)'
console_lines() {
    all_lines | grep -vxF "$PUT_OUT"
}

# Its fstab has no /data, but file systems of /boot: nothing is left that the boot would wait for.
# shellcheck disable=SC2317 # in place of the library's
safe_fstab() {
    [[ -n $(section fstab) ]] && ! section fstab | grep -qvE '^#|nofail'
}

@test "openeuler: its root over SMB 1.0: a kernel that calls itself 4.19, packed modules, rc.d, SELinux's configuration" {
    serve_smb compass openeuler openeuler/aarch64/20.03
    make_job
    cat >"$JOB/lkp/scheduled/extra" <<'JOB'
. /etc/os-release
say os "$ID $VERSION_ID"
say kernel "$(uname -r)"
say modules "$(modprobe zram 2>&1 && grep -c ^zram /proc/modules)"
say rc "$(readlink -f /etc/init.d/dbus)"
say route "$(ip -4 route show default | cut -d ' ' -f 1-3)"
say address "$(ip -4 -o address show scope global | awk '{ print $4 }' | xargs)"
section nm nmcli -c no -t -f DEVICE,STATE device
JOB
    boot lean openeuler "$JOB_LINE root=cifs://$SERVER/os/openeuler/aarch64/20.03,$CIFS1"
    good_boot cifs
    [[ $(all_lines | grep -cxF "$PUT_OUT") == 1 ]]
    facts os 'openEuler 20.03' modules 1 rc /etc/rc.d/init.d/dbus route 'default via 10.0.2.2'
    [[ $(fact kernel) == 4.19.90-*.oe1.x86_64 && $(fact address) == 10.0.2.15/24 ]]
    # NetworkManager keeps its hands off the card that the root hangs on.
    section nm | grep -vE '^lo:' | grep -q ':unmanaged$'
}
