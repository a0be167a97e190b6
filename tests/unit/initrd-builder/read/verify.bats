#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# initrd-builder verify: every rule finds its fault, in exactly one line, and nothing else does.

bats_require_minimum_version 1.5.0
. "$BATS_TEST_DIRNAME/../initrd.bash"

# An image in image.img, to which each test adds.
image() {
    image_tree image
    initrd image.img image
}

@test "verify: an image, modules, LKP's sources, a job, in any compression: nothing to find" {
    image_tree image
    job_tree job
    tree modules usr/lib/modules/6.1.0/kernel/fs/x.ko='x'
    for compression in $COMPRESSIONS; do
        archive image | compress "$compression" >image.img
        archive modules | compress "$compression" >modules.cgz
        archive job | compress "$compression" >job.cgz
        args='image.img modules.cgz job.cgz' finds_nothing
    done
}

@test "verify: files that pass through the links of usrmerge, and the same library again, are fine" {
    image
    tree more usr/lib/libc.so.6=library usr/lib/libnew.so.1=new
    initrd more.cgz more
    mkdir through
    (cd through && mkdir lib && echo x >lib/libother.so && echo lib/libother.so |
        cpio -o -H newc --quiet >../through.cpio)
    args='image.img more.cgz through.cpio' finds_nothing
}

@test "verify: what is cut off" {
    image_tree image
    for compression in gzip bzip2 lzma xz lzo zstd; do
        archive image | compress "$compression" >whole
        head -c 200 whole >short
        args=short finds "short: segment 1 at 0 ($compression): $compression: the file ends in the middle of it; nothing behind it was read"
    done
    archive image >whole
    head -c 300 whole >short
    args=short finds 'short: segment 1 at 0 (uncompressed): the archive ends in the middle of a header; nothing behind it was read'
    # lz4 has no end: what is missing is that of the archive
    head -c 65536 /dev/urandom >image/random
    archive image | lz4 -l -q >whole
    head -c 300 whole >short
    args=short finds 'short: segment 1 at 0 (lz4): lz4: the file ends in the middle of it, or no four zero bytes stand behind it; nothing behind it was read'
}

@test "verify: an archive that ends between two entries" {
    tree x a=1
    archive x | head -c 116 >short
    args=short finds "short: segment 1 at 0 (uncompressed): no TRAILER!!! at the archive's end: was it cut off?"
    gzip -n short
    args=short.gz finds "short.gz: segment 1 at 0 (gzip): no TRAILER!!! at the archive's end: was it cut off?"
}

