# SPDX-License-Identifier: GPL-2.0-or-later
# Where things are, and saying what is wrong. Sourced by every other file here.
# shellcheck shell=bash

TOP=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
# shellcheck disable=SC2034 # for those who source this
LIB=$TOP/tests/lib
BUILD=$TOP/build
PATH=$PATH:/usr/sbin:/sbin
mkdir -p "$BUILD"

die() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# logged FILE COMMAND…: what it says goes to FILE, the end of which is shown when it fails.
logged() {
    local log=$1
    shift
    if ! "$@" </dev/null >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        echo "failed: $* (all it said: $log)" >&2
        return 1
    fi
}
