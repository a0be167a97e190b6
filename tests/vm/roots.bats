#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A root that is another every day. Those of Debian 11, 12 and 13 are in other files' tests.
# bats file_tags=slow

. "$BATS_TEST_DIRNAME/lib.bash"

@test "roots: today's sid, over NFS" {
    serve_nfs debian-sid debian/sid
    make_job
    boot lean debian-sid "$JOB_LINE root=nfs4:$SERVER:$EXPORT/debian/sid"
    good_boot nfs4
}
