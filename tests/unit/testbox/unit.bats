#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The unit of a testbox that serves a scheduler, and the user that it runs as.

bats_require_minimum_version 1.5.0
UNIT=$BATS_TEST_DIRNAME/../../../src/testbox/testbox@.service

@test "unit: testbox@.service is exposed to 3.0 at most, as systemd-analyze counts it" {
    cp "$UNIT" "$BATS_TEST_TMPDIR/testbox@.service"
    run systemd-analyze security --offline=yes --threshold=30 --no-pager "$BATS_TEST_TMPDIR/testbox@.service"
    grep Overall <<<"$output"
    [[ $status == 0 ]]
}

@test "unit: its user and the group that opens /dev/kvm are made by systemd-sysusers, twice without harm" {
    local root=$BATS_TEST_TMPDIR/root
    mkdir -p "$root/etc"
    for _ in 1 2; do
        systemd-sysusers --root="$root" - <"${UNIT%/*}/testbox.sysusers"
    done
    grep -qE '^testbox:x:[0-9]+:[0-9]+:testbox:/var/lib/testbox:/usr/sbin/nologin$' "$root/etc/passwd"
    grep -qE '^kvm:x:[0-9]+:testbox$' "$root/etc/group"
    grep -qx User=testbox "$UNIT"
}
