#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# rootovl.cache=: each call of `boot` is a boot, with the service that copies run after it. That the
# server has nothing to do is shown by its root being away.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2294 # bats runs each test in a subshell; texts for others to expand

bats_require_minimum_version 1.5.0
load ../assemble
load ../lib

setup() {
    assemble_setup
    FILL=${PROGRAMS:-$TOP/build/asan}/tests/root/rootovl/booted/cache
    DISK=/run/rootovl/disk/rootovl
    DATED=root=nfs:127.0.0.1:/os/test-20240501
    export FILL DISK AFTER=
    mkdir disk
    more_files
}

teardown() {
    if [[ -n ${LOOP:-} ]]; then
        losetup -d "$LOOP"
    fi
}

# All kinds of objects.
more_files() {
    local i
    mkdir -p lower/var/deep/er lower/opt
    mkdir -m 1777 lower/tmp
    mkdir -m 711 lower/var/closed
    install -m 4755 /bin/true lower/usr/bin/su
    setcap cap_net_raw+ep lower/usr/bin/su
    echo one >lower/usr/bin/first
    ln lower/usr/bin/first lower/usr/bin/second
    ln lower/usr/bin/first lower/var/third
    ln -s /nowhere/at/all lower/etc/dangling
    chown -h 12:34 lower/etc/dangling
    mknod lower/var/null c 1 3
    mkfifo -m 604 lower/var/fifo
    truncate -s 20M lower/var/sparse
    printf end >>lower/var/sparse
    head -c 3M /dev/urandom >lower/var/big
    chown 12:34 lower/var/big
    : >'lower/var/name with blank and é'
    setfattr -n user.colour -v red lower/var/big
    for i in {1..600}; do echo "$i" >"lower/var/deep/er/$i"; done
    touch -d '2024-05-01 12:34:56.123456789' lower/var/deep lower/var/big lower/var/deep/er/7
}

# disk SIZE [COMMAND…]: a disk, and what makes a file system on it.
disk() {
    truncate -s "$1" disk.img
    shift
    "${@:-mkfs.ext4}" -q disk.img
    LOOP=$(losetup --find --show disk.img)
}

# boot CMDLINE: a boot, $BEFORE, the service that copies, $THEN. Its payload is made anew.
boot() {
    mkdir -p source/opt source/lkp/scheduled
    echo tool >source/opt/tool
    AFTER="cat sysroot/etc/os-release; findmnt -no SOURCE,OPTIONS /run/rootovl/lower; ${BEFORE:-:}
        if [ -e /run/rootovl/cache ]; then \$FILL; echo filled: \$?; else echo not wanted; fi
        ${THEN:-:}" assemble "rootovl.upper=$LOOP $*"
    [ "$status" -eq 0 ]
    grep -qx ready <<<"$output"
}
says() {
    grep -qF -e "$1" <<<"$output"
}

# Which lower the boot had.
on_server() {
    ! says '"copy":'
}
on_copy() {
    says '"copy":' && says 'rootovl/cache/' && ! says 'not used'
}

# on_disk COMMAND…: with the disk mounted on disk/, and the copies' folder in $CACHE.
on_disk() {
    local status=0
    mount "$LOOP" disk
    CACHE=disk/rootovl/cache
    (eval "$@") || status=$?
    umount disk
    return $status
}
whole() { # N: so many copies are
    on_disk '[ "$(grep -lx "copy whole" $CACHE/*/state 2>/dev/null | wc -l)" -eq '"$1 ]"
}
# half_made: for on_disk: the one copy there is a part.
half_made() {
    sed -i '1 s/^copy whole$/copy part/' "$CACHE"/*/state
    [ "$(head -n 1 "$CACHE"/*/state)" = 'copy part' ]
}

@test "cache: a dated root is copied after the boot; the next boot runs on the copy, without the server" {
    disk 512M
    THEN='cat /run/systemd/system/multi-user.target.wants/rootovl-cache.service' boot "$DATED" rootovl.cache=yes
    on_server
    says 'filled: 0'
    says "the copy of nfs 127.0.0.1:/os/test-20240501 is whole: "
    whole 1
    manifest lower | sed 1d >server
    on_disk 'manifest $CACHE/*/tree' | sed 1d >copy
    [ "$(wc -l <copy)" -gt 1000 ]
    diff server copy
    on_disk '[ "$(stat -c %b $CACHE/*/tree/var/sparse)" -lt 100 ]'
    mv lower away
    THEN='touch $DISK/cache/written $DISK/cache/*/tree/written; findmnt -no FSTYPE /run/rootovl/lower' \
        boot "$DATED" rootovl.cache=yes
    on_copy
    says 'ID=test'
    says 'filled: 0'
    says "cannot touch '/run/rootovl/disk/rootovl/cache/written': Read-only file system"
    says ext4
}

