# SPDX-License-Identifier: GPL-2.0-or-later
# Initrds, whole and damaged, each by its name: how it is made, what the kernel makes of it, what the
# tools that list initrds show of it, and what `initrd-builder verify` has to say. Three tests go
# through the table: of the tools, of `verify`, and of the kernel.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2016 # for those who source this; commands of the table

. "${BASH_SOURCE[0]%/*}/archives.bash"

# entry NAME MODE [CONTENT]: an entry of an archive, field by field, for what no tool would make.
# In the environment: NAME_LEN, SIZE, INO, NLINK, MAGIC in place of the right ones; MORE, behind the
# name, counts as part of it.
entry() {
    local name=$1 mode=$2 content=${3:-} len
    len=${NAME_LEN:-$((${#name} + 1))}
    printf '%s%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X' "${MAGIC:-070701}" "${INO:-0}" \
        "$((8#$mode))" 0 0 "${NLINK:-1}" 0 "${SIZE:-${#content}}" 0 0 0 0 "$len" "${SUM:-0}"
    printf '%s' "$name"
    head -c $((len > ${#name} ? len - ${#name} : 0)) /dev/zero
    head -c $((-(110 + len) & 3)) /dev/zero
    printf '%s' "$content"
    head -c $((-${#content} & 3)) /dev/zero
}
trailer() {
    entry 'TRAILER!!!' 0
}

# zeros N; text N: that many bytes. to_four FILE: what makes its length a multiple of four.
zeros() {
    head -c "$1" /dev/zero
}
text() {
    zeros "$1" | tr '\0' "${2:-x}"
}

# The archives that most cases are made of: a few files, and one large enough to be cut.
# Always the same bytes, so that a byte that is changed always does the same harm.
x() { # [FORMAT]
    [[ -e x ]] || tree x dir/file=text 'dir/link -> file' empty= ".large=$(seq 1 20000)"
    find x -exec touch -h -d @1 {} +
    archive x "$@"
}
y() {
    [[ -e y ]] || tree y other=more
    archive y
}

packed() { # COMPRESSION [COMMAND]
    "${2:-x}" | compress "$1"
}
largest() { # COMPRESSION
    case $1 in
    gzip) gzip -n9 ;;
    bzip2) bzip2 -9 ;;
    lzma) xz --format=lzma -9e ;;
    xz) xz --check=crc32 -9e ;;
    lzo) lzop -9 ;;
    lz4) lz4 -l -q -9 ;;
    zstd) zstd -q -19 ;;
    esac
}

# Filters. after: behind it, at a multiple of four, one more that is whole. to_odd: its length is none.
# cut_off N: without the last N bytes. flip PERCENT: the byte there is another one. at N BYTES: these,
# as printf takes them, there. in_front BYTES.
after() {
    tee whole
    zeros $((-$(stat -c %s whole) & 3))
    [[ -e last ]] || tree last after=it
    archive last | gzip -n
}
to_odd() {
    tee before-odd
    (($(stat -c %s before-odd) % 4)) || zeros 1
}
padded() {
    tee before-padding
    zeros $((4 + (-$(stat -c %s before-padding) & 3)))
}
cut_off() {
    head -c "-$1"
}
flip() {
    local at byte
    cat >before-flip
    at=$(($(stat -c %s before-flip) * $1 / 100))
    byte=$(od -A n -t u1 -j "$at" -N 1 before-flip)
    at "$at" "$(printf '\\x%02x' $((byte ^ 0x55)))" <before-flip
}
at() {
    cat >changed
    # shellcheck disable=SC2059 # a format is what it is
    printf "$2" | dd of=changed bs=1 seek="$1" conv=notrunc status=none
    cat changed
}
in_front() {
    # shellcheck disable=SC2059 # a format is what it is
    printf "$1"
    cat
}
gzip_flag() { # FLAG BYTES
    packed gzip >plain
    head -c 10 plain | at 3 "$1"
    tail -c +11 plain | in_front "$2"
}

# What some cases are made of.
early() {
    tree micro early_cpio=1 kernel/x86/microcode/GenuineIntel.bin=x
    archive micro
}
many_blocks() {
    tree many numbers="$(seq 1 200000)"
    archive many
}
big() {
    tree zeros small=1
    head -c 20M /dev/zero >zeros/zeros
    archive zeros
}
links() { # [FORMAT]
    tree linked a/one=text b/single=x
    ln linked/a/one linked/a/two
    ln linked/a/one linked/b/three
    archive linked "$@"
}
special() {
    entry char 020600
    entry block 060660
    entry fifo 010644
    entry socket 0140755
    entry setuid 0104755 program
    entry sticky 041777
    entry no-rights 0100000
    trailer
}

# The table, as arrays by the name of the case; NAMES is its order.
NAMES=()
declare -gA KERNEL TOOLS MADE FINDINGS
row() {
    NAMES+=("$1")
    KERNEL[$1]=$2 TOOLS[$1]=$3 MADE[$1]=$4
    FINDINGS[$1]=$(printf '%s\n' "${@:5}")
}

# Makes NAME.img of each in the current directory.
make_cases() {
    local name
    for name in "${NAMES[@]}"; do
        mkdir -p "made/$name"
        (cd "made/$name" && eval "${MADE[$name]}") >"$name.img"
    done
}

# row NAME KERNEL TOOLS COMMAND [FINDING]…
#
# KERNEL takes: all that is in it, and has no complaint
#        fails: "Initramfs unpacking failed", and reads nothing behind that
#        breaks: as fails, or it crashes: it reads on behind the end
#        loses: says nothing, but not all is there
# TOOLS  all: cpio -t and lsinitrd list what `inspect` does, in each segment
#        first: as all, but lsinitrd shows the first segment alone, for it knows no more than an
#               early archive and one other
#        archive: as first, and of that only the first archive, where both stop
#        early: as all; lsinitrd shows both, and each by itself
#        cpio: as all; lsinitrd knows no zero bytes in front of a compression, no archives with
#              checksums, and no type that is none
#        part: it is damaged: what cpio lists of it is how `inspect` begins, or the other way round;
#              lsinitrd gives what its programs do and is not asked
#        none: they cannot read it at all; or of a name they show more than the kernel takes
# FINDING  what verify's lines have, one each, in that order, as a regular expression; none: it
#          has nothing to say. What the kernel does not take as it was made, is always found.
cases() {
    local c
    # --- Whole: every compression, and the forms that each has
    row plain takes all 'x'
    for c in gzip bzip2 lzma xz lzo lz4 zstd; do
        row "$c" takes all "packed $c"
        row "$c-largest" takes all "x | largest $c"
    done
    row gzip-named takes all 'x >named; gzip -c named'
    row bzip2-blocks takes all 'many_blocks | bzip2 -1'
    row lz4-blocks takes all 'big | lz4 -l -q'
    row lzo-blocks takes all 'big | lzop'
    row xz-blocks takes all 'x | xz --check=crc32 --block-size=8192'
    row xz-no-check takes all 'x | xz --check=none'
    row xz-x86 takes all 'x | xz --check=crc32 --x86 --lzma2'
    row lzma-known-size takes all 'x >known; xz --format=lzma -c known'
    row zstd-no-check takes all 'x | zstd -q --no-check'
    row zstd-window takes all 'x | zstd -q --long=27'
    row gzip-huge takes all 'big | gzip -n'

    # --- Whole: one behind the other
    row early-and-zstd takes early 'early; packed zstd'
    row plain-plain takes first 'x; y'
    row plain-no-padding-gzip takes first 'entry a 0100644 1; trailer; packed gzip'
    row gzip-gzip takes first 'packed gzip; y | gzip -n'
    row gzip-odd-zeros-gzip takes first 'packed gzip; zeros 3; y | gzip -n'
    row gzip-page-gzip takes first 'packed gzip; zeros 4099; y | gzip -n'
    row bzip2-bzip2 takes first 'packed bzip2; y | bzip2'
    row lzma-xz takes first 'packed lzma; packed xz y'
    row xz-lzma takes first 'packed xz; packed lzma y'
    row lzo-lzo takes first 'packed lzo; packed lzo y'
    row zstd-zstd takes first 'packed zstd; packed zstd y'
    row lz4-zeros-gzip takes first 'packed lz4; zeros 4; packed gzip y'
    row lz4-lz4 takes archive 'packed lz4 >one; packed lz4 y >two; cat one two'
    row zeros-plain takes all 'zeros 512; x'
    row zeros-gzip takes cpio 'zeros 5; packed gzip'
    row seven takes first 'for c in gzip bzip2 lzma xz lzo zstd; do packed $c | padded; done; x'
    row two-archives-in-gzip takes archive '{ x; zeros 1024; y; } | gzip -n'
    row two-archives-no-trailer takes all '{ entry a 0100644 1; entry b 0100644 2; trailer; } | zstd -q'
    row trailer-is-all takes all 'trailer | gzip -n'

    # --- Whole: what may be in an archive
    row crc takes cpio 'x crc'
    row crc-xz takes all 'x crc | compress xz'
    row hard-links takes all 'links'
    row hard-links-crc takes all 'links crc | zstd -q'
    row special-files takes all 'special'
    row names takes all "tree d 'with blank'=1 é=2 ...=3 '#'=4 '*'=5; archive d"
    row names-dot takes all 'tree d a/b=1; (cd d && find . | sort | cpio -o -H newc --quiet)'
    row names-absolute takes all 'entry /abs 040755; entry /abs/file 0100644 1; trailer'
    row names-slash takes all 'entry dir/ 040755; entry dir//file 0100644 1; trailer'
    row name-padded-by-nul takes all 'NAME_LEN=37 entry file 0100644 1; trailer'
    row name-of-255 takes all 'entry $(text 255) 0100644 1; trailer'
    row link-of-4095 takes all 'entry link 0120777 $(text 4095); trailer'
    row trailer-as-link takes none '{ entry "TRAILER!!!" 0120777 x; entry a 0100644 1; trailer; } | gzip -n'
    row replaced takes all 'entry a 0100644 1; entry a 0120777 b; entry b 0100644 1; entry b 040755; trailer'

    # --- Cut off, in every compression
    for c in bzip2 lz4; do
        row "$c-cut" breaks part "packed $c | cut_off 100" "$c: the file ends in the middle of it.*; nothing behind"
    done
    for c in lzma xz lzo zstd; do
        row "$c-cut" fails part "packed $c | cut_off 100" "$c: the file ends in the middle of it.*; nothing behind"
    done
    row gzip-cut fails part 'packed gzip | cut_off 100' 'gzip: the file ends in the middle of it; nothing behind'
    row gzip-cut-trailer fails part 'packed gzip | cut_off 5 | after' 'gzip: incorrect (data|length) check; nothing behind'
    row plain-cut-header loses part '{ entry a 0100644 1; entry b 0100644 2; } | cut_off 50' 'the archive ends in the middle of a header'
    row plain-cut-content loses part 'x | head -c 60000' 'the archive ends in the middle of .large'
    row plain-cut-link loses part '{ entry link 0120777 target; } | head -c 118' 'ends in the middle of a link'
    row plain-no-trailer takes part 'entry a 0100644 1' 'no TRAILER!!!'
    row gzip-no-trailer takes part '{ entry a 0100644 1; } | gzip -n' 'no TRAILER!!!'
    row gzip-no-trailer-cut fails part '{ entry a 0100644 1 | head -c 113; } | gzip -n' 'no TRAILER!!!'
    row gzip-of-cut fails part 'x | head -c 60000 | gzip -n | after' 'the archive ends in the middle of .large'
    row gzip-split fails part 'x >both; head -c 1000 both | gzip -n; tail -c +1001 both | gzip -n' \
        'the archive ends in the middle of' 'garbage inside, at byte 0'

    # --- A byte of it changed
    for c in gzip bzip2 lzma xz zstd; do
        row "$c-flipped" fails part "packed $c | flip 50 | after" "$c: .*; nothing behind it was read"
    done
    # the kernel does not look at lzop's
    row lzo-flipped-check takes part 'packed lzo | at 49 "\x55" | after' 'lzo: .*; nothing behind'
    row lz4-flipped-length breaks part 'packed lz4 | at 4 "\xff\xff\xff\x7f" | after' \
        'lz4: .*; nothing behind'
    row xz-flipped-check fails part 'packed xz | flip 99 | after' 'xz: .*nothing behind'
    row plain-flipped-magic fails part 'x | tail -c +2 | after' 'garbage'

    # --- Garbage, and what begins where it must not
    row text-behind fails part 'x; printf "#!/bin/sh"' 'garbage: .*23 21; nothing behind'
    row text-behind-gzip fails part 'packed gzip; printf rubbish' 'garbage: .*72 75; nothing behind'
    row lz4-frame fails none 'x | lz4 -q | after' "garbage: lz4's frame format"
    row zstd-skippable fails part 'x; packed zstd | in_front "\x50\x2a\x4d\x18\x04\0\0\0abcd" | after' 'garbage: a skippable frame'
    row uboot fails none 'x | in_front "\x27\x05\x19\x56" | after' 'garbage: a header of U-Boot'
    row squashfs fails part 'x; printf "hsqs    "' 'garbage: a squashfs image'
    row plain-odd-zeros-gzip fails part 'x; zeros 3; packed gzip y' 'broken padding; nothing behind'
    row plain-at-odd fails part 'packed gzip | to_odd; x' 'does not begin at a multiple of 4.*nothing behind'
    row inside-at-odd fails part '{ x; zeros 1; y; } | gzip -n | after' 'an archive inside, at byte [0-9]+, which is no multiple'
    row inside-garbage fails part '{ x; printf junk; } | gzip -n | after' 'garbage inside, at byte'
    row odc fails none 'x odc' 'of the old format'
    row odc-gzip fails none 'x odc | gzip -n' 'of the old format'
    row bin fails none 'x bin' 'garbage'
    row lz4-then-gzip fails part 'packed lz4; packed gzip' 'lz4: .*; nothing behind'

    # --- What other programs unpack, and the kernel does not
    row xz-crc64 fails part 'x | xz | after' 'no other check in xz than CRC32'
    row xz-sha256 fails part 'x | xz --check=sha256 | after' 'no other check in xz than CRC32'
    row xz-delta fails part 'x | xz --check=crc32 --delta --lzma2 | after' 'filter'
    row xz-bcj-offset fails part 'x | xz --check=crc32 --x86=start=4096 --lzma2 | after' 'filter'
    row gzip-extra fails part 'gzip_flag "\x04" "\x04\0abcd" | after' 'extra fields of its gzip header'
    row gzip-comment fails part 'gzip_flag "\x10" "abc\0" | after' 'extra fields of its gzip header'
    row gzip-header-crc fails part 'gzip_flag "\x02" "\x00\x00" | after' \
        'extra fields of its gzip header' 'gzip: header crc mismatch; nothing behind'
    row zstd-window-too-large fails part 'x | zstd -q --ultra --long=30' 'zstd: Frame requires too much memory'
    row lzo-no-check fails part 'x | lzop --no-checksum | after' 'lzo: .*'
    row lzo-crc takes all 'x | lzop --crc32'

    # --- What an archive says, and the kernel leaves out or stops at
    row checksum-wrong fails part '{ SUM=5 MAGIC=070702 entry a 0100644 1; trailer; } | after' 'do not have the checksum'
    row name-without-end fails part '{ NAME_LEN=2 entry ab 0100644 1; trailer; } | after' 'a name that does not end where it should'
    row name-of-nothing loses none '{ NAME_LEN=0 entry "" 0100644 ""; entry b 0100644 1; trailer; } | after' 'it has no name'
    row numbers-wrong takes none '{ x | sed "1s/^070701......../070701nonsense/"; } | after' 'a header whose numbers are none'
    row no-directory loses all 'entry no/file 0100644 1; entry b 0100644 1; trailer' '/no/file: no archive has made the directory /no:'
    row no-type loses cpio 'entry a 0644 ""; entry b 0100644 1; trailer' '/a: it is of no type'
    row name-of-256 loses all 'entry $(text 256) 0100644 1; trailer' 'a part of its name is longer'
    row name-of-5000 loses none 'entry $(text 5000) 0100644 1; trailer' 'its name is longer than the kernel takes'
    row link-of-4096 loses all 'entry link 0120777 $(text 4096); trailer' 'its target is longer than the kernel takes'
    row link-of-5000 loses all 'entry link 0120777 $(text 5000); trailer' 'its target is longer than the kernel takes'
    row directory-with-contents loses all 'entry dir 040755 text; entry b 0100644 1; trailer' '/dir: it has contents, and is no file'
    row on-a-full-directory loses all 'entry d 040755; entry d/a 0100644 1; entry d 0100644 1; trailer' '/d: a directory that is not empty stands there'
    row on-the-root loses all 'entry . 0100644 1; trailer' '/: a directory that is not empty'
    row file-with-a-slash loses all 'entry a/ 0100644 1; trailer' '/a: .*no directory'
    row through-a-file loses all 'entry a 0100644 1; entry a/b 0100644 1; trailer' '/a/b: no archive has made the directory'
    row nothing-in-gzip takes none 'gzip -n </dev/null' 'nothing is in it'
}
cases
