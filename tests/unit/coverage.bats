#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What `make coverage` shows: the lines that ran, by folder and by file.

setup() {
    LIB=$BATS_TEST_DIRNAME/../lib
    cd "$BATS_TEST_TMPDIR" || return
    mkdir -p src/common src/rootovl/plan build/obj/src/common build/obj/src/rootovl/plan
}

# build_and_run: makes one program of all sources as `make coverage` does, and runs it.
build_and_run() {
    local source objects=()
    cc -c "$LIB/coverage.c" -o build/coverage.o
    while read -r source; do
        objects+=("build/obj/${source%.c}.o")
        cc -O0 --coverage -I. -c "$source" -o "build/obj/${source%.c}.o"
    done < <(find src -name '*.c')
    cc --coverage -Wl,--wrap=_exit "${objects[@]}" build/coverage.o -o build/program
    build/program
}

@test "coverage: lines are counted by folder and by file, those of a header once, and all at the end" {
    printf 'static inline int twice(int n)\n{\n\treturn n * 2;\n}\n' >src/common/twice.h
    printf '#include "src/common/twice.h"\n\nint one(void)\n{\n\treturn twice(1);\n}\n' >src/common/one.c
    printf 'int never(int n)\n{\n\tn++;\n\treturn n;\n}\n' >src/common/never.c
    printf '#include "src/common/twice.h"\n\nint one(void);\n\nint main(void)\n{\n\treturn twice(one()) != 4;\n}\n' \
        >src/rootovl/plan/plan.c
    build_and_run
    run "$LIB/covered" build
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(tr -s ' ' <<<"$output")" = 'src/common 4 of 7 lines 57.1 %
src/rootovl/plan 2 of 2 lines 100.0 %
total 6 of 9 lines 66.7 %' ]
    [ "$(tr -s ' ' <build/by-file.txt)" = 'src/common/never.c 0 of 3 lines 0.0 %
src/common/one.c 2 of 2 lines 100.0 %
src/common/twice.h 2 of 2 lines 100.0 %
src/rootovl/plan/plan.c 2 of 2 lines 100.0 %
total 6 of 9 lines 66.7 %' ]
}

@test "coverage: what a child ran counts, where it ends by _exit(2) too" {
    cat >src/common/child.c <<'END'
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	if (fork() == 0)
		_exit(0);
	wait(0);
	return 0;
}
END
    build_and_run
    run "$LIB/covered" build
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(tr -s ' ' <<<"${lines[-1]}")" = 'total 5 of 5 lines 100.0 %' ]
}

@test "coverage: a build without counts is a failure" {
    run "$LIB/covered" build
    [ "$status" -eq 1 ]
    [ "$output" = 'covered: build has no counts' ]
}
