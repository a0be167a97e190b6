#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# initrd-builder inspect: the segments of real tools' archives, in every order, and what they hold.

bats_require_minimum_version 1.5.0
. "$BATS_TEST_DIRNAME/../initrd.bash"

# segments FILE: "number offset size compression entries" of each, a line each.
segments() {
    "$BUILDER" inspect --json "$1" >out.json || [ $? -eq 4 ]
    jq -r '.[0].segments[] | "\(.number) \(.offset) \(.size) \(.compression) \(.entries)"' out.json
}

@test "inspect: every pair of compressions, one behind the other, with odd paddings" {
    tree a first=1 dir/second=2
    tree b third="$(seq 1 2000)"
    archive a >a.cpio
    archive b >b.cpio
    # without compression, what follows TRAILER!!! is padding
    a_ends=$(trailer_end a.cpio) b_ends=$(trailer_end b.cpio)
    for compression in $COMPRESSIONS; do
        compress "$compression" <a.cpio >"a.$compression"
        compress "$compression" <b.cpio >"b.$compression"
    done
    (
        # bats looks at each command, which takes longer than the command.
        trap - DEBUG
        for one in $COMPRESSIONS; do
            for other in $COMPRESSIONS; do
                for padding in 0 517; do
                    make_pair "$one" "$other" "$padding" "$a_ends" "$b_ends" || exit 1
                done
            done
        done
    ) >expected
    [ "$(wc -l <expected)" -eq 256 ]
    # shellcheck disable=SC2046 # names without blanks
    "$BUILDER" inspect --json $(sed -n 's/: 1 .*//p' expected) >out.json
    jq -r '.[] | .file as $file | .segments[] |
        "\($file): \(.number) \(.offset) \(.size) \(.compression) \(.entries)"' out.json | diff expected -
}

# make_pair ONE OTHER PADDING END OTHER-END: the file of both, and the lines of what is in it. The ENDs are
# where each ends that has no compression.
make_pair() {
    local pair=$1-$2-$3.img size zeros whole begins end c1=$1 c2=$2
    size=$(stat -c %s "a.$1")
    # what must begin at a multiple of four, does; lz4 ends with four zero bytes
    zeros=$(($3 + (-(size + $3) & 3)))
    [[ $1 != lz4 || $zeros -ge 4 ]] || zeros=$((zeros + 4))
    head -c $zeros /dev/zero | cat "a.$1" - "b.$2" >"$pair"
    whole=$(stat -c %s "$pair") begins=$((size + zeros))
    end=$((whole - begins))
    [[ $1 != none ]] || c1=null size=$4
    [[ $2 != none ]] || c2=null end=$5
    printf '%s\n' "$pair: 1 0 $size $c1 3" "$pair: 2 $begins $end $c2 1"
}

# Where the last entry of an archive ends: its header, and its name of 11 bytes.
trailer_end() {
    local at
    at=$(grep -abo 'TRAILER!!!' "$1" | tail -n 1)
    echo $(((${at%%:*} + 11 + 3) & ~3))
}

@test "inspect: the same entries as cpio lists, by type, mode, size, target" {
    tree x a/file=text 'a/link -> file' 'name with blank'=1 é=2
    mkfifo x/fifo
    chmod 4755 x/a/file
    ln x/a/file x/hard
    mkdir -m 1777 x/tmp
    archive x >x.cpio
    "$BUILDER" inspect --list --json x.cpio >out.json
    jq -r '.[0].segments[0].list[].path' out.json >ours
    cpio -t --quiet <x.cpio | diff - ours
    jq -r '.[0].segments[0].list[] | "\(.path) \(.type) \(.mode) \(.size) \(.target)"' out.json >ours
    grep -qx 'a/link l 511 4 file' ours
    grep -qx 'a/file - 2541 [04] null' ours
    grep -qx 'tmp d 1023 0 null' ours
    grep -qx 'fifo p 420 0 null' ours
    run -0 "$BUILDER" inspect --list x.cpio
    [[ $output == *'lrwxrwxrwx     0     0          4  a/link -> file'* ]]
    [[ $output == *'-rwsr-xr-x     0     0 '* ]]
    [[ $output == *'drwxrwxrwt     0     0          0  tmp'* ]]
}