@test "cache: a root without a date is not copied, and the plan says so" {
    disk 256M
    boot root=nfs:127.0.0.1:/os/test rootovl.cache=yes
    says 'not wanted'
    whole 0
    "${PROGRAMS:-$TOP/build/asan}/rootovl" plan --cmdline "rootovl root=nfs:h:/os/test rootovl.upper=/dev/vda rootovl.cache=yes" |
        grep -qx 'no copy of the lower is kept: its name has no date'
}

@test "cache: force: a root without a date is copied, and used until the server's changes" {
    disk 256M
    boot root=nfs:127.0.0.1:/os/test rootovl.cache=force
    says 'filled: 0'
    boot root=nfs:127.0.0.1:/os/test rootovl.cache=force
    on_copy
    echo ID=new >lower/etc/os-release.new
    mv lower/etc/os-release.new lower/etc/os-release
    boot root=nfs:127.0.0.1:/os/test rootovl.cache=force
    on_server
    says ID=new
    says "the copy of the root is not used: the server's root has changed"
    says 'filled: 0'
    boot root=nfs:127.0.0.1:/os/test rootovl.cache=force
    on_copy
    says ID=new
}

@test "cache: a half-made copy is never used; what of it is whole is not copied again" {
    disk 256M
    boot "$DATED" rootovl.cache=yes
    on_disk 'half_made && cd $CACHE/* && rm tree/var/deep/er/3 && truncate -s 0 tree/var/big && touch tree/var/deep/er/5 &&
        cd tree && rm usr/bin/second && find . -type f | sort | xargs -d "\n" stat -c "%n %i" >'"$PWD/before"
    boot "$DATED" rootovl.cache=yes
    on_server
    says 'filled: 0'
    manifest lower | sed 1d >server
    on_disk 'manifest $CACHE/*/tree' | sed 1d >copy
    diff server copy
    on_disk 'cd $CACHE/*/tree && find . -type f | sort | xargs -d "\n" stat -c "%n %i" >'"$PWD/after"
    [ "$(comm -12 before after | wc -l)" -ge $(($(wc -l <before) - 3)) ]
    mv lower away
    boot "$DATED" rootovl.cache=yes
    on_copy
}

@test "cache: a part of a root that is another now is begun anew" {
    disk 256M
    boot root=nfs:127.0.0.1:/os/test rootovl.cache=force
    on_disk half_made
    rm lower/usr/bin/first
    boot root=nfs:127.0.0.1:/os/test rootovl.cache=force
    says 'filled: 0'
    on_disk '! ls $CACHE/*/tree/usr/bin/first'
}

@test "cache: a copy that is gone over once more has no mark meanwhile: broken off, it is half-made" {
    disk 256M
    mkdir lower/mnt
    BEFORE='$FILL; echo first: $?; rm lower/var/deep/er/3; mount -t tmpfs none /run/rootovl/lower/mnt' \
        boot "$DATED" rootovl.cache=yes
    says 'first: 0'
    says 'filled: 1'
    whole 0
    boot "$DATED" rootovl.cache=yes
    on_server
}

@test "cache: a part with something in it that the root does not have is no copy, and begun anew" {
    disk 256M
    boot "$DATED" rootovl.cache=yes
    on_disk 'half_made && cd $CACHE/*/tree/etc && touch strange'
    boot "$DATED" rootovl.cache=yes
    on_server
    says 'filled: 1'
    grep -qE 'no copy of .*: [0-9]+ objects of [0-9]+ bytes became [0-9]+ of [0-9]+' <<<"$output"
    whole 0
    boot "$DATED" rootovl.cache=yes
    says 'filled: 0'
    on_disk '! ls $CACHE/*/tree/etc/strange'
}

