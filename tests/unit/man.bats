#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual pages say what the program does: the table of parameters, the examples, the commands.

# program NAME: prints where it is. Without sanitizers: it is started some hundred times.
program() {
    echo "${BUILD:-build}/$1"
}

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
    rootovl=$(program rootovl)
    page=man/rootovl.cmdline.7
    export LC_ALL=C.UTF-8
}

# A page as text on wide lines: bold and underlined letters are plain, without the dictionary's quotes.
render() {
    mandoc -O width=200 -T utf8 "$1" | sed 's/.\x08//g'
}

# The items of one section: they stand where plain text would, and the section has none of that.
items() {
    render "$page" | sed -n "/^$1\$/,/^[A-Z]/s/^     \([^ ].*\)/\1/p"
}

same_lines() {
    diff -u --label table <(printf '%s\n' "$1" | sort) --label page <(printf '%s\n' "$2" | sort)
}

@test "man: every parameter of the table is an item of the page, and every item is in the table" {
    table=$("$rootovl" plan --parameters | cut -f 1)
    [ "$(wc -l <<<"$table")" -ge 10 ]
    same_lines "$table" "$(items PARAMETERS)"
}

@test "man: every example is a kernel line that the program takes" {
    for file in man/*; do
        render "$file" | sed -n 's/^ \{10,\}\(\(rootovl \)\{0,1\}\([a-z.]*=[^ ]* *\|ro \)*\)$/\1/p'
    done | grep root= >"$BATS_TEST_TMPDIR/examples"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/examples")" -ge 12 ]
    while read -r line; do
        echo "line: $line"
        "$rootovl" plan --cmdline "rootovl $line" </dev/null
    done <"$BATS_TEST_TMPDIR/examples"
}

@test "man: the payload table in rootovl(8) is the built-in one" {
    same_lines "$(grep -E '^(tree|missing)' src/rootovl/payload.conf | tr -s '\t ' ' ')" \
        "$(render man/rootovl.8 | sed -nE 's/^ +((tree|missing)(:[^ ]+)? +\/)/\1/p' | tr -s '\t ' ' ')"
}

@test "man: the defer table in rootovl(8) is the built-in one" {
    same_lines "$(grep -E '^[^#]' src/rootovl/defer.conf | tr -s '\t ' ' ')" \
        "$(render man/rootovl.8 | sed '1,/^DEFER TABLE/d; /^FILES/,$d' | sed -nE 's/^ +([a-z0-9_@-]+\.(service|timer) +[a-z])/\1/p' | tr -s '\t ' ' ')"
}

@test "man: the pages have no warnings" {
    for file in man/*; do
        mandoc -T lint -W warning "$file"
    done
}

@test "man: no page names a page of ours that is not there" {
    sed -nE 's/^\.Xr ((rootovl|initrd-builder|testbox)[^ ]*) ([0-9]).*/man\/\1.\3/p' man/* |
        sort -u >"$BATS_TEST_TMPDIR/named"
    [ -s "$BATS_TEST_TMPDIR/named" ]
    while read -r file; do
        echo "named: $file"
        [ -e "$file" ]
    done <"$BATS_TEST_TMPDIR/named"
}

# every_help NAME N: each command of a program, and it has at least N, has --help on standard output, with
# exit code 0. "$commands" are they, and help-COMMAND has what each said.
every_help() {
    local program
    program=$(program "$1")
    commands=$("$program" --help | sed -n 's/^  \([a-z]*\)  *.*/\1/p')
    [ "$(wc -w <<<"$commands")" -ge "$2" ]
    for command in $commands; do
        "$program" "$command" --help >"$BATS_TEST_TMPDIR/help-$command" 2>"$BATS_TEST_TMPDIR/errors"
        grep -q "^usage: $1 $command" "$BATS_TEST_TMPDIR/help-$command"
        [ ! -s "$BATS_TEST_TMPDIR/errors" ]
    done
}

@test "help: every command has --help, on standard output, with exit code 0" {
    every_help rootovl 6
}

@test "help: wrong usage is exit code 2, on standard error" {
    for arguments in '' 'nonsense' 'boot nonsense' 'plan nonsense' 'plan --nonsense' \
        'report --nonsense' 'report a b'; do
        echo "arguments: $arguments"
        code=0
        # shellcheck disable=SC2086 # a list
        "$rootovl" $arguments >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/errors" || code=$?
        [ "$code" -eq 2 ]
        [ ! -s "$BATS_TEST_TMPDIR/out" ]
        grep -qE '^usage: rootovl|^rootovl( [a-z]+)?: .*; see rootovl( [a-z]+)? --help$' "$BATS_TEST_TMPDIR/errors"
    done
}

@test "help: every command of testbox has --help on standard output, and a place in testbox(8)" {
    every_help testbox 6
    for command in $commands; do
        grep -qx ".It Cm $command" man/testbox.8
    done
}

@test "man: testbox(8) has every option of run, serve and job, and the exit codes" {
    testbox=$(program testbox)
    for command in run serve job; do
        for option in $("$testbox" "$command" --help | grep -oE -e '^ +(-., +)?--[a-z-]+' | grep -oE -e '--[a-z-]+$'); do
            [ "$option" = --help ] || grep -qE "^\.It Fl (. , -|-)${option#--}( |$)" man/testbox.8 || {
                echo "not in the page: $option"
                return 1
            }
        done
        for code in $("$testbox" "$command" --help | grep -oE '\b12[0-9]\b'); do
            grep -qE "^\.It $code" man/testbox.8
        done
    done
}

@test "help: wrong usage of testbox is exit code 122, on standard error" {
    testbox=$(program testbox)
    for arguments in '' nonsense run 'run a b' 'run --nonsense a' 'run --timeout x a' 'run --kvm maybe a' \
        'run --personality x=y a' job 'job a' serve 'serve a' 'serve a b c' 'serve --dry-run a b' stop 'stop a b' 'list a' log console; do
        echo "arguments: $arguments"
        code=0
        # shellcheck disable=SC2086 # a list
        "$testbox" $arguments >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/errors" || code=$?
        [ "$code" -eq 122 ]
        [ ! -s "$BATS_TEST_TMPDIR/out" ]
        [ -s "$BATS_TEST_TMPDIR/errors" ]
    done
}

@test "help, man: every command of initrd-builder has --help, and a place in the page with its options" {
    every_help initrd-builder 9
    for command in $commands; do
        grep -qE "^\.It Cm $command( |$)" man/initrd-builder.8
        grep -oE -e '^ +(-., +)?--[a-z-]+' "$BATS_TEST_TMPDIR/help-$command" | grep -oE -e '[a-z-]+$' |
            while read -r option; do
                echo "option: $command $option"
                grep -qE "^\.It Fl (. , Fl -|-)${option#--}( |$)" man/initrd-builder.8
            done
    done
}
