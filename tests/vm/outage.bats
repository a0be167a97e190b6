#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The server is away for two minutes in mid-job. Shorter outages: cifs.bats, nfs.bats.
# shellcheck disable=SC2034 # the library reads MACHINE_OPTIONS
# bats file_tags=slow

bats_require_minimum_version 1.5.0
. "$BATS_TEST_DIRNAME/lib.bash"

# outage STOP START ROOT-ARGUMENT
outage() {
    make_job
    cp "$BATS_TEST_DIRNAME/read-on.sh" "$JOB/lkp/scheduled/extra"
    MACHINE_OPTIONS='-t 1000'
    boot lean debian-12 "$JOB_LINE $3"
    wait_line "$VM/verdict.log" '^half=way' 1000 "$MACHINE"
    "$1" "$DIR"
    lab sh -c "echo seen >'$LOWER/restarted'"
    # two minutes, or the end of the machine, which is too early
    run -124 timeout 120 tail --pid="$MACHINE" -f /dev/null
    [[ -z $(fact 'done') ]]
    "$2" "$DIR"
    wait_line "$VM/verdict.log" '^done=' 1000 "$MACHINE"
    ends_with poweroff
    facts after_restart seen read_failed '' job started
}

@test "outage: two minutes without the server in mid-job, and the job goes on, cifs" {
    serve_smb compass debian-12 debian/12
    outage smb_stop smb_start "root=cifs://$SERVER/os/debian/12,$CIFS1"
}

@test "outage: two minutes without the server in mid-job, and the job goes on, nfs" {
    serve_nfs debian-12 debian/12
    outage nfs_stop nfs_start "root=nfs:$SERVER:$EXPORT/debian/12"
}
