#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# initrd-builder as a user meets it: its usage, a real build by this machine's dracut, what is in the image, and
# what is left of a build that is ended. (builder_runs.bats has builds that need no real dracut.)

# shellcheck disable=SC2030,SC2031 # every test is a subshell
bats_require_minimum_version 1.5.0

setup_file() {
    TOP=$(realpath "$BATS_TEST_DIRNAME/../../../..")
    BUILDER=${PROGRAMS:-$TOP/build/asan}/initrd-builder
    ROOT=$("$TOP/tests/lib/rootfs" debian-12)
    KVER=$(ls "$ROOT/usr/lib/modules")
    OUT=$BATS_FILE_TMPDIR/out
    export TOP BUILDER ROOT KVER OUT TMPDIR=$BATS_FILE_TMPDIR/tmp
    # That of this machine is made once, in the test of it.
    export ROOTOVL_CACHE=$BATS_FILE_TMPDIR/cache
    mkdir "$TMPDIR"
    # The one build that most tests look at; its status is for the first of them.
    "$BUILDER" build --engine none -o "$OUT" "$ROOT" >"$BATS_FILE_TMPDIR/said" 2>&1 ||
        echo "exit status $?" >>"$BATS_FILE_TMPDIR/said"
    if [[ -e $OUT/initramfs.lkp-$KVER.img ]]; then
        mkdir "$BATS_FILE_TMPDIR/halves"
        halves "$OUT/initramfs.lkp-$KVER.img" "$BATS_FILE_TMPDIR/halves"
        cat "$BATS_FILE_TMPDIR"/halves/*.list >"$BATS_FILE_TMPDIR/list"
    fi
}

# halves IMAGE DIR: its two halves as DIR/1.cpio and 2.cpio, with lists.
halves() {
    local first
    # A frame of zstd begins where the kept userspace, of which this is the only one, ends.
    first=$(stat -c %s "$ROOTOVL_CACHE"/userspace-*)
    head -c "$first" "$1" | cmp - "$ROOTOVL_CACHE"/userspace-*
    zstd -qdc "$ROOTOVL_CACHE"/userspace-* >"$2/1.cpio"
    tail -c +"$(((first + 3) / 4 * 4 + 1))" "$1" | zstd -qdc >"$2/2.cpio"
    for half in 1 2; do
        cpio -t --quiet <"$2/$half.cpio" >"$2/$half.list"
    done
}

# has PATH…: are these in the image?
has() {
    local path
    for path; do
        grep -qxF "$path" "$BATS_FILE_TMPDIR/list" || {
            echo "not in the image: $path"
            return 1
        }
    done
}

@test "a root gets its image and its archive of modules, told with size and time" {
    cat "$BATS_FILE_TMPDIR/said"
    run ! grep 'exit status' "$BATS_FILE_TMPDIR/said"
    [ "$(ls -A "$OUT")" = "initramfs.lkp-$KVER.from
initramfs.lkp-$KVER.img
modules-$KVER.cgz" ]
    grep -E '^ +[0-9.]+ s  userspace: engine none, [0-9.]+ MB, zstd$' "$BATS_FILE_TMPDIR/said"
    grep -E "^ +[0-9.]+ s  image: $OUT/initramfs.lkp-$KVER.img, [0-9.]+ MB, zstd$" "$BATS_FILE_TMPDIR/said"
    grep -E "^ +[0-9.]+ s  modules: $OUT/modules-$KVER.cgz, [0-9.]+ MB$" "$BATS_FILE_TMPDIR/said"
    grep -E '^ +[0-9.]+ s  total: 1 root$' "$BATS_FILE_TMPDIR/said"
    [ "$(stat -c %a "$OUT"/* | sort -u)" = 644 ]
    [ -z "$(ls -A "$TMPDIR")" ]
    run ! grep note: "$BATS_FILE_TMPDIR/said"
    run -0 "$BUILDER" inspect "$OUT/initramfs.lkp-$KVER.img"
    echo "$output"
    grep -qx '     libcrypto: a stub of [0-9]* functions' <<<"$output"
    grep -qx "     kernel $KVER" <<<"$output"
    grep -qx '     container none -' <<<"$output"
}

@test "the second half has the kernel's part, and nothing of it is in the first" {
    cd "$BATS_FILE_TMPDIR/halves"
    run ! grep -E '\.ko|^usr/lib/modules/|usr/lib/firmware/' 1.list
    run ! grep -vE '^usr(/lib(/(modules|firmware|rootovl)(/.*)?)?)?$' 2.list
    grep -qx "usr/lib/modules/$KVER/modules.dep.bin" 2.list
    grep -qx usr/lib/rootovl/built-from 2.list
    for half in 1 2; do
        sort -C <(LC_ALL=C sort "$half.list")
        [ "$(uniq -d "$half.list")" = '' ]
        cpio -tv --quiet <"$half.cpio" | awk '{ print $3, $4, $8 }' | sort -u >"$half.owners"
        [ "$(cat "$half.owners")" = "root root 1970" ]
    done
}

@test "every module of the image finds what it needs there" {
    mkdir "$BATS_TEST_TMPDIR/x"
    cd "$BATS_TEST_TMPDIR/x"
    cpio -id --quiet <"$BATS_FILE_TMPDIR/halves/2.cpio"
    # What the root's own modules.dep says of those in the image.
    cd "usr/lib/modules/$KVER"
    sed 's/:/ /' "$ROOT/usr/lib/modules/$KVER/modules.dep" | while read -r module needs; do
        [ -e "$module" ] || continue
        for file in $needs; do
            [ -e "$file" ] || echo "$module needs $file"
        done
    done >"$BATS_TEST_TMPDIR/missing"
    cat "$BATS_TEST_TMPDIR/missing"
    [ ! -s "$BATS_TEST_TMPDIR/missing" ]
    [ "$(find . -name '*.ko' | wc -l)" -gt 80 ]
}

@test "the image holds the helper, what it needs, and no dracut hooks" {
    has init etc/initrd-release usr/bin/rootovl usr/lib/rootovl/{payload,defer}.conf \
        usr/lib/rootovl/rootovl-report usr/lib/rootovl/emergency \
        usr/lib/systemd/system/rootovl-network.service \
        usr/lib/systemd/system/rootovl.service usr/lib/systemd/systemd-networkd usr/bin/dash
    grep -q 'initrd-root-fs.target.requires/rootovl.service$' "$BATS_FILE_TMPDIR/list"
    grep -qE '/overlay\.ko' "$BATS_FILE_TMPDIR/list"
    grep -qE '/cifs\.ko' "$BATS_FILE_TMPDIR/list"
    grep -qE '/nfsv4\.ko' "$BATS_FILE_TMPDIR/list"
    grep -qE '/virtio_net\.ko' "$BATS_FILE_TMPDIR/list"
    run ! grep -E 'hooks/.*\.sh$|/dbus-daemon|/bin/bash$|plymouth|/hwdb' "$BATS_FILE_TMPDIR/list"
}

# lacks_nothing: the loader lists what each program here would load, and runs nothing of it.
lacks_nothing() {
    # shellcheck disable=SC2016 # the inner shell expands
    run chroot . /bin/dash -c '
        for file in /usr/bin/* /usr/sbin/* /usr/lib/systemd/systemd* /usr/lib/udev/* \
            /usr/lib/x86_64-linux-gnu/lib*.so.*; do
            [ -f "$file" ] || continue
            LD_TRACE_LOADED_OBJECTS=1 LD_WARN=yes LD_BIND_NOW=yes \
                /lib64/ld-linux-x86-64.so.2 "$file" 2>&1 | while read -r line; do
                case $line in *"not found"* | *"undefined symbol"*) echo "$file: $line" ;; esac
            done
        done'
    echo "$output"
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "no program or library in the image lacks a library or a symbol, with libcrypto's stub too" {
    mkdir "$BATS_TEST_TMPDIR/image"
    cd "$BATS_TEST_TMPDIR/image"
    cpio -id --quiet <"$BATS_FILE_TMPDIR/halves/1.cpio"
    [ "$(find . -type f -name 'libcrypto.so*' -size -32k | wc -l)" = 1 ]
    lacks_nothing
    for program in lib/systemd/systemd{,-networkd,-modules-load} bin/{udevadm,systemctl,journalctl,kmod}; do
        LD_BIND_NOW=1 run -0 chroot . "/usr/$program" --version
    done
    # The signature of this one is not read, and all else is.
    cp "$ROOT/usr/lib/modules/$KVER/kernel/fs/overlayfs/overlay.ko" .
    run -0 chroot . /usr/sbin/modinfo /overlay.ko
    grep -qx 'filename: */overlay.ko' <<<"$output"
    grep -q '^vermagic: ' <<<"$output"
}

