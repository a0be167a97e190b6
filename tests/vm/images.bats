#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# One root in every kind of image: ours alone mounts it.

. "$BATS_TEST_DIRNAME/lib.bash"

# In a stock image dracut's own modules and Debian's overlay-root stand by.
stock_root() {
    good_boot "$1"
    # one overlay, one tmpfs for it, and nothing of overlay-root's
    facts overlays 1 cow_mounts 0
}

@test "images: a stock image of dracut 059 with cifs, nfs and overlay-root, a CIFS root" {
    serve_smb compass debian-12 debian/12
    make_job
    boot stock debian-12 "$JOB_LINE root=cifs://$SERVER/os/debian/12,$CIFS1"
    stock_root cifs
}

# bats test_tags=slow
@test "images: a stock image of dracut 059, an NFS root" {
    serve_nfs debian-12 debian/12
    make_job
    boot stock debian-12 "$JOB_LINE root=nfs:$SERVER:$EXPORT/debian/12:vers=3"
    stock_root nfs
}

@test "images: a stock image of dracut 106, a Debian 13 root over CIFS" {
    serve_smb posix debian-13 debian/13
    make_job
    boot stock-106 debian-13 "$JOB_LINE root=cifs://$SERVER/os/debian/13,guest,vers=3.1.1,posix"
    SETUID=755 stock_root cifs
}

# bats test_tags=slow
@test "images: a lean image of Debian 12 boots a Debian 13 root" {
    serve_smb compass debian-13 debian/13
    make_job
    boot lean debian-13 "$JOB_LINE root=cifs://$SERVER/os/debian/13,$CIFS1"
    good_boot cifs
}
