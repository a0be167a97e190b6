#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The rules of tests/house: each reports one offence with its file and line, and nothing in a clean tree.

setup() {
    export TREE=$BATS_TEST_TMPDIR
    HOUSE=$BATS_TEST_DIRNAME/../house
    cd "$TREE" || return
}

# file PATH: writes a source whose text is on standard input.
file() {
    mkdir -p "${1%/*}"
    cat >"$1"
}

# compile: makes the object of every source.
compile() {
    local source
    while read -r source; do
        mkdir -p "build/obj/${source%/*}"
        cc -w -I. -c "$source" -o "build/obj/${source%.c}.o"
    done < <(find src initrd-builder -name '*.c' 2>/dev/null)
}

# finds RULE LINE…: the rule fails, and prints these lines and no others.
finds() {
    run "$HOUSE" "$1"
    echo "$output"
    shift
    [ "$status" -eq 1 ]
    [ "$output" = "$(printf '%s\n' "$@")" ]
}

# passes RULE
passes() {
    run "$HOUSE" "$1"
    echo "$output"
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "house: a clean tree passes every rule" {
    file src/common/mem.h <<<'int mem_size(void);'
    printf '#include "src/common/mem.h"\n\nint mem_size(void)\n{\n\treturn 1;\n}\n' | file src/common/mem.c
    printf '#include "src/common/mem.h"\n\nint plan_build(void);\n' | file src/rootovl/plan/plan.h
    printf '#include "src/rootovl/plan/plan.h"\n\nint plan_build(void)\n{\n\treturn mem_size();\n}\n' |
        file src/rootovl/plan/plan.c
    printf '#include "src/rootovl/plan/plan.h"\n\nint main(void)\n{\n\treturn plan_build();\n}\n' | file src/rootovl/main.c
    printf 'int main(void)\n{\n\treturn 0;\n}\n' | file src/rootovl/booted/main.c
    compile
    run "$HOUSE"
    echo "$output"
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "house: a folder includes nothing that stands above it" {
    printf '#include <errno.h>\n#include "src/rootovl/disk/disks.h"\n' | file src/rootovl/plan/plan.h
    finds order 'src/rootovl/plan/plan.h:2: src/rootovl/plan may not include src/rootovl/disk/disks.h (move what both need to a folder below both)'
}

@test "house: folders that stand side by side do not include each other" {
    printf '#include "src/rootovl/payload/payload.h"\n' | file src/rootovl/configure/units.c
    finds order 'src/rootovl/configure/units.c:1: src/rootovl/configure may not include src/rootovl/payload/payload.h (move what both need to a folder below both)'
}

@test "house: testbox includes the library of initrd-builder, and nothing else of it" {
    printf '#include "initrd-builder/read/verify.h"\n#include "initrd-builder/build/build.h"\n' | file src/testbox/commands/run.c
    finds order 'src/testbox/commands/run.c:2: src/testbox/commands may not include initrd-builder/build/build.h (move what both need to a folder below both)'
}

@test "house: common includes no program, and no program includes another" {
    printf '#include "src/rootovl/plan/plan.h"\n' | file src/common/files.c
    printf '#include "src/common/files.h"\n#include "src/rootovl/plan/plan.h"\n' | file src/fetch/fetch.c
    finds order 'src/common/files.c:1: src/common may not include src/rootovl/plan/plan.h (move what both need to a folder below both)' \
        'src/fetch/fetch.c:2: src/fetch may not include src/rootovl/plan/plan.h (move what both need to a folder below both)'
}

@test "house: an include is written from the root of the tree" {
    printf '#include "plan.h"\n' | file src/rootovl/plan/plan.c
    finds order 'src/rootovl/plan/plan.c:1: src/rootovl/plan may not include plan.h (move what both need to a folder below both)'
}

@test "house: a new folder needs a place in the order" {
    printf '#include "src/common/mem.h"\n' | file src/rootovl/attic/old.c
    finds order 'src/rootovl/attic/old.c:1: src/rootovl/attic is not in the order of folders (add it to tests/house)'
}

@test "house: folders that only compute include no header of an effect" {
    printf '#include <errno.h>\n#include <fcntl.h>\n' | file src/rootovl/settings/params.c
    printf '#include <fcntl.h>\n' | file src/rootovl/disk/disks.c
    printf '#include <sys/socket.h>\n#include "src/common/files.h"\n#include "src/common/mem.h"\n' | file src/testbox/plan/url.c
    finds pure 'src/rootovl/settings/params.c:2: a folder that only computes includes <fcntl.h> (move the effect to a folder of effects)' \
        'src/testbox/plan/url.c:1: a folder that only computes includes <sys/socket.h> (move the effect to a folder of effects)' \
        'src/testbox/plan/url.c:2: a folder that only computes includes "src/common/files.h" (move the effect to a folder of effects)'
}

@test "house: what a header declares is defined in the source beside it" {
    printf 'int %s(void) PRINTF_LIKE(1, 2);\n' disks_find disks_wipe | file src/rootovl/disk/disks.h
    printf 'int disks_find(void)\n{\n\treturn other(\n\t\tdisks_wipe());\n}\n' | file src/rootovl/disk/disks.c
    finds header 'src/rootovl/disk/disks.h:2: disks_wipe is not defined in src/rootovl/disk/disks.c (declare it in the header of its source)'
}

@test "house: the variables that a header declares are defined in the source beside it" {
    printf 'extern int kinds[];\nextern const struct kind kind_a,\n\tkind_b;\n' | file initrd-builder/read/kind.h
    printf 'const struct kind kind_a = {\n\t.name = 1,\n};\nint kinds[] = { 1 };\n' | file initrd-builder/read/kind.c
    finds header 'initrd-builder/read/kind.h:3: kind_b is not defined in initrd-builder/read/kind.c (declare it in the header of its source)'
}

@test "house: a header without a source has only types, constants and inline functions" {
    file src/common/macro.h <<'END'
#define SIZE(x) sizeof(x)
/* Gives size(2), or
 * size(3) */
enum size { SIZE_ONE = SIZE(1) };
typedef int (*size_of)(void *arg);
struct size_table {
	int (*get)(void);
};
static inline int size_one(void)
{
	return get(1);
}
END
    passes header
    echo 'void size_two(void);' >>src/common/macro.h
    finds header 'src/common/macro.h:13: size_two is not defined in src/common/macro.c (declare it in the header of its source)'
}

# lines N: a function of so many lines from brace to brace.
lines() {
    echo 'int long_one(void)'
    echo '{'
    seq -f '	work(%g);' $(($1 - 2))
    echo '}'
}

@test "house: a function has 60 lines at most" {
    lines 60 | file src/rootovl/plan/plan.c
    passes length
    lines 61 | file src/rootovl/plan/plan.c
    finds length 'src/rootovl/plan/plan.c:2: the function has 61 lines, and 60 are allowed (split it)'
}

@test "house: a file has 400 lines at most" {
    seq -f '/* %g */' 400 | file tests/unit/common/mem.c
    passes length
    echo '/* 401 */' >>tests/unit/common/mem.c
    finds length 'tests/unit/common/mem.c:401: the file has more than 400 lines (split it)'
}

@test "house: no symbol is defined twice" {
    printf 'static int helper(void) { return 0; }\nint cache_evict(void) { return helper(); }\n' |
        file src/rootovl/disk/copy.c
    file src/testbox/download/cache.c <src/rootovl/disk/copy.c
    compile
    finds symbols 'src/testbox/download/cache.c:2: cache_evict is defined in src/rootovl/disk/copy.c too (name it after its file)'
}

@test "house: headers include each other in no circle" {
    printf '#include <errno.h>\n#include "src/common/b.h"\n' | file src/common/a.h
    printf '#include "src/common/c.h"\n' | file src/common/b.h
    printf '#include "src/common/a.h"\n' | file src/common/c.h
    finds includes 'src/common/a.h:2: a circle: src/common/a.h -> src/common/b.h -> src/common/c.h -> src/common/a.h (move what both need to a third file)'
}

@test "house: files call each other in no circle, not even through a table of functions" {
    printf 'int b_two(void);\nint a_one(void) { return b_two(); }\n' | file src/common/a.c
    printf 'extern int (*c_table[])(void);\nint b_two(void) { return c_table[0](); }\n' | file src/common/b.c
    printf 'int a_one(void);\nint (*c_table[])(void) = { a_one };\n' | file src/common/c.c
    compile
    finds calls 'src/common/a.c:1: a circle: src/common/a.c -> b_two of src/common/b.c -> c_table of src/common/c.c -> a_one of src/common/a.c (move what both need to a third file)'
}

@test "house: what strangers wrote is printed by the functions that make it harmless" {
    cat <<'END' | file src/testbox/commands/list.c
void list_show(const struct box *box, FILE *out)
{
	printf("%s\n", box->name);
	fprintf(stderr, "%s\n", box->path);
	fprintf(out, "%s\n", box->path);
	one_line_print(stdout, "%s", box->path);
	puts(box->name);
	fputs(box->name, stdout);
	snprintf(text, sizeof(text), "%s", box->name);
}
END
    printf 'printf("%%s", line);\n' | file src/common/log.c
    finds print \
        'src/testbox/commands/list.c:3: it prints what strangers may have written (print it by one_line_print())' \
        'src/testbox/commands/list.c:4: it prints what strangers may have written (print it by one_line_print())' \
        'src/testbox/commands/list.c:7: it prints what strangers may have written (print it by one_line_print())' \
        'src/testbox/commands/list.c:8: it prints what strangers may have written (print it by one_line_print())'
}

@test "house: a phrase that is not plain English is reported in comments and messages of revised folders" {
    cat <<'END' | file src/common/log.c
/* Opens the log anew. */
/* Returns the renewed log, for whole lines. */
fail(f, EINVAL, NULL, "write nfs: In place of nfs4:");
END
    echo 'Nobody reads this.' | file tests/unit/common/README.md
    echo '/* Opens the log anew. */' | file src/unrevised/log.c
    finds words \
        'src/common/log.c:1: "anew" is not plain English (see the rules in CONTRIBUTING.md)' \
        'src/common/log.c:3: "In place of" is not plain English (see the rules in CONTRIBUTING.md)' \
        'tests/unit/common/README.md:1: "Nobody" is not plain English (see the rules in CONTRIBUTING.md)'
}

@test "house: the words that the rule for plain English bans are whole words" {
    echo '/* The log of all this told the reason for whole files. */' | file src/common/log.c
    passes words
}
