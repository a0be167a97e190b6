# SPDX-License-Identifier: GPL-2.0-or-later
# For tests of what testbox makes of names and host files: it prints its plan, and boots nothing.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables of the tests, and of bats

TOP=$(realpath "${BASH_SOURCE[0]%/*}/../../../..")
TESTBOX=${PROGRAMS:-$TOP/build/asan}/testbox

# hosts_test: a script whose kernel, a compressed one, is of any architecture; HOSTS is for host files.
hosts_test() {
    export TESTBOX_STATE=$BATS_TEST_TMPDIR/state
    HOSTS=$BATS_TEST_TMPDIR/hosts
    SCRIPT=$BATS_TEST_TMPDIR/boot.ipxe
    mkdir -p "$HOSTS"
    printf '\x1f\x8b' >"$BATS_TEST_TMPDIR/vmlinuz"
    script_with ''
}

# script_with WORDS: the script has these on its kernel line.
script_with() {
    printf '%s\n' '#!ipxe' "kernel vmlinuz $1" boot >"$SCRIPT"
}

# plan NAME [OPTION…]: what would be run.
plan() {
    "$TESTBOX" run --hosts "$HOSTS" --kvm no --name "$1" --dry-run "${@:2}" "$SCRIPT"
}
