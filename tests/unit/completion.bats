#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The completion of the shells, made from the programs' tables.

bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
    PATH=$PWD/${BUILD:-build}:$PATH
    mkdir "$BATS_TEST_TMPDIR/here"
}

# complete_ PROGRAM WORD…: what bash offers for the last word, one a line.
complete_() {
    "$1" --completion bash >"$BATS_TEST_TMPDIR/$1.bash"
    (
        cd "$BATS_TEST_TMPDIR/here" || exit
        # shellcheck disable=SC1090 # made above
        . "$BATS_TEST_TMPDIR/$1.bash"
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        "_$1"
        printf '%s\n' "${COMPREPLY[@]}"
    )
}

@test "completion: bash offers commands, options, and their words" {
    [ "$(complete_ initrd-builder ver)" = verify ]
    [ "$(complete_ testbox --ver)" = --version ]
    [ "$(complete_ initrd-builder verify --kern)" = --kernel-config ]
    [ "$(complete_ rootovl plan --par)" = --parameters ]
    [ -z "$(complete_ rootovl nonsense x)" ]
    complete_ rootovl '' | grep -qx plan
}

@test "completion: bash offers files and folders where the tables say so, with blanks in their names" {
    cd "$BATS_TEST_TMPDIR/here"
    mkdir 'a folder'
    : >'a file'
    [ "$(complete_ initrd-builder verify 'a f' | sort)" = $'a file\na folder' ]
    [ "$(complete_ initrd-builder verify --rootfs 'a f')" = 'a folder' ]
    [ "$(complete_ initrd-builder build 'a f')" = 'a folder' ]
    [ "$(complete_ initrd-builder verify --memory 'a f')" = '' ]
}

@test "completion: bash offers the testboxes that run" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    # shellcheck disable=SC2016 # the script expands it
    printf '#!/bin/sh\nif [ "$1" = list ]; then echo "vm-2p8g-1  12 1 s  runs"; else exec %s "$@"; fi\n' \
        "$(command -v testbox)" >"$BATS_TEST_TMPDIR/bin/testbox"
    chmod +x "$BATS_TEST_TMPDIR/bin/testbox"
    PATH=$BATS_TEST_TMPDIR/bin:$PATH
    [ "$(complete_ testbox stop v)" = vm-2p8g-1 ]
}

@test "completion: every command and every option is in the script of each shell" {
    for program in rootovl initrd-builder testbox; do
        commands=$("$program" --help | sed -n 's/^  \([a-z]*\)  *.*/\1/p')
        for command in $commands; do
            "$program" "$command" --help | sed -nE 's/^ +(-., +)?--([a-z-]+).*/--\2/p'
        done | sort -u >"$BATS_TEST_TMPDIR/options"
        [ "$(wc -l <"$BATS_TEST_TMPDIR/options")" -ge 5 ]
        for shell in bash zsh fish; do
            "$program" --completion "$shell" | sed 's/ -l / --/g' | grep -oE -e '[a-z-]+' | sort -u \
                >"$BATS_TEST_TMPDIR/words"
            tr ' ' '\n' <<<"$commands" | sort | comm -23 - "$BATS_TEST_TMPDIR/words" >"$BATS_TEST_TMPDIR/lacking"
            comm -23 "$BATS_TEST_TMPDIR/options" "$BATS_TEST_TMPDIR/words" >>"$BATS_TEST_TMPDIR/lacking"
            cat "$BATS_TEST_TMPDIR/lacking"
            [ ! -s "$BATS_TEST_TMPDIR/lacking" ]
        done
    done
}

@test "completion: each shell takes its scripts" {
    local seen=0
    for program in rootovl initrd-builder testbox; do
        for shell in bash zsh fish; do
            command -v $shell >/dev/null || continue
            "$program" --completion "$shell" >"$BATS_TEST_TMPDIR/script"
            "$shell" -n "$BATS_TEST_TMPDIR/script"
            seen=$((seen + 1))
        done
    done
    [ "$seen" -ge 3 ]
}