# damage FILE OFFSET: one byte of it becomes another.
damage() {
    local byte
    byte=$(od -An -tu1 -j "$2" -N 1 "$1")
    # shellcheck disable=SC2059 # made here
    printf "\\x$(printf %02x $((byte ^ 0x55)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

@test "verify: what is corrupt, by any compression's own means" {
    tree x a="$(seq 1 3000)"
    for compression in gzip bzip2 lzma xz lzo zstd; do
        archive x | compress "$compression" >bad
        damage bad "$(($(stat -c %s bad) / 2))"
        run "$BUILDER" verify bad
        echo "$compression: $output"
        [ "$status" -eq 4 ]
        [[ $output == "bad: segment 1 at 0 ($compression): "* ]]
    done
    archive x | gzip -n >bad
    damage bad $(($(stat -c %s bad) - 6)) # the CRC
    args=bad finds 'bad: segment 1 at 0 (gzip): gzip: incorrect data check; nothing behind it was read'
}

@test "verify: after a damaged archive in a whole compression the next segment is looked at" {
    tree x a=1
    (echo 070701nonsense && head -c 200 /dev/zero | tr '\0' x) | gzip -n >bad
    size=$(stat -c %s bad)
    printf garbage >>bad
    args=bad finds 'bad: segment 1 at 0 (gzip): a header whose numbers are none' \
        "bad: at $size: garbage: neither an archive nor a compression that the kernel knows begins with 67 61; nothing behind it was read"
}

@test "verify: wrong checksums of cpio -H crc, and that old kernels do not know them" {
    tree x a=12345678
    archive x crc >good
    args=good finds_nothing
    sed s/12345678/12345679/ good >bad
    args=bad finds 'bad: segment 1 at 0 (uncompressed): a: its contents do not have the checksum it says; nothing behind it was read'
    tree root lib/modules/5.10.0/modules.builtin='' boot/config-5.10.0=CONFIG_BLK_DEV_INITRD=y
    args='--rootfs root good' finds \
        'good: segment 1 at 0 (uncompressed): an archive with checksums (cpio -H crc), which Linux 5.10.0 does not know'
}

@test "verify: garbage between segments, told by what it is" {
    tree x a=1
    archive x >good
    (cat good && printf '#!/bin/sh') >bad
    args=bad finds 'bad: at 512: garbage: neither an archive nor a compression that the kernel knows begins with 23 21; nothing behind it was read'
    (cat good && lz4 -q <good) >bad
    args=bad finds "bad: at 512: garbage: lz4's frame format: the kernel wants the legacy one, lz4 -l; nothing behind it was read"
    (cat good && printf '\x50\x2a\x4d\x18\x04\0\0\0abcd') >bad
    args=bad finds 'bad: at 512: garbage: a skippable frame of zstd, as pzstd makes them; nothing behind it was read'
    (printf '\x27\x05\x19\x56' && cat good) >bad
    args=bad finds 'bad: at 0: garbage: a header of U-Boot: its boot command takes that away; nothing behind it was read'
    (cat good && printf 'x') | gzip -n >bad
    args=bad finds 'bad: segment 1 at 0 (gzip): garbage inside, at byte 512 of it'
    : >bad
    args=bad finds 'bad: at 0: nothing is in the file; nothing behind it was read'
}

@test "verify: an archive at no multiple of four, and inside of a compression" {
    size=0 name=a
    while ((size % 4 == 0)); do
        name+=b
        tree x $name=1
        archive x >good
        size=$(gzip -n <good | wc -c)
    done
    (gzip -n <good && cat good) >bad
    args=bad finds "bad: segment 2 at $size (uncompressed): an archive that does not begin at a multiple of 4: the kernel takes it for garbage; nothing behind it was read"
    size=$(stat -c %s good)
    (cat good && printf '\0' && cat good) | gzip -n >bad
    args=bad finds "bad: segment 1 at 0 (gzip): an archive inside, at byte $((size + 1)), which is no multiple of 4"
}

@test "verify: lz4 with neither its end nor zero bytes behind it" {
    tree x a=1
    archive x >good
    (lz4 -l -q <good && gzip -n <good) >bad
    args=bad finds 'bad: segment 1 at 0 (lz4): lz4: the file ends in the middle of it, or no four zero bytes stand behind it; nothing behind it was read'
    (lz4 -l -q <good && cat good) >bad
    args=bad finds 'bad: segment 1 at 0 (lz4): lz4: neither a block, nor four zero bytes, nor the end; nothing behind it was read'
    (lz4 -l -q <good && head -c 4 /dev/zero && gzip -n <good) >good.img
    args=good.img finds_nothing
    (lz4 -l -q <good && lz4 -l -q <good && printf '\0\0') >good.img
    args=good.img finds_nothing
}

@test "verify: an archive that is spread over two members of gzip, which the kernel takes one by one" {
    tree x a="$(seq 1 500)"
    archive x >whole
    (head -c 1000 whole | gzip -n && tail -c +1001 whole | gzip -n) >bad
    size=$(head -c 1000 whole | gzip -n | wc -c)
    run "$BUILDER" verify bad
    [ "$status" -eq 4 ]
    [ "${lines[0]}" = 'bad: segment 1 at 0 (gzip): the archive ends in the middle of a' ]
    [[ ${lines[1]} == "bad: segment 2 at $size (gzip): garbage inside, at byte 0 of it" ]]
}

@test "verify: what the kernel's decompressors do not take although others do" {
    tree x a=1
    archive x | xz >bad
    args=bad finds 'bad: segment 1 at 0 (xz): the kernel knows no other check in xz than CRC32 (xz --check=crc32)'
    # FEXTRA, as bgzip writes it
    (printf '\x1f\x8b\x08\x04\0\0\0\0\0\xff\x04\0abcd' && archive x | gzip -n | tail -c +11) >bad
    args=bad finds 'bad: segment 1 at 0 (gzip): the kernel does not skip the extra fields of its gzip header'
    archive x | zstd -q --ultra --long=30 >bad # a frame whose window is 1 GiB, for its size is not known
    run "$BUILDER" verify bad
    [ "$output" = 'bad: segment 1 at 0 (zstd): zstd: Frame requires too much memory for decoding; nothing behind it was read' ]
    archive x odc | gzip -n >bad
    args=bad finds 'bad: segment 1 at 0 (gzip): a cpio archive of the old format (make it with cpio -H newc)'
    gzip -n </dev/null >bad
    args=bad finds 'bad: segment 1 at 0 (gzip): nothing is in it'
}

@test "verify: a compression that the kernel lacks, by its configuration or the root's" {
    tree x a=1
    archive x | zstd -q >x.zst
    archive x | xz --check=crc32 >x.xz
    tree root boot/config-6.1.0=$'CONFIG_BLK_DEV_INITRD=y\n# CONFIG_RD_ZSTD is not set\nCONFIG_RD_XZ=y\n' \
        usr/lib/modules/6.1.0/modules.builtin='' 'lib -> usr/lib'
    args='--rootfs root x.xz x.zst' finds 'x.zst: segment 1 at 0 (zstd): the kernel lacks zstd: no CONFIG_RD_ZSTD in 6.1.0'
    args='--kernel-config root/boot/config-6.1.0 x.xz x.zst' finds \
        'x.zst: segment 1 at 0 (zstd): the kernel lacks zstd: no CONFIG_RD_ZSTD in root/boot/config-6.1.0'
    echo CONFIG_RD_ZSTD=y >config
    args='--kernel-config config --rootfs root x.zst' finds \
        'x.zst: segment 1 at 0 (zstd): the kernel takes no initrd: no CONFIG_BLK_DEV_INITRD in config'
    echo CONFIG_BLK_DEV_INITRD=y >>config
    args='--kernel-config config --rootfs root x.zst' finds_nothing
    mv root/boot root/usr/lib/modules/6.1.0/nowhere
    run -0 "$BUILDER" verify --rootfs root x.zst
    [ "$output" = 'initrd-builder: warning: root: no configuration of its kernel: compressions are not checked (give --kernel-config)' ]
}

@test "verify: a real /lib, /bin or /sbin behind an image with links" {
    image
    for name in lib bin sbin; do
        rm -rf more
        tree more "$name/file=x"
        initrd more.cgz more
        args='image.img more.cgz' finds \
            "more.cgz: segment 1 at 0 (gzip): /$name: this directory replaces the link to usr/$name: what it led to is out of reach by this name"
    done
    args='more.cgz image.img' finds \
        'image.img: segment 1 at 0 (gzip): /sbin: a directory that is not empty stands there: the kernel leaves this out'
}

@test "verify: what replaces the image's own systemd, helper, libraries, programs, by any name" {
    image
    tree more usr/lib/systemd/systemd=other usr/lib/libc.so.6=other usr/bin/rootovl=other init=other
    initrd more.cgz more
    in='more.cgz: segment 1 at 0 (gzip)'
    args='image.img more.cgz' finds \
        "$in: /init: this replaces the image's own, and is not the same" \
        "$in: /usr/bin/rootovl: this replaces the image's own, and is not the same" \
        "$in: /usr/lib/libc.so.6: this replaces the image's own, and is not the same" \
        "$in: /usr/lib/systemd/systemd: this replaces the image's own, and is not the same"
    rm more/init
    initrd more.cgz more
    args='more.cgz image.img' finds_nothing # the image's own wins
    mkdir through
    (cd through && mkdir lib && printf different >lib/libc.so.6 && echo ./lib/libc.so.6 |
        cpio -o -H newc --quiet | xz --check=crc32 >../through.xz)
    args='image.img through.xz' finds \
        "through.xz: segment 1 at 0 (xz): /usr/lib/libc.so.6: this replaces the image's own, and is not the same"
    tree link 'usr/lib/libc.so.6 -> /nowhere'
    initrd link.cgz link
    args='image.img link.cgz' finds \
        "link.cgz: segment 1 at 0 (gzip): /usr/lib/libc.so.6: this replaces the image's own, and is not the same"
}

@test "verify: a package with the libcrypto that the image has a stub of is fine, and no other one" {
    local dir=usr/lib/x86_64-linux-gnu
    tree image $dir/libcrypto.so.3=stub
    printf 'the real one' | gzip -c | tail -c 8 | od -A n -t u4 >note
    image
    mkdir -p image/usr/lib/rootovl
    cp note image/usr/lib/rootovl/libcrypto
    initrd image.img image
    tree more $dir/libcrypto.so.3='the real one'
    initrd more.cgz more
    args='image.img more.cgz' finds_nothing
    tree other $dir/libcrypto.so.3='the real 1ne'
    initrd other.cgz other
    args='image.img other.cgz' finds \
        "other.cgz: segment 1 at 0 (gzip): /$dir/libcrypto.so.3: this replaces the image's own, and is not the same"
    # Nor does a payload say what the image has.
    printf 'the real 1ne' | gzip -c | tail -c 8 | od -A n -t u4 >other/usr/lib/libcrypto
    mkdir -p other/usr/lib/rootovl
    mv other/usr/lib/libcrypto other/usr/lib/rootovl/
    initrd other.cgz other
    args='image.img other.cgz' finds \
        "other.cgz: segment 1 at 0 (gzip): /usr/lib/rootovl/libcrypto: this replaces the image's own, and is not the same" \
        "other.cgz: segment 1 at 0 (gzip): /$dir/libcrypto.so.3: this replaces the image's own, and is not the same"
}

@test "verify: a unit in /etc that takes the place of the image's own; another one is fine" {
    image
    tree more 'etc/systemd/system/rootovl.service -> /dev/null' etc/systemd/system/other.service=x
    initrd more.cgz more
    args='image.img more.cgz' finds \
        "more.cgz: segment 1 at 0 (gzip): /etc/systemd/system/rootovl.service: this takes the place of the image's own unit /usr/lib/systemd/system/rootovl.service"
}

@test "verify: a job without job.yaml or job.sh, only where a job is expected" {
    image
    tree src lkp/lkp/src/bin/run-lkp=''
    initrd src.cgz src
    args=src.cgz finds_nothing
    args=image.img finds_nothing
    args='image.img src.cgz' finds \
        'src.cgz: segment 1 at 0 (gzip): /lkp/scheduled/job.yaml: missing, although there is more of LKP' \
        'src.cgz: segment 1 at 0 (gzip): /lkp/scheduled/job.sh: missing, although there is more of LKP'
    tree job lkp/scheduled/job.sh='#!/bin/sh'
    chmod 755 job/lkp/scheduled/job.sh
    initrd job.cgz job
    args=job.cgz finds 'job.cgz: segment 1 at 0 (gzip): /lkp/scheduled/job.yaml: missing, although there is more of LKP'
}

@test "verify: names that lead out" {
    mkdir -p x/y
    : >x/file
    (cd x/y && printf '%s\n' ../file | cpio -o -H newc --quiet >../../bad)
    args=bad finds 'bad: segment 1 at 0 (uncompressed): /../file: a name with "..": it leads out of its directory'
    tree good ..a/..=x ..b...=x 2>/dev/null || tree good ..a/x=x ..b...=x
    initrd good.cgz good
    args=good.cgz finds_nothing
}

@test "verify: a name with control characters is told in one line" {
    tree x $'a\nb/c=x'
    (cd x && printf '%s\0' $'a\nb/c' | cpio -0 -o -H newc --quiet) >bad
    args=bad finds 'bad: segment 1 at 0 (uncompressed): /a\x0ab/c: no archive has made the directory /a\x0ab: the kernel leaves this out'
}

@test "verify: modules of another kernel, than the image's or the root's" {
    image
    tree more usr/lib/modules/6.6.6/x.ko=x
    initrd more.cgz more
    args='image.img more.cgz' finds \
        'more.cgz: segment 1 at 0 (gzip): /usr/lib/modules/6.6.6: modules of another kernel: the image has 6.1.0'
    args=more.cgz finds_nothing
    tree root lib/modules/6.6.6/modules.builtin='' boot/config-6.6.6=$'CONFIG_BLK_DEV_INITRD=y\nCONFIG_RD_GZIP=y'
    args='--rootfs root more.cgz' finds_nothing
    args='--rootfs root image.img more.cgz' finds \
        'image.img: segment 1 at 0 (gzip): /usr/lib/modules/6.1.0: modules of another kernel: the root has 6.6.6'
    # the halves of an image: one without, one with modules
    rm -r image/usr/lib/modules
    initrd half.img image
    args='half.img more.cgz' finds_nothing
}

@test "verify: what the kernel leaves out for want of a directory is told once for each" {
    mkdir -p x/a/b
    : >x/a/b/1 && : >x/a/b/2 && : >x/top
    (cd x && printf '%s\n' a/b/1 a/b/2 top | cpio -o -H newc --quiet) >bad
    args=bad finds 'bad: segment 1 at 0 (uncompressed): /a/b/1: no archive has made the directory /a/b: the kernel leaves this out'
    # microcode is found before anything is unpacked
    mkdir -p x/kernel/x86/microcode && : >x/kernel/x86/microcode/GenuineIntel.bin
    (cd x && echo kernel/x86/microcode/GenuineIntel.bin | cpio -o -H newc --quiet) >early
    args=early finds_nothing
}

@test "verify: what the kernel leaves out for its length" {
    name=$(printf '%4090s' '' | sed 's/ \{200\}/&\//g; s/ /a/g')
    header() { printf 070701; printf %08X 1 "$1" 0 0 1 0 "$2" 0 0 0 0 "$3" 0; }
    {
        header 0100644 0 4200
        printf '%4200s' x | tr ' x' 'a\0'
        head -c 2 /dev/zero
        header 040755 4 2
        printf 'd\0abcd'
        header 0120777 5000 2
        printf 'l\0'
        printf '%5000s' '' | tr ' ' x
        header 0100644 0 11
        printf 'TRAILER!!!\0\0\0\0'
    } >bad
    args=bad run "$BUILDER" verify bad
    [ "$status" -eq 4 ]
    [ "${#lines[@]}" -eq 3 ]
    [[ ${lines[0]} == 'bad: segment 1 at 0 (uncompressed): /aaa'*': its name is longer than the kernel takes: the kernel leaves this out' ]]
    [ "${lines[1]}" = 'bad: segment 1 at 0 (uncompressed): /d: it has contents, and is no file: the kernel leaves this out' ]
    [ "${lines[2]}" = 'bad: segment 1 at 0 (uncompressed): /l: its target is longer than the kernel takes: the kernel leaves this out' ]
}

@test "verify: more memory than there is, and a bomb" {
    mkdir x
    head -c 3M /dev/zero >x/zeros
    initrd x.cgz x
    args='--memory 16M x.cgz' finds_nothing
    args='--memory 2M x.cgz' finds \
        'x.cgz: segment 1 at 0 (gzip): all files take 4 MiB of memory while they are unpacked (1 MiB packed, 4 MiB unpacked), more than 2 MiB'
    head -c 2G /dev/zero | zstd -q -1 >x.zst
    args='--memory 2M x.zst' finds \
        'x.zst: segment 1 at 0 (zstd): it unpacks to more than is allowed: not read on; nothing behind it was read'
}

@test "verify: what cannot be read is exit status 1, wrong usage 2" {
    image
    run -1 "$BUILDER" verify image.img nowhere
    [ "$output" = 'initrd-builder: nowhere: No such file or directory' ]
    run -1 "$BUILDER" verify .
    run -1 "$BUILDER" verify --kernel-config image.img image.img
    run -1 "$BUILDER" verify --rootfs nowhere image.img
    run -2 "$BUILDER" verify
    run -2 "$BUILDER" verify --memory x image.img
    run -2 "$BUILDER" verify --memory 99999999T image.img
    run -2 "$BUILDER" verify --nonsense image.img
    run -0 "$BUILDER" verify --help
}

# many FILE TIMES: what is in it, 4^TIMES times.
many() {
    for _ in $(seq "$2"); do cat "$1" "$1" "$1" "$1" >four && mv four "$1"; done
}

# bats test_tags=slow
@test "verify: limits of segments, entries and names are findings, too" {
    # shellcheck source=tests/lib/initrd-cases.bash
    . "$BATS_TEST_DIRNAME/../../../lib/initrd-cases.bash"
    { entry a 0100644 1 && trailer; } | gzip -n >bad
    size=$(stat -c %s bad)
    many bad 7
    args=bad finds "bad: at $((size * 10000)): too many segments: not read on; nothing behind it was read"
    entry a 0100644 >one
    many one 11
    gzip -n <one >bad
    args=bad finds 'bad: segment 1 at 0 (gzip): too many entries: not read on; nothing behind it was read'
    entry link 0120777 "$(text 4095)" >one
    entry link 0120777 "$(text 4095)" >two
    many one 8
    many two 3
    { cat one two && entry other 0100644 && trailer; } | gzip -n >bad
    args=bad finds 'bad: segment 1 at 0 (gzip): too many names: not read on'
}

@test "verify: an archive whose links never end ends soon" {
    endless_links 20000 | zstd -q >bad
    (($(stat -c %s bad) < 100000))
    ulimit -t 40 # of processor time: all of it takes ten minutes and more
    args=bad finds 'bad: segment 1 at 0 (zstd): following its names and links takes too many steps: not read on'
}

@test "verify: SIGTERM ends it while it looks at a file" {
    mkfifo pipe
    "$BUILDER" verify pipe >said 2>&1 3>&- &
    pid=$! status=0
    exec {writer}>pipe
    kill -TERM "$pid"
    wait "$pid" || status=$?
    [ "$status" -eq 143 ]
    exec {writer}>&-
    grep -q interrupted said
}

@test "verify, inspect: the first 20 findings are shown, and the others counted" {
    # shellcheck source=tests/lib/initrd-cases.bash
    . "$BATS_TEST_DIRNAME/../../../lib/initrd-cases.bash"
    entry ../a 0100644 >one
    many one 5
    { cat one && trailer; } | gzip -n >bad
    run -4 "$BUILDER" verify bad
    [ "${#lines[@]}" -eq 21 ]
    [ "${lines[20]}" = 'and 1004 more' ]
    { entry a 0100644 && trailer; } >archive
    for _ in {1..30}; do zstd -qc archive && head -c 3 archive | gzip -n; done >bad
    run -4 "$BUILDER" inspect bad
    [ "$(grep -c '^ *! segment' <<<"$output")" -eq 20 ]
    [[ $output == *'! and 10 more' ]]
    run -4 "$BUILDER" inspect --json bad
    [ "$(jq '.[0].problems | length' <<<"$output")" -eq 20 ]
    [ "$(jq '.[0].more_problems' <<<"$output")" -eq 10 ]
}
