# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of what reads and makes initrds: trees, archives of them by the real tools.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of bats; for the tests

BUILDER=${PROGRAMS:-$(realpath "${BASH_SOURCE[0]%/*}/../../..")/build/asan}/initrd-builder

. "${BASH_SOURCE[0]%/*}/../../lib/archives.bash"

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    umask 022
    export LC_ALL=C.UTF-8
}

# What a lean image has that the rules look at.
image_tree() {
    tree "$1" init='program' etc/initrd-release='' usr/lib/systemd/systemd='manager' \
        usr/lib/systemd/system/rootovl.service='unit' usr/lib/libc.so.6='library' \
        usr/lib/rootovl/payload.conf='' usr/bin/rootovl='helper' usr/sbin/ \
        usr/lib/modules/6.1.0/modules.dep='' 'lib -> usr/lib' 'bin -> usr/bin' 'sbin -> usr/sbin'
}
job_tree() {
    tree "$1" lkp/scheduled/job.yaml='suite: x' lkp/scheduled/job.sh='#!/bin/sh' \
        lkp/lkp/src/bin/run-lkp='' lkp/lkp/src/lib/env.sh=''
    chmod 755 "$1/lkp/scheduled/job.sh"
}

# finds LINE…: verify, given the arguments in $args, says exactly these lines.
finds() {
    printf '%s\n' "$@" >expected
    # shellcheck disable=SC2086 # a list
    run --separate-stderr "$BUILDER" verify $args
    diff -u expected <(printf '%s\n' "$output")
    [ -z "$stderr" ]
    [ "$status" -eq 4 ]
}

# finds_nothing: it says nothing at all.
finds_nothing() {
    # shellcheck disable=SC2086 # a list
    run "$BUILDER" verify $args
    echo "$output"
    [ -z "$output" ]
    [ "$status" -eq 0 ]
}
