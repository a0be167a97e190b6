#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# root=dhcp: a real DHCP server names the root.
# shellcheck disable=SC2030,SC2031 # each test is a process of its own

. "$BATS_TEST_DIRNAME/lib.bash"
. "$LIB/server-dhcp.bash"

@test "dhcp: a path on the DHCP server, by NFS; the one of three cards whose lease names a root" {
    SERVER=10.1.0.1
    lab_bridge farm $SERVER/24
    lab_bridge other 10.2.0.1/24
    serve_nfs debian-12 debian/12
    dhcp_start "$DIR" other --dhcp-range=10.2.0.50,10.2.0.99,2m --dhcp-boot=pxe.0,,10.2.0.9
    dhcp_start "$DIR" farm --dhcp-range=10.1.0.50,10.1.0.99,2m \
        --dhcp-option="option:root-path,$EXPORT/debian/12"
    MACHINE_OPTIONS="-n $(lab_nic tap0 other)"
    DEVICES="-nic hubport,hubid=0,model=virtio-net-pci -nic $(lab_nic tap1 farm)"
    make_job
    boot lean debian-12 "$JOB_LINE root=dhcp,vers=3"
    good_boot nfs
    [[ $(console_lines) == *"nfs $SERVER:$EXPORT/debian/12 ro"* ]]
    section shown | grep -q ' ask DHCP  *root path'
    section journal | grep -q 'named by a DHCP server'
}

@test "dhcp: a share, the user from a file, systemd 257" {
    SERVER=10.1.0.1
    lab_bridge farm $SERVER/24
    serve_smb posix debian-13 debian/13
    smb_user "$DIR" root S3CRET-word
    dhcp_start "$DIR" farm --dhcp-range=10.1.0.50,10.1.0.99,2m \
        --dhcp-option="option:root-path,cifs://$SERVER/os/debian/13,vers=3.1.1"
    MACHINE_OPTIONS="-n $(lab_nic tap0 farm)"
    make_job
    mkdir -p "$DIR/cred/etc"
    printf 'username=root\npassword=S3CRET-word\n' >"$DIR/cred/etc/farm.cred"
    "$LIB/pack" "$DIR/cred" "$DIR/cred.cgz"
    echo S3CRET-word >"$JOB/lkp/scheduled/secret"
    boot lean-106 debian-13 "$JOB_LINE root=dhcp,posix rootovl.credentials=/etc/farm.cred" "$DIR/cred.cgz"
    SETUID=755 good_boot cifs
    facts secret_in_journal 0 secret_in_report 0 secret_in_processes 0 secret_in_mounts 0 secret_in_run 0
}

# bats test_tags=slow
@test "dhcp: a server that names no root" {
    lab_bridge farm 10.1.0.1/24
    dhcp_start "$DIR" farm --dhcp-range=10.1.0.50,10.1.0.99,2m
    MACHINE_OPTIONS="-n $(lab_nic tap0 farm)"
    pack_witness
    boot lean debian-12 "$JOB_LINE root=dhcp rootovl.timeout=15" "$DIR/witness.cgz"
    ends_with poweroff
    failed_to_shell plan 'root=dhcp: no root path in what DHCP said, for 15 s'
    console_lines | grep -q '^waiting for root=dhcp: no .* (10 of 15 s)'
}
