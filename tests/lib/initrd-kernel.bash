# SPDX-License-Identifier: GPL-2.0-or-later
# What a kernel has made of the cases of initrd-cases.bash (NAME.out, as guest/unpacked.c says it), beside
# what `inspect` and `verify` say of them (NAME.img).
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # the table's; for those who source this

UNPACKED=$(realpath "${BASH_SOURCE[0]%/*}/../..")/build/tests/lib/guest/unpacked

# each FUNCTION: for every case, and says which did not come out as they should.
each() {
    local name wrong=()
    for name in "${NAMES[@]}"; do
        "$1" "$name" >said 2>&1 || {
            wrong+=("$name")
            head -n 12 said | cut -c 1-300 | sed "s/^/$name: /"
        }
    done
    echo "${#NAMES[@]} cases; wrong: ${wrong[*]-}"
    ((${#wrong[@]} == 0))
}

# keep_only KERNEL…: of the table.
keep_only() {
    local name kept=()
    for name in "${NAMES[@]}"; do
        [[ " $* " != *" ${KERNEL[$name]} "* ]] || kept+=("$name")
    done
    NAMES=("${kept[@]}")
}

# The whole ones, one behind the other, are one more case, all.img.
all_whole() {
    local name
    for name in "${NAMES[@]}"; do
        # those with names of their own may stand in the way of one another, and zero bytes in theirs
        [[ ${KERNEL[$name]} == takes && -z ${FINDINGS[$name]} ]] || continue
        [[ ! ${MADE[$name]} =~ entry|tree|links|special|^zeros ]] || continue
        cat "$name.img"
        zeros $((4 + (-$(stat -c %s "$name.img") & 3)))
    done >all.img
    TOOLS[all]=none KERNEL[all]=takes
}

# NAME.out for each. Those that break the kernel come to no end, which as_kernel_unpacks tells.
unpack_each() {
    [[ $(uname -m) =~ 86 ]] || skip 'Debian has user-mode-linux for amd64 and i386 only'
    printf '%s\n' "${NAMES[@]}" >names
    xargs -a names -P "$(nproc)" -I {} "$LIB/unpack-by-kernel" "$UNPACKED" {}.img {}.out 2>/dev/null || [ $? -eq 123 ]
}

# inspected NAME: the list of it, in NAME.json.
inspected() {
    "$BUILDER" inspect --list --json "$1.img" >"$1.json" || [ $? -eq 4 ]
}

# The paths that verify says the kernel leaves out.
left_out() {
    sed -nE 's/^[^:]*: [^:]*: (\/[^:]*): .*the kernel leaves this out$/\1/p' findings
}

# What the kernel must have by the list, and what it has: "path type mode size target" of each. The last
# of a name counts. Of a file with more names than one the size is that of one of its entries.
made() {
    jq -r '.[0].segments[].list[] | [.path, .type, .mode, .size, .target // ""] | @tsv' "$1.json" | awk -F '\t' '
        { path = "/" $1; while (gsub(/\/\.?\//, "/", path)); sub(/\/\.?$/, "", path) }
        path == "" { next }
        { line[path] = path "\t" $2 "\t" sprintf("%o", $3) "\t" ($2 == "-" || $2 == "l" ? $4 : 0) "\t" $5 }
        END { for (path in line) print line[path] }' | sed -E 's/(\tl\t)[0-7]+/\1777/'
}
has() {
    sed -n '/^--- files$/,/^---$/{/^---/!p}' "$1.out" |
        awk -F '\t' '$5 !~ "^(/|/init|/root|/dev|/dev/console)$" {
            print $5 "\t" $1 "\t" $2 "\t" ($1 == "-" && $4 > 1 ? "*" : $3) "\t" $6 }'
}

# The names that verify says are left out are not there as they were made, and all others are.
as_made() {
    left_out | sort >out
    made "$1" | sort >wanted
    has "$1" | sort >found
    if [[ -s out ]] && grep -Fxf <(grep -Ff <(sed 's/$/\t/' out) wanted) found; then
        echo 'these are there, and verify says that they are left out'
        return 1
    fi
    for file in wanted found; do
        awk -F '\t' 'FNR == NR { out[$0] = 1; next } !($1 in out)' out "$file" >"$file.rest"
    done
    # of hard links the kernel's size is not looked at
    awk -F '\t' -v OFS='\t' 'FNR == NR { if ($4 == "*") many[$1] = 1; next } $1 in many { $4 = "*" } { print }' \
        found wanted.rest | diff - found.rest
}

# Nothing that is not in the list.
nothing_else() {
    comm -13 <(made "$1" | cut -f 1 | sort) <(has "$1" | cut -f 1 | sort) >unlisted
    cat unlisted
    [[ ! -s unlisted ]]
}

as_kernel_unpacks() {
    local name=$1 failed
    inspected "$name"
    "$BUILDER" verify "$name.img" >findings || [ $? -eq 4 ] || return 1
    if ! grep -qx 'done=yes' "$name.out"; then
        echo 'the kernel did not come to its end'
        [[ ${KERNEL[$name]} == breaks ]]
        return
    fi
    failed=$(sed -n 's/^failed=//p' "$name.out")
    echo "kernel: ${failed:-no complaint}"
    case ${KERNEL[$name]} in
    fails | breaks) [[ -n $failed ]] || return 1 ;;
    *) [[ -z $failed ]] || return 1 ;;
    esac
    if [[ ${KERNEL[$name]} == fails ]] && has "$name" | grep "^/after$(printf '\t')"; then
        return 1
    fi
    if [[ ${KERNEL[$name]} == takes ]] && ! grep -q 'nothing behind it was read' findings; then
        as_made "$name"
    elif [[ ${KERNEL[$name]} == loses && -n $(left_out) ]]; then
        as_made "$name"
    elif [[ ${KERNEL[$name]} != takes ]]; then
        nothing_else "$name"
    fi
}