@test "cache: each root has its copy, and the one unused for longest goes for another" {
    disk 200M
    head -c 30M /dev/urandom >lower/var/large
    for day in 01 02; do
        boot root=nfs:127.0.0.1:/os/test-202405$day rootovl.cache=yes
        says 'filled: 0'
    done
    whole 2
    on_disk 'touch -d 2000-01-01 "$(dirname "$(grep -l 20240502 $CACHE/*/state)")"'
    boot root=nfs:127.0.0.1:/os/test-20240503 rootovl.cache=yes
    says 'removed the copy '
    says 'filled: 0'
    whole 2
    on_disk '! grep -l 20240502 $CACHE/*/state && grep -l 20240501 $CACHE/*/state && ! ls disk/rootovl/old/*/tree'
}

@test "cache: a root that takes more than half of the disk is not copied, and not tried again" {
    disk 100M
    head -c 60M /dev/urandom >lower/var/large
    boot "$DATED" rootovl.cache=yes
    says 'filled: 1'
    says "no copy of nfs 127.0.0.1:/os/test-20240501: it takes more than half of the disk's "
    whole 0
    on_disk '! ls -d $CACHE/*/tree'
    boot "$DATED" rootovl.cache=yes
    on_server
    says 'not wanted'
}

@test "cache: a disk that is full of other things: the boot runs on the server, and the next one goes on" {
    disk 1G mkfs.ext4 -m 0
    on_disk 'fallocate -l $(($(df --output=avail -B1M disk | tail -n 1) - 85))M disk/fill'
    head -c 30M /dev/urandom >lower/var/zz
    boot "$DATED" rootovl.cache=yes
    says 'filled: 1'
    says 'less than a tenth of the disk is free'
    on_disk 'rm disk/fill && [ -d $CACHE/*/tree ]'
    boot "$DATED" rootovl.cache=yes
    on_server
    says 'filled: 0'
}

@test "cache: a disk whose file system has errors: one warning, and the server's root" {
    disk 256M
    boot "$DATED" rootovl.cache=yes
    debugfs -w -R 'set_super_value error_count 3' disk.img
    boot "$DATED" rootovl.cache=yes
    on_server
    [ "$(grep -c 'the copy of the root is not used' <<<"$output")" -eq 1 ]
    says 'the copy of the root is not used: the disk'"'"'s file system has errors'
    says 'not wanted'
}

@test "cache: a copy that cannot be a root, or a mark that is none: one warning, the server's root, made anew" {
    disk 256M
    boot "$DATED" rootovl.cache=yes
    on_disk 'rm $CACHE/*/tree/usr/lib/systemd/systemd'
    boot "$DATED" rootovl.cache=yes
    on_server
    [ "$(grep -c 'the copy of the root is not used: no /usr/lib/systemd/systemd and no /sbin/init' <<<"$output")" -eq 1 ]
    says 'filled: 0'
    on_disk 'echo nonsense >$CACHE/*/state'
    boot "$DATED" rootovl.cache=yes
    on_server
    says 'the copy of the root is not used: Invalid argument'
    says 'filled: 0'
    boot "$DATED" rootovl.cache=yes
    on_copy
}

@test "cache: a copy in use that lost something loses its mark, and the next boot runs on the server" {
    disk 256M
    boot "$DATED" rootovl.cache=yes
    on_disk 'rm $CACHE/*/tree/var/deep/er/9'
    boot "$DATED" rootovl.cache=yes
    on_copy
    says 'filled: 1'
    says 'it is not what it was when it was made'
    boot "$DATED" rootovl.cache=yes
    on_server
    says 'filled: 0'
    whole 1
}

@test "cache: a copy on which three boots did not come up is made anew" {
    disk 256M
    boot "$DATED" rootovl.cache=yes
    on_disk 'cd $CACHE/*/tree/var && cat big | tr "\0-\377" "\1-\377\0" >bad && touch -r big bad && cat bad >big && touch -r bad big && rm bad'
    for try in 1 2 3; do
        FILL=: boot "$DATED" rootovl.cache=yes
        on_copy
    done
    boot "$DATED" rootovl.cache=yes
    on_server
    says 'the copy of the root is not used: three boots on it did not come to multi-user.target'
    says 'filled: 0'
    cp lower/var/big big
    on_disk 'cmp big $CACHE/*/tree/var/big'
    for try in 1 2 3 4; do
        boot "$DATED" rootovl.cache=yes
        on_copy
    done
}

@test "cache: an upper that is kept goes over from the server's root to its copy" {
    disk 512M mkfs.xfs
    THEN='echo mine >sysroot/mine' boot "$DATED" rootovl.cache=yes rootovl.persist=one
    THEN='cat sysroot/mine' boot "$DATED" rootovl.cache=yes rootovl.persist=one
    on_copy
    says mine
}

