#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Roots on a real Samba server.

. "$BATS_TEST_DIRNAME/lib.bash"

@test "cifs: SMB 1.0 as Compass-CI boots, a nested path, a payload of over 4,000 files, reboot" {
    local i
    serve_smb compass debian-12 debian/amd64/12/2026-11-01
    make_job
    mkdir -p "$JOB"/opt/many/{0..41}
    for i in {0..4199}; do
        echo "file $i" >"$JOB/opt/many/$((i / 100))/$i"
    done
    echo reboot >"$JOB/lkp/scheduled/end"
    # shellcheck disable=SC2016 # the guest expands
    echo 'say oplocks "$(cat /sys/module/cifs/parameters/enable_oplocks)"' >"$JOB/lkp/scheduled/extra"
    boot lean debian-12 "$JOB_LINE root=cifs://$SERVER/os/debian/amd64/12/2026-11-01,$CIFS1"
    WAY=short good_boot cifs
    [[ $(fact lower_options) == *vers=1.0* ]]
    facts oplocks N
    jq -e '.payload.files > 4200' "$DIR/report.json"
}

# bats test_tags=slow
@test "cifs: rootovl.defer=yes starts units that no job needs behind the job, which finds the same" {
    serve_smb compass debian-12 debian/12
    make_job
    cp "$BATS_TEST_DIRNAME/deferred.sh" "$JOB/lkp/scheduled/extra"
    boot lean debian-12 "$JOB_LINE rootovl.defer=yes root=cifs://$SERVER/os/debian/12,$CIFS1"
    good_boot cifs
    section deferred >"$DIR/deferred"
    cat "$DIR/deferred"
    [[ $(grep -c ' behind$' "$DIR/deferred") -ge 4 ]]
    run ! grep -v ' behind$' "$DIR/deferred"
    facts circles 0
    [[ $(jq -r '.deferred | length' "$DIR/report.json") -ge 6 ]]
    [[ $(jq -r .not_deferred "$DIR/report.json") == null ]]
}

# bats test_tags=slow
@test "cifs: SMB 3.1.1 with POSIX extensions, Debian 13's Samba and kernel, as guest" {
    serve_smb posix debian-13 debian/13
    make_job
    boot lean debian-13 "$JOB_LINE root=cifs://$SERVER/os/debian/13,guest,vers=3.1.1,posix"
    SETUID=755 good_boot cifs
    [[ $(fact lower_options) == *posix* ]]
}

@test "cifs: SMB 3.1.1 with POSIX extensions, user and password from a credentials file, told nowhere" {
    serve_smb posix debian-13 debian/13
    smb_user "$DIR" tester S3CRET-Word
    make_job
    echo S3CRET-Word >"$JOB/lkp/scheduled/secret"
    mkdir -p "$DIR/credentials/etc"
    printf 'username=tester\npassword=S3CRET-Word\n' >"$DIR/credentials/etc/farm.cred"
    "$LIB/pack" "$DIR/credentials" "$DIR/credentials.cgz"
    boot lean debian-13 "$JOB_LINE rootovl.credentials=/etc/farm.cred \
        root=cifs://$SERVER/os/debian/13,vers=3.1.1,posix" "$DIR/credentials.cgz"
    SETUID=755 good_boot cifs
    [[ $(fact lower_options) == *username=tester* ]]
    facts secret_in_journal 0 secret_in_report 0 secret_in_processes 0 secret_in_mounts 0 \
        secret_in_run 0
    run ! grep -aq S3CRET "$VM/console.log"
}

# refused_without_extensions ROOT PATH OPTIONS
refused_without_extensions() {
    serve_smb plain "$1" "$2"
    pack_witness
    boot lean "$1" "$JOB_LINE root=cifs://$SERVER/os/$2,$3" "$DIR/witness.cgz"
    ends_with poweroff
    failed_to_shell 'check lower' ''
    [[ $(console_lines) == *'unix extensions = yes'* ]]
}

@test "cifs: SMB 3.1.1 without extensions is refused before switch_root, with what to change" {
    refused_without_extensions debian-12 debian/12 guest,vers=3.1.1
}

# bats test_tags=slow
@test "cifs: SMB 3.1.1 without extensions is refused too where the server follows links itself" {
    refused_without_extensions debian-13 debian/13 guest
}

# bats test_tags=slow
@test "cifs: the server restarts in mid-job, and the job goes on" {
    serve_smb compass debian-12 debian/12
    make_job
    cp "$BATS_TEST_DIRNAME/read-on.sh" "$JOB/lkp/scheduled/extra"
    boot lean debian-12 "$JOB_LINE root=cifs://$SERVER/os/debian/12,$CIFS1"
    wait_line "$VM/verdict.log" '^half=way' 1000 "$MACHINE"
    smb_stop "$DIR"
    lab sh -c "echo seen >'$LOWER/restarted'"
    smb_start "$DIR"
    wait_line "$VM/verdict.log" '^done=' 1000 "$MACHINE"
    ends_with poweroff
    facts after_restart seen read_failed '' job started
}