@test "the archive of modules brings no entry that would replace a link of the image" {
    # shellcheck disable=SC2016 # the inner shell expands
    run -0 bash -c 'gzip -dc "$1" | cpio -t --quiet' bash "$OUT/modules-$KVER.cgz"
    [ "${lines[0]}" = usr ]
    [ "$(grep -c '\.ko' <<<"$output")" = "$(find "$ROOT/usr/lib/modules" -name '*.ko*' | wc -l)" ]
    run ! grep -vE "^usr(/lib(/modules(/$KVER(/.*)?)?)?)?$" <<<"$output"
}

@test "without a kernel the exit status is 3, and says where it looked" {
    mkdir -p "$BATS_TEST_TMPDIR/root/lib/modules"
    run -3 "$BUILDER" build --engine none "$BATS_TEST_TMPDIR/root"
    [[ $output == *"$BATS_TEST_TMPDIR/root: no modules of a kernel in lib/modules"* ]]
    run -3 "$BUILDER" build --engine none --kver 1.2.3 "$ROOT" -o "$BATS_TEST_TMPDIR/out"
    [[ $output == *"no modules of kernel 1.2.3"* ]]
}

@test "wrong usage is exit status 2; a root that is not there is 1" {
    run -2 "$BUILDER"
    run -2 "$BUILDER" bake
    run -2 "$BUILDER" build
    run -2 "$BUILDER" build --frobnicate "$ROOT"
    run -2 "$BUILDER" build -o "$OUT" "$ROOT" "$ROOT"
    run -2 "$BUILDER" build -o '' "$ROOT"
    run -2 "$BUILDER" build --engine kaniko "$ROOT"
    run -2 "$BUILDER" build --with toast "$ROOT"
    run -2 "$BUILDER" build --way long "$ROOT"
    run -1 "$BUILDER" build --engine none "$BATS_TEST_TMPDIR/nowhere"
    [[ $output == *"$BATS_TEST_TMPDIR/nowhere: No such file or directory"* ]]
    run -0 "$BUILDER" build --help
    [[ $output == *"Exit status: 0 all built, 1 something failed, 2 wrong usage, 3 "* ]]
    run -0 "$BUILDER" --version
}

