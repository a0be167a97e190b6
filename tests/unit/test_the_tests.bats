#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The tests of the tests: a run fails when a test fails, in every way in which one can.

bats_require_minimum_version 1.5.0

setup() {
    export TESTS=$BATS_TEST_TMPDIR/tests BUILD=$BATS_TEST_TMPDIR/build
    mkdir -p "$TESTS/unit" "$TESTS/root" "$TESTS/vm" "$TESTS/fixtures/fuzz/found" "$BUILD/asan/tests/unit"
    unset TIER ONLY ALL PROGRAMS
    CHECK=$BATS_TEST_DIRNAME/../check
}

# program NAME: a test program whose text is on standard input.
program() {
    { echo '#!/bin/sh' && cat; } >"$BUILD/asan/tests/unit/$1"
    chmod +x "$BUILD/asan/tests/unit/$1"
}

# check STATUS LAST-LINE
check() {
    run "$CHECK"
    echo "$output"
    [ "$status" -eq "$1" ]
    [ "${lines[-1]}" = "$2" ]
}

@test "passing tests pass, and skipped ones are counted with their reason" {
    program good <<<'echo 1..2; echo ok 1 - one; echo "ok 2 - two # SKIP no such thing"'
    check 0 '1 passed, 0 failed, 1 skipped'
    [[ $output == *'skipped unit/good: two # SKIP no such thing'* ]] ||
        [[ $output == *'skipped tests/unit/good: two # SKIP no such thing'* ]]
}

@test "a failing test fails the run" {
    program bad <<<'echo 1..2; echo ok 1 - one; echo not ok 2 - two; echo "# why"; exit 1'
    check 1 '1 passed, 1 failed, 0 skipped'
    [[ $output == *'# why'* ]]
}

@test "a failing bats file fails the run" {
    # bats would take a line that begins so for a test of this file
    printf '@%s "no" {\n    false\n}\n' test >"$TESTS/root/bad.bats"
    check 1 '0 passed, 1 failed, 0 skipped'
}

@test "a bats file that cannot be read fails the run" {
    printf '@%s "no" {\n' test >"$TESTS/root/bad.bats"
    run "$CHECK"
    [ "$status" -eq 1 ]
}

@test "tests that were announced and never came have failed" {
    program cut <<<'echo 1..5; echo ok 1 - one'
    check 1 '1 passed, 1 failed, 0 skipped'
    [[ $output == *'4 of its 5 tests never ran'* ]]
}

@test "a program that says nothing has failed" {
    program mute <<<'exit 0'
    check 1 '0 passed, 1 failed, 0 skipped'
}

@test "a program that dies after its last test has failed" {
    program dies <<<'echo 1..1; echo ok 1 - one; kill -SEGV $$'
    check 1 '1 passed, 1 failed, 0 skipped'
}

@test "a program that gives up has failed" {
    program bails <<<'echo 1..2; echo ok 1 - one; echo "Bail out! no disk"'
    run "$CHECK"
    [ "$status" -eq 1 ]
}

@test "a test that hangs ends" {
    program hangs <<<'echo 1..1; exec tail -f /dev/null'
    FILE_SECONDS=1 check 1 '0 passed, 1 failed, 0 skipped'
}

@test "a fuzzer that finds something fails the run" {
    mkdir -p "$BUILD/fuzz/tests/fuzz"
    printf '#!/bin/sh\necho "==1==ERROR: found"\nexit 77\n' >"$BUILD/fuzz/tests/fuzz/found"
    chmod +x "$BUILD/fuzz/tests/fuzz/found"
    check 1 '0 passed, 1 failed, 0 skipped'
    [[ $output == *'ERROR: found'* ]]
}

@test "a fuzzer finds an input that takes too much work" {
    local dir=$BATS_TEST_TMPDIR
    cat >"$dir/square.c" <<'END'
#include <stddef.h>
#include <stdint.h>
volatile unsigned sum;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	for (size_t i = 0; i < (data[0] == 's' ? size * size * 8 : size); i++)
		sum += data[i % size];
	return 0;
}
END
    clang -O1 -fsanitize=fuzzer -Wl,--wrap=LLVMFuzzerTestOneInput "$dir/square.c" \
        "$BATS_TEST_DIRNAME/../lib/fuzz-work.c" -o "$dir/square"
    printf square >"$dir/slow"
    printf linear >"$dir/quick"
    run -0 "$dir/square" "$dir/quick"
    run -77 "$dir/square" -artifact_prefix="$dir/" "$dir/slow"
    [[ $output == *'ERROR: too much work: '* ]]
}