@test "cache: no network: a boot on a copy fails as one on the server does, and leaves nothing" {
    disk 256M
    local root=root=nfs:192.0.2.7:/os/test-20240501
    boot $root rootovl.cache=yes
    says 'filled: 0'
    mkdir -p source/opt
    UNSHARE=--net AFTER='' assemble "rootovl.upper=$LOOP $root rootovl.cache=yes rootovl.timeout=1"
    refused 'mount lower' "the network for the root's copy: host 192.0.2.7: Network is unreachable, for "
    whole 1
    # Nor is it held against the copy.
    on_disk 'grep -qx "tries 0" $CACHE/*/state'
}

@test "cache: links in place of our directories are not followed" {
    disk 256M
    mkdir elsewhere
    on_disk 'mkdir disk/rootovl && ln -s "$PWD/elsewhere" $CACHE'
    boot "$DATED" rootovl.cache=yes
    on_server
    says 'no copy of the root is kept'
    [ -z "$(ls -A elsewhere)" ]
    on_disk 'rm $CACHE'
    boot "$DATED" rootovl.cache=yes
    on_disk 'half_made && cd $CACHE/* && rm -r tree/var/deep && ln -s '"$PWD/elsewhere"' tree/var/deep'
    boot "$DATED" rootovl.cache=yes
    says 'filled: 1'
    [ -z "$(ls -A elsewhere)" ]
    boot "$DATED" rootovl.cache=yes
    says 'filled: 0'
}

@test "cache: files of fewer blocks than they have data, as on compressing servers, fill no disk" {
    disk 256M
    cp -a lower compressed
    yes 'nothing but data' | head -c 150M >compressed/var/large
    mkfs.erofs --quiet -zlz4 image compressed
    BEFORE='mount -t erofs -o ro image /run/rootovl/lower' boot "$DATED" rootovl.cache=yes
    says 'filled: 1'
    says "no copy of nfs 127.0.0.1:/os/test-20240501: it takes more than half of the disk's "
    on_disk '! ls -d $CACHE/*/tree && rm $CACHE/*/state'
    # What was counted is what the copy takes.
    truncate -s 50M compressed/var/large
    mkfs.erofs --quiet -zlz4 image compressed
    BEFORE='mount -t erofs -o ro image /run/rootovl/lower' boot "$DATED" rootovl.cache=yes
    says 'filled: 0'
    on_disk '[ "$(sed -n "s/^room //p" $CACHE/*/state)" -gt $((50 << 20)) ]'
}

@test "cache: the names of one file take the room of one" {
    local name
    disk 200M
    head -c 20M /dev/urandom >lower/usr/bin/git
    for name in lower/usr/bin/git-{add,am,apply,bisect}; do ln lower/usr/bin/git "$name"; done
    boot "$DATED" rootovl.cache=yes
    says 'filled: 0'
    on_disk '[ "$(sed -n "s/^room //p" $CACHE/*/state)" -lt $((30 << 20)) ]'
    # Nor do those of a part.
    on_disk half_made
    boot root=nfs:127.0.0.1:/os/test-20240502 rootovl.cache=yes
    says 'filled: 0'
    [[ $output != *"removed the copy"* ]]
}

@test "cache: a file with holes keeps them, also where the server cannot tell them, as ramfs" {
    disk 256M
    cp -a lower plain
    truncate -s 60M plain/var/holes
    echo end >>plain/var/holes
    BEFORE='mount -t ramfs -o mode=755 none /run/rootovl/lower; cp -a plain/. /run/rootovl/lower' \
        boot "$DATED" rootovl.cache=yes
    says 'filled: 0'
    on_disk 'cmp plain/var/holes $CACHE/*/tree/var/holes && cmp plain/var/big $CACHE/*/tree/var/big'
    on_disk '[ "$(stat -c %b $CACHE/*/tree/var/holes)" -lt 100 ]'
}

@test "cache: what is mounted below the root is no part of it: no copy" {
    disk 256M
    mkdir lower/mnt
    BEFORE='mount -t tmpfs none /run/rootovl/lower/mnt' boot "$DATED" rootovl.cache=yes
    says 'filled: 1'
    says 'no copy of nfs 127.0.0.1:/os/test-20240501: copying /mnt: Invalid cross-device link'
    whole 0
}

