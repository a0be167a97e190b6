# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of what is written into a new root. Sourced by the .bats files, and once more by
# bash in the box of each test.
# shellcheck shell=bash

# boxed: runs the script on stdin in a box: a mount namespace with all but a fresh tmpfs read-only.
# The box holds lower/ source/ outside/ and up/, which is a tmpfs of its own with upper/ and work/;
# the script begins in it. The namespace ends with it, and so does every mount.
boxed() {
    local script
    script=$(cat)
    # shellcheck disable=SC2016 # the inner shell expands
    run timeout "${BOX_SECONDS:-300}" unshare -m bash -c '
        set -eEuo pipefail
        trap '\''echo "failed in line $LINENO: $BASH_COMMAND"'\'' ERR
        . "$1"; box_make "$2"; eval "$3"' box \
        "$(realpath "${BASH_SOURCE[0]}")" "$BATS_TEST_TMPDIR" "$script"
    # shellcheck disable=SC2154 # of bats
    echo "$output"
    [ "$status" -eq 0 ]
}

# The rest is for the inside of a box.

TOP=$(realpath "${BASH_SOURCE[0]%/*}/../../..")
# Another build of the driver may be measured or traced.
COPY=$(realpath "${COPY:-${PROGRAMS:-$TOP/build/asan}/tests/root/rootovl/payload/copy}")

box_make() {
    umask 022
    mount --make-rprivate /
    mount -t tmpfs -o mode=755 box "$1"
    mount -o remount,bind,ro /
    cd "$1" || return
    export TMPDIR=$1/tmp
    mkdir lower source up root outside tmp
    echo canary >outside/file
    ln -s file outside/link
    mount_up size=64m
}

# mount_up OPTIONS: the upper, made anew.
mount_up() {
    ! mountpoint -q up || umount up
    mount -t tmpfs -o "mode=755,$1" up up
    mkdir up/upper up/work
}

# A root as a distribution makes it: merged /usr.
plain_root() {
    mkdir -p lower/{etc,root,tmp,var,opt,proc,sys,dev,run} lower/usr/{bin,lib,sbin,local,src}
    ln -s usr/bin lower/bin
    ln -s usr/lib lower/lib
    ln -s usr/sbin lower/sbin
    chmod 1777 lower/tmp
    chmod 700 lower/root
    echo root:x:0:0::/root:/bin/sh >lower/etc/passwd
}

# All that can be said of the trees $@, of contents and attributes too: one line an object, sorted.
# What a directory has for a size and how many links, is its file system's own.
manifest() {
    local tree
    for tree; do
        echo "== $tree"
        (
            cd "$tree" || exit
            find . \( -type d -printf "%P d %m %U %G %T@ ${MORE-}\\0" \) -o \
                -printf "%P %y %m %U %G %T@ %n %s %l ${MORE-}\\0" | sort -z | tr '\0\n' '\n\r'
            find . -type f -print0 | sort -z | xargs -0r sha256sum -z | tr '\0\n' '\n\r'
            find . \( -type f -o -type d \) -print0 | sort -z |
                xargs -0r getfattr -hd -m '^(user|security|system|trusted\.[^o])' 2>/dev/null
        )
    done
}

# What no copying may touch: the lower, and what lies beside it.
bystanders() {
    MORE='%i %C@' manifest lower outside
    find . -mindepth 1 -maxdepth 1 | sort
}

# Runs the driver on the box. Whatever comes of it, the bystanders must be as they were.
drive() {
    local status=0
    bystanders >tmp/before
    "$COPY" lower up/upper source "$@" >tmp/said 2>&1 || status=$?
    bystanders >tmp/after
    cat tmp/said
    # errexit may be off here
    diff tmp/before tmp/after || return 99
    return "$status"
}

# copy ACTION…: it succeeds, and root/ is the overlay then.
copy() {
    drive "$@"
    show
}

show() {
    ! mountpoint -q root || umount root
    mount -t overlay -o lowerdir=lower,upperdir=up/upper,workdir=up/work overlay root
}

# fails PATTERN ACTION…: it fails as the driver's failures do, and the text matches.
fails() {
    local pattern=$1 status=0
    shift
    drive "$@" || status=$?
    [ "$status" -eq 1 ]
    # shellcheck disable=SC2053 # it is a pattern
    [[ $(sed -n 's/^failure: //p' tmp/said) == $pattern ]]
    [ "$(grep -c '^failure: ' tmp/said)" -eq 1 ]
}

# stat_is FORMAT EXPECTED PATH…: every path has that.
stat_is() {
    local format=$1 expected=$2 path
    shift 2
    for path; do
        [ "$(stat -c "$format" "$path")" = "$expected" ] || {
            echo "$path: $(stat -c "$format" "$path"), not $expected"
            return 1
        }
    done
}

# content_is TEXT PATH
content_is() {
    [ "$(cat "$2")" = "$1" ]
}

absent() {
    local path
    for path; do
        if [ -e "$path" ] || [ -L "$path" ]; then
            echo "there is $path"
            return 1
        fi
    done
}

# stats_are "files 1 …": what the driver printed has these.
stats_are() {
    [[ " $(head -n 1 tmp/said) " == *" $1 "* ]]
}