@test "inspect: the table, and what segments are for" {
    image_tree image
    job_tree job
    tree micro kernel/x86/microcode/GenuineIntel.bin=x
    tree modules usr/lib/modules/6.1.0/x.ko=x usr/lib/modules/6.2.0/x.ko=x
    tree whole etc/os-release=x usr/lib/systemd/systemd=x 'sbin/init -> ../usr/lib/systemd/systemd'
    tree other opt/a=1 srv/b=2
    for one in micro image modules job whole other; do
        archive $one | gzip -n >>all
        size=$(stat -c %s all)
        head -c $((-size & 3)) /dev/zero >>all
    done
    "$BUILDER" inspect --json all | jq -r '.[0].segments[].purpose' >purposes
    diff purposes - <<'END'
CPU microcode
initramfs with rootovl, modules of 6.1.0
modules of 6.1.0 6.2.0
job, LKP sources
whole root
files in /opt /srv
END
    run -0 "$BUILDER" inspect all
    [ "${lines[0]}" = "all: $(stat -c %s all) bytes" ]
    [ "${#lines[@]}" -eq 8 ]
    [[ ${lines[1]} =~ ^\ +offset\ +size\ +compression\ +entries\ +unpacked\ +what\ it\ is$ ]]
    [[ ${lines[5]} =~ ^\ \ 4\ +[0-9]+\ +[0-9]+\ \ gzip\ +10\ +[0-9]+\ \ job,\ LKP\ sources$ ]]
}

@test "inspect: several archives in one segment, and one after zero bytes at the start" {
    tree a one=1
    tree b two=2
    (archive a && head -c 4096 /dev/zero && archive b) | zstd -q >both
    [ "$(segments both)" = "1 0 $(stat -c %s both) zstd 2" ]
    (head -c 4096 /dev/zero && archive a) >late
    [ "$(segments late | cut -d ' ' -f 1,2,4,5)" = '1 4096 null 1' ]
}

@test "inspect: what is damaged is in its place, and exit status 4" {
    tree a one=1
    archive a | gzip -n >good
    size=$(stat -c %s good)
    (cat good && printf rubbish) >bad
    run -4 "$BUILDER" inspect good bad good
    [[ $output == *"     ! at $size: garbage: neither an archive nor "*"7"* ]]
    [ "$(grep -c '  gzip  ' <<<"$output")" -eq 3 ]
    run -4 "$BUILDER" inspect --json bad
    [ "$(jq -r '.[0].problems[0].offset' <<<"$output")" = "$size" ]
    [[ $(jq -r '.[0].problems[0].text' <<<"$output") == garbage:* ]]
    head -c $((size - 20)) good >bad
    run -4 "$BUILDER" inspect bad
    [[ $output == *'     ! segment 1: gzip: the file ends in the middle of it'* ]]
}

@test "inspect: a name that is no UTF-8 is its bytes in JSON, and one line in the list" {
    mkdir x
    (cd x && : >$'b\xe9ta\n' && find . -mindepth 1 -print0 | cpio -0 -o -H newc --quiet >../x.cpio)
    "$BUILDER" inspect --list --json x.cpio | jq -c '.[0].segments[0].list[0].path' >ours
    [ "$(cat ours)" = '[98,233,116,97,10]' ]
    "$BUILDER" inspect --list x.cpio | head -n 1 | grep -c -F 'b\xe9ta\x0a' >ours
    [ "$(cat ours)" = 1 ]
}

@test "inspect: what an image says of its making is shown, at most 4096 bytes of it, each line as one" {
    mkdir -p in/usr/lib/rootovl/{built-from.d,none}
    printf 'one\nt\033wo\n' >in/usr/lib/rootovl/built-from
    echo other >in/usr/lib/rootovl/built-from.d/built-from
    (cd in && find . | cpio -o -H newc --quiet) >image
    run -0 "$BUILDER" inspect image
    [ "$(sed 1,3d <<<"$output")" = '     one
     t\x1bwo' ]
    "$BUILDER" inspect --json image | jq -e '.[0].segments[0].record == ["one", "t\u001bwo"]'
    head -c 100000 /dev/zero | tr '\0' x >in/usr/lib/rootovl/built-from
    (cd in && find . | cpio -o -H newc --quiet) >image
    "$BUILDER" inspect --json image | jq -e '.[0].segments[0].record | length == 1 and (.[0] | length == 4096)'
    rm in/usr/lib/rootovl/built-from
    (cd in && find . | cpio -o -H newc --quiet) >image
    "$BUILDER" inspect --json image | jq -e '.[0].segments[0].record == []'
}

@test "inspect: what cannot be read is exit status 1, wrong usage 2" {
    run -1 "$BUILDER" inspect nowhere
    [ "$output" = 'initrd-builder: nowhere: No such file or directory' ]
    run -1 "$BUILDER" inspect .
    run -2 "$BUILDER" inspect
    run -2 "$BUILDER" inspect --nonsense x
    run -0 "$BUILDER" inspect --help
    [[ ${output//$'\n'/ } == *'Exit status: 0 all is whole, 1 a file cannot be read, 2 wrong usage, 4 something is damaged.'* ]]
}

@test "inspect: --list --json of a bomb of entries ends" {
    tree in a=
    # one entry of 112 bytes, without the end of the archive
    archive in | head -c 112 >one
    for _ in $(seq 9); do cat one one one one >four && mv four one; done
    { cat one && archive in | head -c 112; } | gzip -1 >bomb.gz
    run -1 "$BUILDER" inspect --list --json bomb.gz
    [[ $output == *'bomb.gz: more than 262144 entries (without --json all are shown)' ]]
}