@test "one that is ended leaves the old image and nothing of its own" {
    mkdir "$BATS_TEST_TMPDIR/out"
    echo old >"$BATS_TEST_TMPDIR/out/initramfs.lkp-$KVER.img"
    export ROOTOVL_CACHE=$BATS_TEST_TMPDIR/cache
    "$BUILDER" build --engine none -o "$BATS_TEST_TMPDIR/out" "$ROOT" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
    builder=$!
    # It is under way when dracut's own folder is there.
    # shellcheck disable=SC2016 # the inner shell expands
    timeout 60 bash -c 'until compgen -G "$TMPDIR/initrd-builder.*/userspace.*/tmp/dracut.*" >/dev/null; do
        sleep 0.05; done'
    kill -TERM "$builder"
    status=0
    wait "$builder" || status=$?
    cat "$BATS_TEST_TMPDIR/said"
    [ "$status" -eq $((128 + 15)) ]
    [ "$(ls -A "$BATS_TEST_TMPDIR/out")" = "initramfs.lkp-$KVER.img" ]
    [ "$(cat "$BATS_TEST_TMPDIR/out/initramfs.lkp-$KVER.img")" = old ]
    [ -z "$(ls -A "$TMPDIR")" ]
    [ -z "$(ls -A "$ROOTOVL_CACHE")" ]
}

@test "the same inputs give the same bytes, elsewhere, later, for another user's settings" {
    mkdir -p "$BATS_TEST_TMPDIR/other place/tmp" "$BATS_TEST_TMPDIR/tmp2"
    copy="$BATS_TEST_TMPDIR/other place/root"
    mkdir -p "$copy/usr/lib" "$copy/boot"
    ln -s usr/lib "$copy/lib"
    cp -a "$ROOT/usr/lib/modules" "$copy/usr/lib/"
    cp -a "$ROOT/boot/config-$KVER" "$copy/boot/"
    # Copied from elsewhere: the order of directories, the times and numbers of files are new.
    umask 077
    ROOTOVL_CACHE="$BATS_TEST_TMPDIR/cache2" TMPDIR=$BATS_TEST_TMPDIR/tmp2 TZ=Asia/Tokyo LC_ALL=C.UTF-8 \
        HOME=/nonexistent ZSTD_CLEVEL=1 XZ_OPT=-1 \
        run -0 "$BUILDER" build --engine none "$copy"
    echo "$output"
    cmp "$OUT/modules-$KVER.cgz" "$copy/boot/modules-$KVER.cgz"
    if [ -d "$ROOT/usr/lib/firmware" ]; then skip "the root has firmware"; fi
    cmp "$OUT/initramfs.lkp-$KVER.img" "$copy/boot/initramfs.lkp-$KVER.img"
}

