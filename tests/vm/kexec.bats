#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034 # JOB is of the library
# A testbox goes from one job to the next by kexec, as LKP's real machines do, with its root on a server.
# bats file_tags=slow

bats_require_minimum_version 1.5.0
. "$BATS_TEST_DIRNAME/lib.bash"

# next_job LINE: what the server has for the next job: kernel, initrds, kernel line.
next_job() {
    local next=$LOWER/boot/next
    lab mkdir "$next"
    JOB=$DIR/second make_job
    "$LIB/pack" "$DIR/second" "$DIR/second.cgz"
    # Each archive begins at a multiple of four.
    perl -e 'for (@ARGV) { open F, "<", $_; local $/; $_ = <F>; print; print "\0" x (-length() % 4) }' \
        "$("$LIB/image" lean debian-12-kexec)" "$DIR/second.cgz" | lab tee "$next/initrd" >/dev/null
    echo "console=ttyS0 panic=-1 no_timer_check $1 next=job" | lab tee "$next/line" >/dev/null
    lab_settle "$LOWER"
}

# first_job: one that goes to the next.
first_job() {
    JOB=$DIR/first make_job
    cat >"$DIR/first/lkp/scheduled/job.sh" <<'SH'
#!/bin/sh
exec >/dev/ttyS1 2>&1
echo "first=$(cat /proc/sys/kernel/random/boot_id)"
kexec -l /boot/vmlinuz-* --initrd=/boot/next/initrd --command-line="$(cat /boot/next/line)" && systemctl kexec
echo "kexec=$?"
SH
}

# goes_on LOWER-TYPE ROOT: both jobs ran, each in a boot of its own, and the second has all it should.
goes_on() {
    next_job "$JOB_LINE root=$2"
    first_job
    JOB=$DIR/first boot lean debian-12-kexec "$JOB_LINE root=$2"
    wait_line "$VM/verdict.log" '^done=' 1000 "$MACHINE"
    ends_with poweroff
    [[ -n $(fact first) && $(fact kexec) == 0 ]]
    facts job started root_type overlay lower_type "$1" write_root ok write_lower refused system running bootstrap active
    [[ $(console_lines | grep -c '^root ready in .*lkp-bootstrap.service') == 2 ]]
    grep -q 'Command line: .* next=job' "$VM/console.log"
    # The guards saw a server that answered.
    run ! grep -q 'the server of the root is silent' "$VM/console.log"
    JOB=$DIR/second
    diff <(expected_payload) <(section payload)
    server_untouched
}

@test "kexec: from a job to the next, a CIFS root" {
    serve_smb compass debian-12-kexec debian/12
    goes_on cifs "cifs://$SERVER/os/debian/12,$CIFS1"
}

@test "kexec: from a job to the next, an NFS root" {
    serve_nfs debian-12-kexec debian/12
    goes_on nfs4 "nfs:$SERVER:$EXPORT/debian/12"
}
