#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# initrd-builder as a user meets it: its usage, a real build by this machine's dracut, and what is
# left when one fails or is ended.

bats_require_minimum_version 1.5.0

setup_file() {
    TOP=$(realpath "$BATS_TEST_DIRNAME/../..")
    BUILDER=$TOP/build/asan/initrd-builder
    ROOT=$("$TOP/tests/lib/rootfs" debian-12)
    KVER=$(ls "$ROOT/usr/lib/modules")
    OUT=$BATS_FILE_TMPDIR/out
    export TOP BUILDER ROOT KVER OUT TMPDIR=$BATS_FILE_TMPDIR/tmp
    mkdir "$TMPDIR"
    # The one build that most tests look at; its status is for the first of them.
    "$BUILDER" build -o "$OUT" "$ROOT" >"$BATS_FILE_TMPDIR/said" 2>&1 ||
        echo "exit status $?" >>"$BATS_FILE_TMPDIR/said"
    if [[ -e $OUT/initramfs.lkp-$KVER.img ]]; then
        zstd -qdc "$OUT/initramfs.lkp-$KVER.img" >"$BATS_FILE_TMPDIR/cpio"
        cpio -t --quiet <"$BATS_FILE_TMPDIR/cpio" >"$BATS_FILE_TMPDIR/list"
    fi
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

# fake_dracut SCRIPT: a small root with an image of before, and a dracut that only does this; the
# path of its image is "$image".
fake_dracut() {
    root=$BATS_TEST_TMPDIR/root
    mkdir -p "$root/lib/modules/6.1.0/kernel" "$root/boot" "$BATS_TEST_TMPDIR/bin"
    echo old >"$root/boot/initramfs.lkp-6.1.0.img"
    printf '#!/bin/sh\nfor image; do :; done\n%s\n' "$1" >"$BATS_TEST_TMPDIR/bin/dracut"
    chmod 755 "$BATS_TEST_TMPDIR/bin/dracut"
    PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

# The old image, the log, and nothing else.
assert_nothing_new() {
    [ "$(cat "$root/boot/initramfs.lkp-6.1.0.img")" = old ]
    run -0 find "$root/boot" -type f ! -name '*.img' ! -name '*.cgz'
    [ "$output" = "$root/boot/initramfs.lkp-6.1.0.log" ]
    [ -z "$(ls -A "$TMPDIR")" ]
}

@test "a root gets its image and its archive of modules, told with size and time" {
    cat "$BATS_FILE_TMPDIR/said"
    run ! grep 'exit status' "$BATS_FILE_TMPDIR/said"
    [ "$(ls -A "$OUT")" = "initramfs.lkp-$KVER.img
modules-$KVER.cgz" ]
    grep -E "^ +[0-9.]+ s  image: $OUT/initramfs.lkp-$KVER.img, [0-9.]+ MB, zstd$" "$BATS_FILE_TMPDIR/said"
    grep -E "^ +[0-9.]+ s  modules: $OUT/modules-$KVER.cgz, [0-9.]+ MB$" "$BATS_FILE_TMPDIR/said"
    grep -E '^ +[0-9.]+ s  total: 1 root$' "$BATS_FILE_TMPDIR/said"
    [ "$(stat -c %a "$OUT"/* | sort -u)" = 644 ]
    [ -z "$(ls -A "$TMPDIR")" ]
}

@test "the image holds the helper, what it needs, and no dracut hooks" {
    has init etc/initrd-release usr/bin/rootovl usr/lib/rootovl/payload.conf \
        usr/lib/rootovl/rootovl-report usr/lib/rootovl/network usr/lib/rootovl/emergency \
        usr/lib/systemd/system/rootovl.service usr/lib/systemd/systemd-networkd usr/bin/dash
    grep -q 'initrd-root-fs.target.requires/rootovl.service$' "$BATS_FILE_TMPDIR/list"
    grep -qE '/overlay\.ko' "$BATS_FILE_TMPDIR/list"
    grep -qE '/cifs\.ko' "$BATS_FILE_TMPDIR/list"
    grep -qE '/nfsv4\.ko' "$BATS_FILE_TMPDIR/list"
    grep -qE '/virtio_net\.ko' "$BATS_FILE_TMPDIR/list"
    run ! grep -E 'hooks/.*\.sh$|/dbus-daemon|/bin/bash$|plymouth|/hwdb' "$BATS_FILE_TMPDIR/list"
}

@test "no program or library in the image lacks a library" {
    mkdir "$BATS_TEST_TMPDIR/image"
    (cd "$BATS_TEST_TMPDIR/image" && cpio -id --quiet <"$BATS_FILE_TMPDIR/cpio")
    # The loader lists what a program would load, and runs nothing of it.
    # shellcheck disable=SC2016 # the inner shell expands
    run chroot "$BATS_TEST_TMPDIR/image" /bin/dash -c '
        for file in /usr/bin/* /usr/sbin/* /usr/lib/systemd/systemd* /usr/lib/udev/*; do
            [ -f "$file" ] && [ -x "$file" ] || continue
            LD_TRACE_LOADED_OBJECTS=1 /lib64/ld-linux-x86-64.so.2 "$file" 2>&1 | while read -r line; do
                case $line in *"not found"*) echo "$file: $line" ;; esac
            done
        done'
    echo "$output"
    [ "$status" -eq 0 ]
    [ -z "$output" ]
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
    run -3 "$BUILDER" build "$BATS_TEST_TMPDIR/root"
    [[ $output == *"$BATS_TEST_TMPDIR/root: no modules of a kernel in lib/modules"* ]]
    run -3 "$BUILDER" build --kver 1.2.3 "$ROOT" -o "$BATS_TEST_TMPDIR/out"
    [[ $output == *"no modules of kernel 1.2.3"* ]]
}

@test "wrong usage is exit status 2; a root that is not there is 1" {
    run -2 "$BUILDER"
    run -2 "$BUILDER" bake
    run -2 "$BUILDER" build
    run -2 "$BUILDER" build --frobnicate "$ROOT"
    run -2 "$BUILDER" build -o "$OUT" "$ROOT" "$ROOT"
    run -2 "$BUILDER" build -o '' "$ROOT"
    run -1 "$BUILDER" build "$BATS_TEST_TMPDIR/nowhere"
    [[ $output == *"$BATS_TEST_TMPDIR/nowhere: No such file or directory"* ]]
    run -0 "$BUILDER" build --help
    [[ $output == *"Exit status: 0 all built, 1 something failed, 2 wrong usage, 3 "* ]]
    run -0 "$BUILDER" --version
}

@test "when dracut fails its last words are shown, and the old image stays" {
    # shellcheck disable=SC2016 # the fake expands
    fake_dracut 'echo half >"$image"; echo no such thing; exit 7'
    run -1 "$BUILDER" build "$root"
    [[ $output == *"no such thing"* ]]
    [[ ${lines[-1]} == "initrd-builder: dracut failed with status 7 ($root/boot/initramfs.lkp-6.1.0.log)" ]]
    assert_nothing_new
}

@test "an image that lacks what a boot needs is a failure, whatever dracut says" {
    # shellcheck disable=SC2016
    fake_dracut 'echo init | cpio -o -H newc --quiet >"$image"'
    cd "$BATS_TEST_TMPDIR" && : >init
    run -1 "$BUILDER" build "$root"
    [[ ${lines[-1]} == *"the image for 6.1.0: etc/initrd-release is not in it"* ]]
    assert_nothing_new
}

@test "an image without the module overlay is a failure; one without cifs and nfs is told" {
    # shellcheck disable=SC2016
    fake_dracut 'cd "$TMPDIR/full" && find . -type f | sed "s,^./,," | cpio -o -H newc --quiet >"$image"'
    mkdir "$TMPDIR/full"
    (
        cd "$TMPDIR/full"
        mkdir -p etc usr/bin usr/lib/rootovl usr/lib/systemd/system
        : | tee init etc/initrd-release usr/bin/rootovl usr/lib/rootovl/{payload.conf,rootovl-report} \
            usr/lib/systemd/{systemd,systemd-networkd} \
            usr/lib/systemd/system/{initrd-switch-root,rootovl}.service
    )
    run -1 "$BUILDER" build "$root"
    [[ ${lines[-1]} == *"the image for 6.1.0: the module overlay is not in it"* ]]
    [ "$(cat "$root/boot/initramfs.lkp-6.1.0.img")" = old ]
    echo kernel/fs/overlayfs/overlay.ko >"$root/lib/modules/6.1.0/modules.builtin"
    run -0 "$BUILDER" build "$root"
    [[ $output == *"warning: kernel 6.1.0 has neither cifs nor nfs"* ]]
    echo kernel/fs/nfs/nfs.ko >>"$root/lib/modules/6.1.0/modules.builtin"
    run -0 "$BUILDER" build "$root"
    [[ $output != *warning* ]]
    rm -r "$TMPDIR/full"
}

@test "the log replaces what has its name, and writes to none of it" {
    fake_dracut 'echo no such thing; exit 7'
    log=$root/boot/initramfs.lkp-6.1.0.log
    echo precious >"$BATS_TEST_TMPDIR/file"
    for kind in hard soft fifo device; do
        rm -f "$log"
        case $kind in
        hard) ln "$BATS_TEST_TMPDIR/file" "$log" ;;
        soft) ln -s "$BATS_TEST_TMPDIR/file" "$log" ;;
        fifo) mkfifo "$log" ;;
        device) mknod "$log" c 1 7 ;;
        esac
        run -1 timeout 60 "$BUILDER" build "$root"
        [ "$(cat "$BATS_TEST_TMPDIR/file")" = precious ]
        [ -f "$log" ] && [ ! -L "$log" ]
        grep -q 'no such thing' "$log"
    done
}

@test "a hostile root gets nothing of the host into its image, and writes nothing outside" {
    fake_dracut 'exit 7'
    echo precious >"$BATS_TEST_TMPDIR/secret"
    tree=$root/lib/modules/6.1.0
    cp "$(find "$ROOT/usr/lib/modules" -name 'overlay.ko*')" "$tree/kernel/"
    ln -s "$BATS_TEST_TMPDIR/secret" "$tree/kernel/cifs.ko"
    ln -s ../../../../../secret "$tree/kernel/nfs.ko"
    depmod -b "$root" 6.1.0
    sed -i 's,kernel/overlay,../../../../../etc/evil,' "$tree"/modules.dep
    echo hostile >"$tree/modules.dep.bin"
    run -1 "$BUILDER" build "$root"
    [[ $output == *"dracut failed with status 7"* ]]
    mkdir "$BATS_TEST_TMPDIR/cgz"
    # The archive was whole when dracut failed.
    (cd "$BATS_TEST_TMPDIR/cgz" && gzip -dc "$root/boot/modules-6.1.0.cgz" | cpio -id --quiet)
    cd "$BATS_TEST_TMPDIR/cgz/usr/lib/modules/6.1.0"
    [ "$(find . -name '*.ko*' -o -type l)" = "$(find . -name 'overlay.ko*')" ]
    grep '^kernel/overlay' modules.dep
    run ! grep -rE 'precious|evil|hostile' .
}

@test "a module that asks for firmware outside of lib/firmware is refused" {
    fake_dracut 'exit 7'
    cp "$(find "$ROOT/usr/lib/modules" -name 'overlay.ko')" "$BATS_TEST_TMPDIR/overlay.ko"
    cd "$BATS_TEST_TMPDIR"
    objcopy --dump-section .modinfo=info overlay.ko
    printf 'firmware=../../../../etc/shadow\0' >>info
    objcopy --update-section .modinfo=info overlay.ko "$root/lib/modules/6.1.0/kernel/overlay.ko"
    run -1 "$BUILDER" build "$root"
    [[ $output == *"a module of 6.1.0 asks for the firmware ../../../../etc/shadow"* ]]
}

@test "a TMPDIR with blanks or colons is refused" {
    fake_dracut 'exit 7'
    mkdir "$BATS_TEST_TMPDIR/a b"
    TMPDIR="$BATS_TEST_TMPDIR/a b" run -1 "$BUILDER" build "$root"
    [[ $output == *"dracut takes no path with blanks or colons"* ]]
}

@test "one that is ended leaves the old image and nothing of its own" {
    mkdir "$BATS_TEST_TMPDIR/out"
    echo old >"$BATS_TEST_TMPDIR/out/initramfs.lkp-$KVER.img"
    "$BUILDER" build -o "$BATS_TEST_TMPDIR/out" "$ROOT" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
    builder=$!
    # It is under way when dracut's own folder is there.
    # shellcheck disable=SC2016 # the inner shell expands
    timeout 60 bash -c 'until compgen -G "$TMPDIR/initrd-builder.*/tmp/dracut.*" >/dev/null; do
        sleep 0.05; done'
    kill -TERM "$builder"
    status=0
    wait "$builder" || status=$?
    cat "$BATS_TEST_TMPDIR/said"
    [ "$status" -eq $((128 + 15)) ]
    [ "$(ls -A "$BATS_TEST_TMPDIR/out")" = "initramfs.lkp-$KVER.img" ]
    [ "$(cat "$BATS_TEST_TMPDIR/out/initramfs.lkp-$KVER.img")" = old ]
    [ -z "$(ls -A "$TMPDIR")" ]
}