@test "short, vm: an image has no systemd, what the short way needs, and drivers of virtual machines alone" {
    export ROOTOVL_CACHE=$BATS_TEST_TMPDIR/cache
    local image=out/initramfs.lkp-$KVER.img file
    cd "$BATS_TEST_TMPDIR"
    cp -a "$OUT" out
    run -0 "$BUILDER" build --engine none -o out --way short --for vm "$ROOT"
    [[ $output != *current* ]]
    mkdir halves tree
    halves "$image" halves
    for file in init etc/initrd-release usr/bin/{rootovl,udevadm,dash,kmod,dmesg} usr/lib/rootovl/emergency \
        usr/lib/systemd/systemd-{networkd,network-generator} {virtio_net,ixgbevf,ata_piix,nfsv4,cifs}.ko; do
        grep -E "(^|/)$file\$" halves/*.list
    done
    run ! grep -E 'systemd/systemd(-(journald|udevd|executor))?$|systemd/system/|libsystemd-core' halves/1.list
    run ! grep -E '/(mlx5_core|bonding|bridge|megaraid_sas|usbnet)\.ko' halves/2.list
    run -0 "$BUILDER" inspect "$image"
    grep -qx '     way short' <<<"$output"
    grep -qx '     for vm' <<<"$output"
    grep -qx '     libcrypto: a stub of [0-9]* functions' <<<"$output"
    (cd tree && cpio -id --quiet <../halves/1.cpio && lacks_nothing)
    run -0 "$BUILDER" build --engine none -o out --way short --for vm "$ROOT"
    [[ $output == *current* ]]
    # A line for the other way is found before it boots.
    run -4 "$BUILDER" verify --cmdline 'rootovl root=nfs:a:/b rd.break' "$image"
    [[ $output == *': /init: rd.break= needs systemd in the initramfs, and this image has none' ]]
    run -0 "$BUILDER" verify --cmdline 'rootovl root=nfs:a:/b rd.break' "$OUT/initramfs.lkp-$KVER.img"
}

# bats test_tags=slow
@test "disks: asked for by --with they bring lvm, mkfs, xfs and btrfs; other images are without" {
    export ROOTOVL_CACHE=$BATS_TEST_TMPDIR/cache
    cd "$BATS_TEST_TMPDIR"
    cp -a "$OUT" out
    run -0 "$BUILDER" build --engine none -o out --with disks "$ROOT"
    [[ $output != *current* ]]
    mkdir halves
    halves "out/initramfs.lkp-$KVER.img" halves
    # Softdeps too: btrfs asks for its checksums by name.
    for file in usr/sbin/{lvm,mkfs.ext4,mkfs.xfs} {btrfs,xfs,dm-mod,xxhash_generic}.ko; do
        grep -E "(^|/)$file\$" halves/*.list
        run ! grep -E "(^|/)$file\$" "$BATS_FILE_TMPDIR/list"
    done
    run -0 "$BUILDER" build --engine none -o out --with disks "$ROOT"
    [[ $output == *current* ]]
}

# measure COMMAND…: sets wall and cpu, the seconds it took and those of processors; what it said is in
# said.
measure() {
    local TIMEFORMAT='%R %U %S' times user system
    times=$({ time "$@" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&-; } 2>&1)
    read -r wall user system <<<"$times"
    cpu=$(awk -v user="$user" -v kernel="$system" 'BEGIN { print user + kernel }')
}

# figure NAME OURS PLAIN [MOST]: prints the ratio OURS/PLAIN; one above MOST is a failure.
figure() {
    awk -v name="$1" -v ours="$2" -v plain="$3" -v most="${4-}" 'BEGIN {
        printf "# figure: %s: %s, plain dracut %s, ratio %.2f\n", name, ours, plain, ours / plain
        exit most != "" && ours / plain > most
    }' >&3
}

# bats test_tags=slow
@test "figures: cold, warm and small, beside plain dracut" {
    local builder=$TOP/build/initrd-builder image=out/initramfs.lkp-$KVER.img
    local wall cpu cold cold_cpu warm warm_cpu
    export ROOTOVL_CACHE=$BATS_TEST_TMPDIR/cache
    cd "$BATS_TEST_TMPDIR"
    measure "$builder" build --engine none -o out "$ROOT"
    cold=$wall cold_cpu=$cpu
    measure "$builder" build --engine none -o out --force "$ROOT"
    warm=$wall warm_cpu=$cpu
    run ! grep userspace: said
    cmp "$OUT/initramfs.lkp-$KVER.img" "$image"
    measure dracut --force --no-hostonly --no-early-microcode --kver "$KVER" \
        --kmoddir "$ROOT/usr/lib/modules/$KVER" --add 'network nfs cifs' plain.img
    # What the processors did for others meanwhile is in the seconds, but hardly in theirs.
    figure 'image, bytes' "$(stat -c %s "$image")" "$(stat -c %s plain.img)" 0.4
    figure 'cold build, s' "$cold" "$wall"
    figure 'cold build, processor s' "$cold_cpu" "$cpu" 0.55
    figure 'warm build, s' "$warm" "$wall"
    figure 'warm build, processor s' "$warm_cpu" "$cpu" 0.15
}
