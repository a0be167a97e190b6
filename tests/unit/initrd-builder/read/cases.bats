#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A table of initrds, whole and damaged: inspect lists what cpio and lsinitrd list, verify finds what
# is to be found, and the kernel takes them as it says. The table is tests/lib/initrd-cases.bash.

bats_require_minimum_version 1.5.0
. "$BATS_TEST_DIRNAME/../initrd.bash"
. "$BATS_TEST_DIRNAME/../../../lib/initrd-cases.bash"
. "$BATS_TEST_DIRNAME/../../../lib/initrd-kernel.bash"

LIB=$BATS_TEST_DIRNAME/../../../lib

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    umask 022
    export LC_ALL=C.UTF-8
    make_cases
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return 1
}

# segments NAME: "number offset size compression" of each; listed NAME NUMBER: the names in one.
segments() {
    jq -r '.[0].segments[] | "\(.number) \(.offset) \(.size) \(.compression // "none")"' "$1.json"
}
listed() {
    jq -r --argjson n "$2" '.[0].segments[] | select(.number == $n) | .list[].path' "$1.json"
}

unpacked_by_tool() {
    case $1 in
    gzip) gzip -dc ;;
    bzip2) bzip2 -dc ;;
    lzma | xz) xz -dc ;;
    lzo) lzop -dc ;;
    lz4) lz4 -dc ;;
    zstd) zstd -dc --long=27 ;;
    none) cat ;;
    esac
}

# One of two files is how the other begins.
is_beginning() {
    local lines
    lines=$(($(wc -l <"$1") < $(wc -l <"$2") ? $(wc -l <"$1") : $(wc -l <"$2")))
    diff <(head -n "$lines" "$1") <(head -n "$lines" "$2")
}

as_cpio_lists() {
    local name=$1 number offset size compression
    [[ ${TOOLS[$name]} != none ]] || return 0
    inspected "$name"
    while read -r number offset size compression; do
        listed "$name" "$number" >ours
        tail -c +$((offset + 1)) "$name.img" | head -c "$size" | unpacked_by_tool "$compression" 2>tool.err |
            cpio -t --quiet >theirs 2>cpio.err || [[ ${TOOLS[$name]} == part ]] || {
            cat tool.err cpio.err
            return 1
        }
        case ${TOOLS[$name]} in
        part) is_beginning ours theirs || return 1 ;;
        archive) is_beginning theirs ours && [[ -s theirs ]] || return 1 ;;
        *) diff ours theirs && [[ ! -s tool.err ]] || return 1 ;;
        esac
    done < <(segments "$name")
}

# The names of lsinitrd, which shows them as "ls -l" does.
lsinitrd_names() {
    lsinitrd "$1" 2>/dev/null | sed -nE \
        's/^[-dlbcps][-rwxsStT]{9} +[0-9]+ +[^ ]+ +[^ ]+ +[0-9]+(, +[0-9]+)? +[A-Z][a-z]+ +[0-9]+ +[0-9:]+ (.*)$/\2/p' |
        sed 's/ -> .*//' | sort
}
as_lsinitrd_lists() {
    local name=$1
    [[ ${TOOLS[$name]} =~ ^(all|first|archive|early)$ ]] || return 0
    inspected "$name"
    case ${TOOLS[$name]} in
    early) listed "$name" 1 && listed "$name" 2 ;;
    archive) x newc | cpio -t --quiet ;;
    *) listed "$name" 1 ;;
    esac | sort >ours
    lsinitrd_names "$name.img" >theirs
    diff ours theirs
}

as_verify_finds() {
    local name=$1 line found=()
    "$BUILDER" verify "$name.img" >findings || [ $? -eq 4 ] || return 1
    mapfile -t found <findings
    local expected=()
    [[ -z ${FINDINGS[$name]} ]] || mapfile -t expected <<<"${FINDINGS[$name]}"
    if ((${#found[@]} != ${#expected[@]})); then
        echo "${#found[@]} findings, not ${#expected[@]}:"
        cat findings
        return 1
    fi
    for line in "${!expected[@]}"; do
        [[ ${found[line]} =~ ^"$name.img: "(segment\ [0-9]+ )?at\ [0-9]+.*${expected[line]} ]] || {
            printf 'found: %s\nnot: %s\n' "${found[line]}" "${expected[line]}"
            return 1
        }
    done
}

@test "initrds: at least 40, each once, and what the kernel does not take as it was made is found" {
    local name
    ((${#NAMES[@]} >= 40))
    [ "$(printf '%s\n' "${NAMES[@]}" | sort -u | wc -l)" = "${#NAMES[@]}" ]
    for name in "${NAMES[@]}"; do
        echo "$name"
        [[ ${KERNEL[$name]} =~ ^(takes|fails|breaks|loses)$ ]]
        [[ ${TOOLS[$name]} =~ ^(all|first|archive|early|cpio|part|none)$ ]]
        [[ ${KERNEL[$name]} == takes || -n ${FINDINGS[$name]} ]]
    done
}

@test "initrds: inspect lists what cpio -t lists of each segment, as its tool unpacks it" {
    each as_cpio_lists
}

# bats test_tags=slow
@test "initrds: inspect lists what lsinitrd lists, as far as that goes" {
    each as_lsinitrd_lists
}

@test "initrds: verify finds what is to be found in each, and nothing else" {
    each as_verify_finds
}

# The kernel takes a second for each. The whole ones alone are in root/initrd_kernel.bats.
# bats test_tags=slow
@test "initrds: the kernel refuses and loses what verify says" {
    keep_only fails breaks loses
    unpack_each
    each as_kernel_unpacks
}

@test "initrds: the kernel takes all the whole ones, one behind the other, with no complaint" {
    all_whole
    NAMES=(all)
    run -0 "$BUILDER" verify all.img
    unpack_each
    as_kernel_unpacks all
}
