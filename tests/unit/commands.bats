#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The command lines of the programs: the same options, words and places in all of them.

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
    export LC_ALL=C.UTF-8
}

# program NAME: prints where it is. Without sanitizers: it is started some thousand times.
program() {
    echo "${BUILD:-build}/$1"
}

# commands NAME: the commands of a program.
commands() {
    "$(program "$1")" --help | sed -n 's/^  \([a-z-]*\)  *.*/\1/p'
}

# wrong STATUS LINE NAME [WORD…]: that usage of a program is wrong, and is answered by that line alone.
wrong() {
    local status=0
    "$(program "$3")" "${@:4}" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/errors" || status=$?
    echo "$*: status $status, $(cat "$BATS_TEST_TMPDIR/errors")"
    [ "$status" -eq "$1" ]
    [ ! -s "$BATS_TEST_TMPDIR/out" ]
    [ "$(cat "$BATS_TEST_TMPDIR/errors")" = "$2" ]
}

# each_program RUN: calls it with the name and the status of wrong usage of each program.
each_program() {
    "$1" rootovl 2
    "$1" initrd-builder 2
    "$1" testbox 122
}

@test "commands: every command answers --help and -h on standard output" {
    answers() {
        [ "$(commands "$1" | wc -l)" -ge 6 ]
        for command in $(commands "$1"); do
            "$(program "$1")" "$command" --help >"$BATS_TEST_TMPDIR/help" 2>"$BATS_TEST_TMPDIR/errors"
            [ ! -s "$BATS_TEST_TMPDIR/errors" ]
            [[ $(head -n 1 "$BATS_TEST_TMPDIR/help") == "usage: $1 $command"* ]]
            grep -q '^  -h, --help  *this text$' "$BATS_TEST_TMPDIR/help"
            grep -q '^Exit status: ' "$BATS_TEST_TMPDIR/help"
            [ "$(grep -v '^usage: ' "$BATS_TEST_TMPDIR/help" | wc -L)" -le 80 ]
            "$(program "$1")" "$command" -h | cmp - "$BATS_TEST_TMPDIR/help"
        done
    }
    each_program answers
}

@test "commands: --version is the name and the version" {
    version() {
        [[ $("$(program "$1")" --version) =~ ^$1\ [0-9.]+$ ]]
    }
    each_program version
}

@test "commands: no command is the usage, on standard error" {
    nothing() {
        local status=0
        "$(program "$1")" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/errors" || status=$?
        [ "$status" -eq "$2" ]
        [ ! -s "$BATS_TEST_TMPDIR/out" ]
        "$(program "$1")" --help | cmp - "$BATS_TEST_TMPDIR/errors"
    }
    each_program nothing
}

@test "commands: one that is not there, and an option that is not there, are wrong usage in the same words" {
    unknown() {
        wrong "$2" "$1: there is no command \"nonsense\"; see $1 --help" "$1" nonsense
        wrong "$2" "$1: unknown option --nonsense; see $1 --help" "$1" --nonsense
        for command in $(commands "$1"); do
            wrong "$2" "$1 $command: unknown option --nonsense; see $1 $command --help" "$1" "$command" --nonsense=1
            wrong "$2" "$1 $command: unknown option -Z; see $1 $command --help" "$1" "$command" -Z
        done
    }
    each_program unknown
}

@test "commands: an argument that is missing, and one too many, are wrong usage in the same words" {
    wrong 2 'rootovl plan: --lease: which FILE?; see rootovl plan --help' rootovl plan --lease
    wrong 2 'rootovl boot: unexpected argument "a"; see rootovl boot --help' rootovl boot a
    wrong 2 'rootovl report: unexpected argument "b"; see rootovl report --help' rootovl report a b
    wrong 2 'rootovl generator: which LATE?; see rootovl generator --help' rootovl generator a b
    wrong 2 'initrd-builder build: which ROOTFS?; see initrd-builder build --help' initrd-builder build
    wrong 2 'initrd-builder build: --output: which DIR?; see initrd-builder build --help' initrd-builder build a -o
    wrong 2 'initrd-builder cat: --output: which FILE?; see initrd-builder cat --help' initrd-builder cat a
    wrong 2 'initrd-builder job: unexpected argument "c"; see initrd-builder job --help' initrd-builder job a b c -o d
    wrong 122 'testbox run: which SCRIPT|URL?; see testbox run --help' testbox run
    wrong 122 'testbox job: --rootfs: which DIR?; see testbox job --help' testbox job a
    wrong 122 'testbox stop: which NAME?; see testbox stop --help' testbox stop --now
    wrong 122 'testbox list: unexpected argument "a"; see testbox list --help' testbox list a
}

@test "commands: a value that an option does not have is wrong usage in the same words" {
    wrong 2 'rootovl report: option --json takes no argument; see rootovl report --help' rootovl report --json=yes
    wrong 2 'initrd-builder build: --engine: one of docker, podman, buildah, none; see initrd-builder build --help' \
        initrd-builder build a --engine kaniko
    wrong 2 'initrd-builder watch: --jobs: a number from 1 to 1024; see initrd-builder watch --help' \
        initrd-builder watch a --jobs 0
    wrong 122 'testbox run: --kvm: one of yes, no; see testbox run --help' testbox run a --kvm maybe
    wrong 122 'testbox run: --timeout: a number from 1 to 2592000; see testbox run --help' testbox run a --timeout 1h
}
