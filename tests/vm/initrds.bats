#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Initrds that initrd-builder made boot, and the kernel takes of odd ones what `verify` says it takes.

bats_require_minimum_version 1.5.0
. "$BATS_TEST_DIRNAME/lib.bash"

BUILDER=$BUILD/initrd-builder

# start CMDLINE INITRD: boots the root's kernel in the background.
start() {
    lab "$LIB/machine" "$VM" "$ROOT"/boot/vmlinuz-* "$1" "$2" </dev/null >"$DIR/machine.log" 2>&1 3>&- &
    # shellcheck disable=SC2034 # for lib.bash
    MACHINE=$!
}

@test "initrds: a job by 'job', more by 'pack' in lz4, 'cat' behind an image without systemd for virtual machines: no finding, and it boots to the job" {
    local image more=$DIR/more line="$JOB_LINE root=cifs://$SERVER/os/debian/12,$CIFS1"
    serve_smb compass debian-12 debian/12
    make_job
    image=$("$LIB/image" lean-short-vm debian-12)
    "$BUILDER" job "$JOB/lkp/scheduled/job.yaml" "$JOB/lkp/scheduled/job.sh" \
        --lkp-src "$JOB/lkp/lkp/src" -o "$DIR/job.cgz"
    mkdir -p "$more/lkp/scheduled"
    cp "$JOB/lkp/scheduled/end" "$more/lkp/scheduled/"
    cp -a "$JOB/opt" "$more/"
    "$BUILDER" pack "$more" -o "$DIR/more.cgz"
    gzip -dc <"$DIR/more.cgz" | lz4 -l -q >"$DIR/more.lz4"
    "$BUILDER" cat "$image" "$DIR/more.lz4" "$DIR/job.cgz" -o "$DIR/all"
    for files in "$DIR/all" "$image ${image%/*}/modules-*.cgz $DIR/more.lz4 $DIR/job.cgz"; do
        # shellcheck disable=SC2086 # a list
        run -0 "$BUILDER" verify --rootfs "$ROOT" --memory 1G --cmdline "$line" $files
        [ -z "$output" ]
    done
    start "$line" "$DIR/all"
    WAY=short good_boot cifs
}

@test "initrds: directories of the image that a payload shut and gave away are mended: the network comes up, the root keeps its own" {
    local more=$DIR/more
    serve_nfs debian-12 debian/12
    make_job
    # As a user's "find . | cpio" in a "mktemp -d" packs, with umask 077.
    mkdir -p "$more"/{dev,proc,run,sys,tmp,root,sysroot,etc/systemd/network,var/lib,usr/bin,usr/share} \
        "$more"/usr/lib/{systemd/network,systemd/system,x86_64-linux-gnu}
    find "$more" -exec chmod 700 {} +
    (cd "$more" && find . | cpio -o -H newc --quiet -R 1000:1000 | gzip -1) >"$DIR/more.cgz"
    boot lean debian-12 "$JOB_LINE ip=dhcp root=nfs:$SERVER:$EXPORT/debian/12:vers=3" "$DIR/more.cgz"
    good_boot nfs
}

@test "initrds: a whole root by 'rootfs' boots in memory" {
    local units=$DIR/more/etc/systemd/system
    ROOT=$("$LIB/rootfs" debian-12)
    "$BUILDER" rootfs "$ROOT" -o "$DIR/root.cgz"
    mkdir -p "$units/multi-user.target.wants"
    printf '%s\n' '[Unit]' 'Description=The verdict' '[Service]' 'Type=idle' \
        'ExecStart=/bin/sh /lab-verdict' 'ExecStopPost=/usr/bin/systemctl --no-block poweroff' \
        >"$units/lab-verdict.service"
    ln -s ../lab-verdict.service "$units/multi-user.target.wants/"
    cat >"$DIR/more/lab-verdict" <<'END'
exec >/dev/ttyS1 2>&1
echo "root_type=$(stat -f -c %T /)"
echo "init=$(readlink /proc/1/exe)"
echo "setuid=$(stat -L -c '%a %u:%g' /usr/bin/su)"
echo "shadow=$(stat -c '%a %U:%G' /etc/shadow)"
echo "multi_user=$(systemctl is-active basic.target)"
END
    : >"$DIR/more/etc/fstab" # the root's has disks that are not there
    "$BUILDER" pack "$DIR/more" -o "$DIR/more.cgz"
    "$BUILDER" cat "$DIR/root.cgz" "$DIR/more.cgz" -o "$DIR/all"
    run -0 "$BUILDER" verify --rootfs "$ROOT" --memory 1G "$DIR/all"
    [ -z "$output" ]
    start 'rdinit=/sbin/init' "$DIR/all"
    ends_with poweroff
    facts root_type tmpfs init /usr/lib/systemd/systemd setuid '4755 0:0' shadow '640 root:shadow' \
        multi_user active
}