@test "a run in which nothing ran has failed" {
    check 1 '0 passed, 1 failed, 0 skipped'
    program good <<<'echo 1..1; echo ok 1 - one'
    ONLY=no_such_test check 1 '0 passed, 1 failed, 0 skipped'
}

@test "a table says how long each file took, the longest first, and how many tests it has" {
    program quick <<<'echo 1..1; echo ok 1 - one'
    printf '@%s "first" {\n    sleep 2\n}\n@%s "second" {\n    true\n}\n' test test >"$TESTS/vm/long.bats"
    check 0 '3 passed, 0 failed, 0 skipped'
    cat "$BUILD/check-seconds"
    [[ $(wc -l <"$BUILD/check-seconds") == 2 ]]
    grep -qE '^ +[2-9] +[0-9]+  vm +2  vm/long.bats$' <(head -n 1 "$BUILD/check-seconds")
    grep -qE '^ +[0-9] +[0-9]+  .*unit +1  .*unit/quick$' <(tail -n 1 "$BUILD/check-seconds")
}

@test "ONLY and TIER narrow the run" {
    program two <<<'echo 1..2; echo ok 1 - one; echo not ok 2 - two; exit 1'
    printf '@%s "third" {\n    true\n}\n' test >"$TESTS/root/third.bats"
    TIER=root check 0 '1 passed, 0 failed, 0 skipped'
    ONLY=third check 0 '1 passed, 0 failed, 0 skipped'
}

@test "slow tests run where all are asked for, and count nowhere else" {
    printf '@%s "quick" {\n    true\n}\n' test >"$TESTS/vm/one.bats"
    printf '# bats test_tags=slow\n@%s "slow" {\n    true\n}\n' test >"$TESTS/vm/two.bats"
    check 0 '1 passed, 0 failed, 0 skipped'
    ALL=1 check 0 '2 passed, 0 failed, 0 skipped'
}

@test "packages: what Debian lacks for an architecture is not asked for there" {
    local bin=$BATS_TEST_TMPDIR/bin arch
    mkdir "$bin"
    printf '#!/bin/sh\nprintenv ARCH\n' >"$bin/dpkg"
    printf '#!/bin/sh\n' >"$bin/dpkg-query" # nothing is installed
    printf '#!/bin/sh\necho 1000\n' >"$bin/id"
    chmod +x "$bin"/*
    for arch in amd64 i386 arm64; do
        ARCH=$arch PATH=$bin:$PATH run "$BATS_TEST_DIRNAME/../lib/packages" check
        echo "$arch: $output"
        [ "$status" -eq 1 ]
        [[ $output == *' lzop '* && $output != *:amd64* && $output != *VERSION* ]]
        [[ $output == *'not root, so run this as root: apt-get install '*' libclang-rt-'[1-9]*-dev' '* ]]
        if [ $arch = arm64 ]; then
            [[ $output != *user-mode-linux* ]]
        else
            [[ $output == *' user-mode-linux '* ]]
        fi
    done
}

@test "the table of failures names only tests that are there, and has every step" {
    local top=$BATS_TEST_DIRNAME/../.. file name named=0 step
    # shellcheck disable=SC2016 # backticks of the table
    while IFS='|' read -r file name; do
        echo "named: $file: $name"
        grep -qxF "@""test \"$name\" {" "$top/tests/$file"
        named=$((named + 1))
    done < <(sed -n '/^## Step by failure/,/^## /p' "$top/docs/failures.md" |
        grep -oE '`(unit|root|vm)/[a-z_./-]+\.bats`: [^|]*' |
        sed 's/; `/\n`/g' | sed -E 's/^`([^`]*)`: (.*[^ ]) *$/\1|\2/')
    [ "$named" -ge 35 ]
    for step in plan 'load modules' 'mount lower' 'check lower' 'prepare disks' 'find copy' 'mount upper' 'copy payload' \
        'enable units' 'make fstab safe' 'set machine id' 'leave names' 'set personality' 'mount root'; do
        sed -n '/^## Step by failure/,/^## /p' "$top/docs/failures.md" | grep -q "^| \`$step\` "
    done
}

@test "the table of jails names every file that runs one, and no other" {
    local top=$BATS_TEST_DIRNAME/../..
    cd "$top" || return
    # shellcheck disable=SC2016 # backticks of the table
    diff <(grep -rlE --include='*.c' 'run_jailed\(&' src initrd-builder | sort) \
        <(sed -nE '/^\|/s/`(src|initrd-builder)\//\n&/gp' docs/design/jail.md |
            sed -nE 's/^`([^`]*\.c)`.*/\1/p' | grep -vxF src/fetch/main.c | sort)
}
