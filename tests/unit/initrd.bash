# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of what reads and makes initrds: trees, archives of them by the real tools.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of bats; for the tests

BUILDER=$(realpath "$BATS_TEST_DIRNAME/../..")/build/asan/initrd-builder

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    umask 022
    export LC_ALL=C.UTF-8
}

# tree DIR [PATH=TEXT | PATH -> TARGET | PATH/]…: makes a tree; of "a=b" the file a.
tree() {
    local dir=$1 what
    shift
    for what; do
        case $what in
        *' -> '*) mkdir -p "$(dirname "$dir/${what%% -> *}")" && ln -s "${what##* -> }" "$dir/${what%% -> *}" ;;
        */) mkdir -p "$dir/$what" ;;
        *) mkdir -p "$(dirname "$dir/${what%%=*}")" && printf '%s' "${what#*=}" >"$dir/${what%%=*}" ;;
        esac
    done
}

# archive DIR [FORMAT]: to standard output. Sorted, so that a directory comes before what is in it.
archive() {
    (cd "$1" && find . -mindepth 1 | LC_ALL=C sort | cpio -o -H "${2:-newc}" -R 0:0 --quiet)
}

# initrd FILE DIR: in gzip, as LKP makes them.
initrd() {
    archive "$2" | gzip -n >"$1"
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
}

# The compressions by their names, each as the kernel can read it.
compress() {
    case $1 in
    gzip) gzip -n ;;
    bzip2) bzip2 ;;
    lzma) xz --format=lzma ;;
    xz) xz --check=crc32 ;;
    lzo) lzop ;;
    lz4) lz4 -l -q ;;
    zstd) zstd -q ;;
    none) cat ;;
    esac
}
COMPRESSIONS='gzip bzip2 lzma xz lzo lz4 zstd none'

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
