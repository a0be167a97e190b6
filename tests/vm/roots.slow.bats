#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Roots of other Debians than the two that most tests boot.

. "$BATS_TEST_DIRNAME/lib.bash"

@test "roots: Debian 11, Linux 5.10 and systemd 247, no merged /usr, over CIFS" {
    serve_smb compass debian-11 debian/11
    make_job
    boot lean debian-11 "$JOB_LINE root=cifs://$SERVER/os/debian/11,$CIFS1"
    good_boot cifs
}

@test "roots: today's sid, over NFS" {
    serve_nfs debian-sid debian/sid
    make_job
    boot lean debian-sid "$JOB_LINE root=nfs4:$SERVER:$EXPORT/debian/sid"
    good_boot nfs4
}
