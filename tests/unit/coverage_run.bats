#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# make coverage, which builds all programs once more.
# bats file_tags=slow

@test "coverage: make coverage shows what the unit tests of src/common run" {
    [ -z "${PROGRAMS:-}" ] || skip 'this is a run of make coverage'
    unset MAKEFLAGS MAKEOVERRIDES MAKELEVEL ALL
    run make -s -C "$BATS_TEST_DIRNAME/../.." coverage TIER=unit ONLY=unit/common
    echo "$output"
    [ "$status" -eq 0 ]
    grep -qE '^src/common +[0-9]+ of +[0-9]+ lines +[1-9][0-9.]* %$' <<<"$output"
    grep -qE '^total ' <<<"$output"
    grep -qE '^src/common/cmdline\.c +[0-9]+ of ' "$BATS_TEST_DIRNAME/../../build/coverage/by-file.txt"
}
