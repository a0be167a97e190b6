#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What rootovl-verity refuses before the kernel is asked for a device: each lie by a line of its own. Whole
# images are opened in tests/root/verity.

bats_require_minimum_version 1.5.0

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    PROGRAMS=$(realpath "${PROGRAMS:-$BATS_TEST_DIRNAME/../../../build/asan}")
    export PROGRAMS
    mkdir -p root/etc
    echo ID=test >root/etc/os-release
    head -c 3000000 /dev/urandom >root/file
    "$PROGRAMS/initrd-builder" image root -o whole.erofs --verity >said
    sed -n 's/^rootovl.verity=//p' said >hash.txt
    "$PROGRAMS/initrd-builder" image root -o plain.squashfs
}

setup() {
    VERITY=$PROGRAMS/rootovl-verity
    HASH=$(<"$BATS_FILE_TMPDIR/hash.txt")
    cd "$BATS_TEST_TMPDIR" || return 1
    cp "$BATS_FILE_TMPDIR/whole.erofs" image
    # 4 KiB blocks of data, by erofs's superblock
    BLOCKS=$(od -A n -t u4 -j 1060 -N 4 image | tr -d ' ')
    TREE=$((BLOCKS * 4096))
}

# put OFFSET BYTES: writes them there, as printf(1) takes them.
put() {
    # shellcheck disable=SC2059 # it is a format
    printf "$2" | dd of=image bs=1 seek="$1" conv=notrunc status=none
}

# refused CODE WHAT HINT
refused() {
    run -1 "$VERITY" open image "$HASH"
    echo "$output"
    # shellcheck disable=SC2053 # they are patterns
    [[ ${lines[0]} == "failed $1" && ${lines[1]} == $2 && ${lines[2]} == $3 ]]
}

# shellcheck disable=SC2016 # not for the shell
made_by='make it by `initrd-builder image --verity`'
other='the superblock of its hash tree has another'

@test "verity: the root hash of another image" {
    HASH=${HASH:1}0
    refused 74 'its root hash is not that of rootovl.verity=' 'was it made again? *'
    run -2 "$VERITY" open image "${HASH:1}"
    [[ $output == *'HASH: 64 hexadecimal digits'* ]]
}

@test "verity: a topmost block that was changed is another root hash" {
    put $((TREE + 4096 + 100)) 'changed'
    refused 74 'its root hash is not that of rootovl.verity=' '*; else it was changed'
}

@test "verity: a tree that is cut off, and no tree" {
    size=$(stat -c %s image)
    truncate -s -4096 image
    refused 22 "its hash tree is cut off: $((size - 4096)) of $size bytes are there" 'was it copied whole?'
    truncate -s "$TREE" image
    refused 22 'no hash tree behind its file system' "$made_by"
    # as on a disk that is larger than the image
    truncate -s "$size" image
    refused 22 "no superblock of a hash tree behind its file system, at byte $TREE" "$made_by"
}

@test "verity: a malformed superblock" {
    put "$TREE" 'veritas'
    refused 22 'no superblock of a hash tree *' "$made_by"
}

@test "verity: a superblock that lies about the number of blocks, so that another level would be data" {
    for blocks in '\x01\x00' '\x06\x00' '\xff\xff'; do
        put $((TREE + 72)) "$blocks"
        refused 22 "$other number of blocks than an image of its size" "$made_by"
    done
}

@test "verity: a superblock with another salt, type, algorithm, size of blocks" {
    local row
    for row in '88 \x01 salt' '80 \x10 salt' '12 \x00 type' '32 sha512 hash?algorithm' \
        '64 \x00\x04 size?of?blocks' '68 \x00\x02 size?of?blocks'; do
        read -r at bytes what <<<"$row"
        cp "$BATS_FILE_TMPDIR/whole.erofs" image
        put $((TREE + at)) "${bytes//\\/\\}"
        refused 22 "$other $what than an image of its size" "$made_by"
    done
}

@test "verity: a file system that lies about its size: the salt is of the size" {
    # a whole superblock, of so many blocks as the file system says, one block further on
    put 1060 "\\x$(printf %x $(((BLOCKS + 1) & 255)))"
    dd if=image of=image bs=4096 skip="$BLOCKS" seek=$((BLOCKS + 1)) count=1 conv=notrunc status=none
    truncate -s +40960 image
    refused 22 "$other number of blocks than an image of its size" "$made_by"
    put $(((BLOCKS + 1) * 4096 + 72)) "\\x$(printf %x $(((BLOCKS + 1) & 255)))"
    refused 22 "$other salt than an image of its size" "$made_by"
    # as large as the field can say
    put 1036 '\x10'
    put 1060 '\xff\xff\xff\xff'
    refused 22 'no hash tree behind its file system' "$made_by"
    put 1060 '\x00\x00\x00\x00'
    refused 22 'no erofs and no squashfs on it that has a hash tree' "$made_by"
}

@test "verity: images without a tree, other file systems, nothing at all" {
    cp "$BATS_FILE_TMPDIR/plain.squashfs" image
    refused 22 'no hash tree behind its file system' "$made_by"
    put 40 '\xff\xff\xff\xff\xff\xff\xff\xff'
    refused 22 'no erofs and no squashfs on it that has a hash tree' "$made_by"
    head -c 1000000 /dev/urandom >image
    refused 22 'no erofs and no squashfs on it that has a hash tree' "$made_by"
    : >image
    refused 22 'no erofs and no squashfs on it that has a hash tree' "$made_by"
    rm image
    refused 2 'image: No such file or directory' ''
}