# part NAME [COMMAND…]: one more segment, with the file /NAME, compressed by the command.
part() {
    local name=$1
    shift
    mkdir "$DIR/$name"
    echo "$name" >"$DIR/$name/$name"
    (cd "$DIR/$name" && echo "$name" | cpio -o -H newc --quiet) | "${@:-cat}" >>"$DIR/odd"
}
zeros() {
    head -c "$1" /dev/zero >>"$DIR/odd"
}
align() {
    zeros $((-$(stat -c %s "$DIR/odd") & 3))
}

# bats test_tags=slow
@test "initrds: the kernel unpacks of an odd stack what verify says, and stops where it says" {
    local base=$DIR/base
    ROOT=$("$LIB/rootfs" debian-12)
    mkdir -p "$base"/{dev,proc,usr/lib} "$base/bin"
    ln -s usr/lib "$base/lib"
    cp /bin/busybox "$base/bin/"
    cat >"$base/init" <<'END'
#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t proc proc /proc
exec >/dev/ttyS1 2>&1
echo '--- files'
cd /
/bin/busybox find . -name '*-part' -o -name linked
echo '---'
echo "failed=$(/bin/busybox dmesg | /bin/busybox sed -n 's/.*Initramfs unpacking failed: //p')"
/bin/busybox poweroff -f
END
    chmod 755 "$base/init"
    (cd "$base" && find . | cpio -o -H newc --quiet) | gzip -n >"$DIR/odd"
    part xz-part xz --check=crc32 # at once behind a gzip, on no boundary
    zeros 3
    part bzip2-part bzip2
    part lzma-part xz --format=lzma
    part lzo-part lzop
    zeros 517
    align
    part plain-part
    part zstd-part zstd -q # at once behind the padding of a plain archive
    part lz4-part lz4 -l -q
    zeros 4
    part gzip-part gzip -n
    # through the link; and where there is no directory
    mkdir -p "$DIR/through"/{lib,nowhere}
    : >"$DIR/through/lib/linked" && : >"$DIR/through/nowhere/lost-part"
    (cd "$DIR/through" && printf '%s\n' lib/linked nowhere/lost-part | cpio -o -H newc --quiet) |
        zstd -q >>"$DIR/odd"
    part refused-part xz # its CRC64
    part after-part gzip -n

    "$BUILDER" verify "$DIR/odd" >"$DIR/found" || [ $? -eq 4 ]
    cat "$DIR/found"
    [ "$(wc -l <"$DIR/found")" -eq 2 ]
    grep -qE ' segment 10 at [0-9]+ \(zstd\): /nowhere/lost-part: no archive has made the directory /nowhere' "$DIR/found"
    grep -qE ' segment 11 at [0-9]+ \(xz\): the kernel knows no other check in xz than CRC32' "$DIR/found"

    start 'quiet' "$DIR/odd"
    ends_with poweroff
    diff <(section files | sort) - <<'END'
./bzip2-part
./gzip-part
./lz4-part
./lzma-part
./lzo-part
./plain-part
./usr/lib/linked
./xz-part
./zstd-part
END
    # That one is refused, and nothing behind it is read.
    [ -n "$(fact failed)" ]
}