@test "cache: a job that changes the copy it runs on cannot" {
    disk 256M
    boot "$DATED" rootovl.cache=yes
    BEFORE='rm -rf /run/rootovl/disk/rootovl/cache/* 2>/dev/null; touch /run/rootovl/lower/x' \
        boot "$DATED" rootovl.cache=yes
    on_copy
    says "cannot touch '/run/rootovl/lower/x': Read-only file system"
    says 'filled: 0'
    whole 1
}

@test "cache: what the jobs of earlier boots wrote is removed before any copy" {
    local free='df --output=avail -B1M sysroot | tail -n 1'
    disk 800M
    head -c 40M /dev/urandom >lower/var/large
    boot "$DATED" rootovl.cache=yes
    says 'filled: 0'
    THEN="fallocate -l \$((\$($free) - 100))M sysroot/fill; $free" boot "$DATED" rootovl.cache=yes
    BEFORE=$free boot root=nfs:127.0.0.1:/os/test-20240502 rootovl.cache=yes
    says 'filled: 0'
    whole 2
}

# bats test_tags=slow
@test "cache: a disk of btrfs or xfs, where what was removed is free only later: one copy goes for another" {
    local kind
    for kind in mkfs.btrfs mkfs.xfs; do
        rm -f disk.img lower/var/large
        disk 1500M $kind
        head -c 200M /dev/urandom >lower/var/large
        for day in 01 02; do
            boot root=nfs:127.0.0.1:/os/test-202405$day rootovl.cache=yes
            says 'filled: 0'
        done
        # A copy and half of one are missing to the tenth.
        on_disk 'fallocate -l $(($(df --output=avail -B1M disk | tail -n 1) - 250))M disk/fill'
        boot root=nfs:127.0.0.1:/os/test-20240503 rootovl.cache=yes
        says 'filled: 0'
        on_disk 'df disk'
        [ "$(grep -c 'removed the copy' <<<"$output")" -eq 1 ]
        whole 2
        losetup -d "$LOOP"
        LOOP=
    done
}

# bats test_tags=slow
@test "cache: where inodes are short the copy unused for longest goes too" {
    disk 256M mkfs.ext4 -N 3700
    mkdir lower/var/more
    touch lower/var/more/{1..500}
    for day in 01 02 03; do
        boot root=nfs:127.0.0.1:/os/test-202405$day rootovl.cache=yes
        says 'filled: 0'
    done
    [ "$(grep -c 'removed the copy ' <<<"$output")" -eq 1 ]
    whole 2
}

@test "cache: what a directory gives to what is made in it is not given to what a broken-off copy lacked" {
    disk 256M
    mkdir lower/var/journal
    echo 1 >lower/var/journal/one
    mkdir lower/var/journal/below
    # user::rwx group::r-x group:12:rwx mask::rwx other::r-x
    setfattr -n system.posix_acl_default -v \
        0x0200000001000700ffffffff04000500ffffffff080007000c00000010000700ffffffff20000500ffffffff lower/var/journal
    boot "$DATED" rootovl.cache=yes
    on_disk 'half_made && cd $CACHE/* && rm -r tree/var/journal/one tree/var/journal/below'
    boot "$DATED" rootovl.cache=yes
    says 'filled: 0'
    manifest lower | sed 1d >server
    on_disk 'manifest $CACHE/*/tree' | sed 1d >copy
    diff server copy
}

@test "cache: a root whose name is not UTF-8 has a copy" {
    disk 256M
    boot root=nfs:127.0.0.1:/os/t$'\xe4'st-20240501 rootovl.cache=yes
    says 'filled: 0'
    boot root=nfs:127.0.0.1:/os/t$'\xe4'st-20240501 rootovl.cache=yes
    on_copy
}

@test "cache: boots on a copy that end in a power cut at once count, and those that came up before it do not" {
    disk 256M
    boot "$DATED" rootovl.cache=yes
    for try in 1 2 3; do
        BEFORE='cp disk.img cut.img' FILL=: boot "$DATED" rootovl.cache=yes
        on_copy
        cp cut.img disk.img
    done
    boot "$DATED" rootovl.cache=yes
    on_server
    says 'filled: 0'
    for try in 1 2 3 4; do
        THEN='cp disk.img cut.img' boot "$DATED" rootovl.cache=yes
        on_copy
        cp cut.img disk.img
    done
}
