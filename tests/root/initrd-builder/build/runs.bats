#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# initrd-builder build, by a dracut of each test's own: what fails, what is ended, killed or at work at the
# same time, what is current, and roots that mean harm.

# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; root is of fake_dracut
bats_require_minimum_version 1.5.0

. "$BATS_TEST_DIRNAME/../../../lib/events.bash"
. "$BATS_TEST_DIRNAME/../fake_dracut.bash"

setup_file() {
    TOP=$(realpath "$BATS_TEST_DIRNAME/../../../..")
    BUILDER=${PROGRAMS:-$TOP/build/asan}/initrd-builder
    ROOT=$("$TOP/tests/lib/rootfs" debian-12)
    export TOP BUILDER ROOT TMPDIR=$BATS_FILE_TMPDIR/tmp
    mkdir "$TMPDIR"
}

# second_half IMAGE: of one that gzip packed, behind the only userspace of gzip in the cache.
second_half() {
    local file first
    for file in "$ROOTOVL_CACHE"/userspace-*; do
        if gzip -t "$file" 2>/dev/null; then
            first=$(stat -c %s "$file")
        fi
    done
    tail -c +"$(((first + 3) / 4 * 4 + 1))" "$1" | gzip -dc
}

# The old image, the log, and nothing else.
assert_nothing_new() {
    [ "$(cat "$root/boot/initramfs.lkp-6.1.0.img")" = old ]
    run -0 find "$root/boot" -type f ! -name '*.img' ! -name '*.cgz'
    [ -z "$(find "$ROOTOVL_CACHE" -type f)" ]
    [ "$output" = "$root/boot/initramfs.lkp-6.1.0.log" ]
    [ -z "$(ls -A "$TMPDIR")" ]
}

@test "why the real libcrypto stays is told when the userspace is made, and by the image ever after" {
    local why='libcrypto stays: usr/bin/stranger may call it'
    working_dracut
    mkdir -p "$FULL/usr/lib"
    : >"$FULL/usr/lib/libcrypto.so.3"
    echo libcrypto.so.3 >"$FULL/usr/bin/stranger"
    run -0 "$BUILDER" build --engine none "$root"
    [ "$(grep -c "^initrd-builder: note: $why$" <<<"$output")" = 1 ]
    [ "$(grep -c note: <<<"$output")" = 1 ]
    rm "$root/boot/initramfs.lkp-6.1.0.img"
    run -0 "$BUILDER" build --engine none "$root"
    [[ $output != *note:* ]]
    run -0 "$BUILDER" inspect "$root/boot/initramfs.lkp-6.1.0.img"
    [ "$(grep -c "^     $why$" <<<"$output")" = 1 ]
    "$BUILDER" inspect --json "$root/boot/initramfs.lkp-6.1.0.img" |
        jq -e --arg why "$why" '.[0].segments | (.[0].record == [$why]) and (.[1].record | index("kernel 6.1.0"))'
}

@test "when dracut fails its last words are shown, and the old image stays" {
    # shellcheck disable=SC2016 # the fake expands
    fake_dracut 'echo half >"$image"; echo no such thing; exit 7'
    run -1 "$BUILDER" build --engine none "$root"
    [[ $output == *"no such thing"* ]]
    [[ ${lines[-1]} == "initrd-builder: engine none: dracut failed with status 7 ($root/boot/initramfs.lkp-6.1.0.log)" ]]
    assert_nothing_new
}

@test "an image that lacks what a boot needs is a failure, whatever dracut says" {
    # shellcheck disable=SC2016
    fake_dracut 'echo init | cpio -o -H newc --quiet >"$image"'
    cd "$BATS_TEST_TMPDIR" && : >init
    run -1 "$BUILDER" build --engine none "$root"
    [[ ${lines[-1]} == *"the userspace: etc/initrd-release is not in it"* ]]
    assert_nothing_new
}

@test "an image without the module overlay is a failure; one without cifs and nfs is told" {
    working_dracut
    : >"$root/lib/modules/6.1.0/modules.builtin"
    run -1 "$BUILDER" build --engine none "$root"
    [[ ${lines[-1]} == *"kernel 6.1.0 has no module overlay"* ]]
    [ "$(cat "$root/boot/initramfs.lkp-6.1.0.img")" = old ]
    echo kernel/fs/overlayfs/overlay.ko >"$root/lib/modules/6.1.0/modules.builtin"
    run -0 "$BUILDER" build --engine none "$root"
    [[ $output == *"warning: kernel 6.1.0 has neither cifs nor nfs"* ]]
    echo kernel/fs/nfs/nfs.ko >>"$root/lib/modules/6.1.0/modules.builtin"
    run -0 "$BUILDER" build --engine none "$root"
    [[ $output != *warning* ]]
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
        run -1 timeout 60 "$BUILDER" build --engine none "$root"
        [ "$(cat "$BATS_TEST_TMPDIR/file")" = precious ]
        [ -f "$log" ] && [ ! -L "$log" ]
        grep -q 'no such thing' "$log"
    done
}

@test "a hostile root gets nothing of the host into its image, and writes nothing outside" {
    working_dracut
    echo precious >"$BATS_TEST_TMPDIR/secret"
    tree=$root/lib/modules/6.1.0
    : >"$tree/modules.builtin"
    cp "$(find "$ROOT/usr/lib/modules" -name 'overlay.ko*')" "$tree/kernel/"
    ln -s "$BATS_TEST_TMPDIR/secret" "$tree/kernel/cifs.ko"
    ln -s ../../../../../secret "$tree/kernel/nfs.ko"
    depmod -b "$root" 6.1.0
    sed -i 's,kernel/overlay,../../../../../etc/evil,' "$tree"/modules.dep
    echo hostile >"$tree/modules.dep.bin"
    run "$BUILDER" build --engine none "$root"
    echo "$output"
    [ "$status" = 0 ]
    mkdir "$BATS_TEST_TMPDIR/cgz"
    (cd "$BATS_TEST_TMPDIR/cgz" && gzip -dc "$root/boot/modules-6.1.0.cgz" | cpio -id --quiet)
    second_half "$root/boot/initramfs.lkp-6.1.0.img" >"$BATS_TEST_TMPDIR/second"
    grep -qa 'kernel/overlay.ko' "$BATS_TEST_TMPDIR/second"
    run ! grep -aE 'precious|evil|hostile' "$BATS_TEST_TMPDIR/second"
    cd "$BATS_TEST_TMPDIR/cgz/usr/lib/modules/6.1.0"
    [ "$(find . -name '*.ko*' -o -type l)" = "$(find . -name 'overlay.ko*')" ]
    grep '^kernel/overlay' modules.dep
    run ! grep -rE 'precious|evil|hostile' .
}

@test "a module that asks for firmware outside of lib/firmware is refused" {
    working_dracut
    : >"$root/lib/modules/6.1.0/modules.builtin"
    cp "$(find "$ROOT/usr/lib/modules" -name 'overlay.ko')" "$BATS_TEST_TMPDIR/overlay.ko"
    cd "$BATS_TEST_TMPDIR"
    objcopy --dump-section .modinfo=info overlay.ko
    printf 'firmware=../../../../etc/shadow\0' >>info
    objcopy --update-section .modinfo=info overlay.ko "$root/lib/modules/6.1.0/kernel/overlay.ko"
    run -1 "$BUILDER" build --engine none "$root"
    echo "$output"
    [[ $output == *"a module asks for the firmware ../../../../etc/shadow"* ]]
}

# The programs of the tests have no limit of memory, for the sanitizers take too much.
@test "a module that unpacks to more than memory is given is a failure in one line, and the old image stays" {
    working_dracut
    : >"$root/lib/modules/6.1.0/modules.builtin"
    # A zstd frame of 40 kB: blocks that say 128 KiB of one byte each, 1250 MiB together.
    python3 -c 'import sys
sys.stdout.buffer.write(bytes.fromhex("28b52ffd0068") + b"".join(
    ((i == 9999) | 1 << 1 | 131072 << 3).to_bytes(3, "little") + b"\0" for i in range(10000)))' \
        >"$root/lib/modules/6.1.0/kernel/overlay.ko.zst"
    run -1 --separate-stderr "$TOP/build/initrd-builder" build --engine none "$root"
    echo "$stderr"
    [[ ${stderr_lines[-1]} == *"kernel/overlay.ko.zst: it takes more than 1024 MiB of memory to unpack (no real module does: remove it or install it again)" ]]
    [ "$(cat "$root/boot/initramfs.lkp-6.1.0.img")" = old ]
}

# refused ARCH [OPTION…]: neither this machine nor any container here is of it.
refused() {
    local kernel="initrd-builder: $root: kernel 6.1.0"
    run -1 "$BUILDER" build --engine none "${@:2}" "$root"
    [[ $output == "$kernel: --engine none makes images of this machine's architecture, amd64, not of $1 (make container ARCH=$1, and another --engine)" ]]
    run -1 "$BUILDER" build "${@:2}" "$root"
    [[ $output == "$kernel: no engine has the image localhost/rootovl-builder:$1 (make container ARCH=$1)" ]]
    [ "$(cat "$root/boot/initramfs.lkp-6.1.0.img")" = old ]
}

@test "the image is of the kernel's architecture, by its configuration, the root's programs or --arch" {
    working_dracut
    # Engines that have nothing.
    export DOCKER_HOST=unix://$BATS_TEST_TMPDIR/none STORAGE_DRIVER=vfs
    export CONTAINERS_STORAGE_CONF=$BATS_TEST_TMPDIR/storage.conf
    printf '[storage]\ndriver = "vfs"\ngraphroot = "%s"\nrunroot = "%s"\n' "$BATS_TEST_TMPDIR/storage" \
        "$BATS_TEST_TMPDIR/run" >"$BATS_TEST_TMPDIR/storage.conf"
    refused riscv64 --arch riscv64
    echo CONFIG_ARM64=y >"$root/boot/config-6.1.0"
    refused arm64
    refused arm64 --arch arm64
    run -1 "$BUILDER" build --arch amd64 "$root"
    [[ $output == "initrd-builder: $root: kernel 6.1.0: it is of architecture arm64, and --arch asks for amd64" ]]
    run -2 "$BUILDER" build --arch aarch64 "$root"
    [[ $output == "initrd-builder build: --arch: one of amd64, arm64, "* ]]
    rm "$root/boot/config-6.1.0"
    mkdir -p "$root/usr/lib/systemd" "$root/bin"
    # The head of an ELF file: e_machine 183 is arm64, 22 with the big end first s390x.
    printf '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\267\0' >"$root/usr/lib/systemd/systemd"
    refused arm64
    rm "$root/usr/lib/systemd/systemd"
    printf '\177ELF\2\2\1\0\0\0\0\0\0\0\0\0\0\3\0\26' >"$root/bin/sh"
    refused s390x
    printf '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\1\2' >"$root/bin/sh"
    run -1 "$BUILDER" build --engine none "$root"
    [[ $output == *"kernel 6.1.0: it is of an architecture that is not known" ]]
    # Programs of i386 on a kernel of amd64 are fine; so are this machine's own.
    printf '\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\3\0\3\0' >"$root/bin/sh"
    printf 'CONFIG_X86=y\nCONFIG_X86_64=y\n' >"$root/boot/config-6.1.0"
    run -0 "$BUILDER" build --engine none --arch amd64 "$root"
    rm "$root/boot/config-6.1.0"
    cp --remove-destination /bin/dash "$root/bin/sh"
    run -0 "$BUILDER" build --engine none "$root"
}

@test "a TMPDIR with blanks or colons is refused" {
    fake_dracut 'exit 7'
    mkdir "$BATS_TEST_TMPDIR/a b"
    TMPDIR="$BATS_TEST_TMPDIR/a b" run -1 "$BUILDER" build --engine none "$root"
    [[ $output == *"dracut takes no path with blanks or colons"* ]]
}

@test "what a person keeps in TMPDIR under a like name stays" {
    working_dracut
    export TMPDIR=$BATS_TEST_TMPDIR/tmp
    mkdir "$TMPDIR"
    mkdir -m 755 "$TMPDIR/initrd-builder.backup" "$TMPDIR/initrd-builder.abcdef"
    mkdir -m 700 "$TMPDIR/initrd-builder.old" "$TMPDIR/initrd-builder.AbC123"
    touch -d '1 minute ago' "$TMPDIR"/initrd-builder.*
    "$BUILDER" build --engine none "$root"
    [ "$(cd "$TMPDIR" && echo *)" = 'initrd-builder.abcdef initrd-builder.backup initrd-builder.old' ]
}

# A build whose dracut has begun: it ends when something comes by the pipe go. It is "$builder", and what it
# says is in the file said.
building() {
    mkfifo "$BATS_TEST_TMPDIR/started" "$BATS_TEST_TMPDIR/go"
    working_dracut "echo here >'$BATS_TEST_TMPDIR/started'; read -r _ <'$BATS_TEST_TMPDIR/go'"
    "$BUILDER" build --engine none "$root" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
    builder=$!
    read -r _ <"$BATS_TEST_TMPDIR/started"
}

@test "one that is killed leaves the old image, and the next one clears up after it" {
    building
    kill -KILL "$builder"
    wait "$builder" || true
    [ "$(cat "$root/boot/initramfs.lkp-6.1.0.img")" = old ]
    # What is left: the locks, the working directory, and on file systems without O_TMPFILE this.
    : >"$root/boot/.initramfs.lkp-6.1.0.img.0123456789abcdef.new"
    : >"$ROOTOVL_CACHE/.userspace-abc.0123456789abcdef.new"
    # What it had started ends when it may.
    echo >"$BATS_TEST_TMPDIR/go"
    # shellcheck disable=SC2016 # the inner shell expands
    timeout 60 bash -c 'while compgen -G "$TMPDIR/initrd-builder.*/userspace.*" >/dev/null; do
        sleep 0.05; done'
    touch -d '1 minute ago' "$TMPDIR"/initrd-builder.*
    working_dracut_again
    run -0 timeout 60 "$BUILDER" build --engine none "$root"
    [[ $output != *waiting* ]]
    [ "$(ls -A "$root/boot")" = "initramfs.lkp-6.1.0.from
initramfs.lkp-6.1.0.img
modules-6.1.0.cgz" ]
    [ "$(find "$ROOTOVL_CACHE" -type f | wc -l)" = 1 ]
    [ -z "$(ls -A "$TMPDIR")" ]
}

# The same without what it waited for.
working_dracut_again() {
    rm -r "$FULL"
    working_dracut
    rm -f "$root/boot/initramfs.lkp-6.1.0.img"
}

@test "two builders on one root: the second waits, and finds it current" {
    building
    "$BUILDER" build --engine none "$root" >"$BATS_TEST_TMPDIR/second" 2>&1 3>&- &
    second=$!
    wait_line "$BATS_TEST_TMPDIR/second" "waiting for another initrd-builder in $root/boot" 60
    echo go >"$BATS_TEST_TMPDIR/go"
    wait "$builder"
    wait "$second"
    cat "$BATS_TEST_TMPDIR/said" "$BATS_TEST_TMPDIR/second"
    run ! grep waiting "$BATS_TEST_TMPDIR/said"
    grep -q "$root: kernel 6.1.0: current" "$BATS_TEST_TMPDIR/second"
    [ ! -e "$root/boot/.initrd-builder.lock" ]
}

@test "what is current is left alone; --force, a changed module, another image file are not" {
    working_dracut
    image=$root/boot/initramfs.lkp-6.1.0.img
    run -0 "$BUILDER" build --engine none "$root"
    [[ $output != *current* ]]
    inode=$(stat -c %i "$image")
    run -0 "$BUILDER" build --engine none "$root"
    [ "${lines[0]}" = "$root: kernel 6.1.0: current" ]
    [ "$(stat -c %i "$image")" = "$inode" ]
    cp "$image" "$BATS_TEST_TMPDIR/before"
    for change in "echo x >>$image" "touch -d 2001-02-03 $root/lib/modules/6.1.0/modules.builtin" \
        "mkdir -p $root/lib/firmware; touch $root/lib/firmware/new.bin" \
        "rm $root/boot/modules-6.1.0.cgz" "rm $root/boot/initramfs.lkp-6.1.0.from"; do
        eval "$change"
        run -0 "$BUILDER" build --engine none "$root"
        [[ $output != *current* ]]
        run -0 "$BUILDER" build --engine none "$root"
        [[ $output == *current* ]]
    done
    run -0 "$BUILDER" build --engine none --force "$root"
    [[ $output != *current* ]]
    SOURCE_DATE_EPOCH=1700000000 run -0 "$BUILDER" build --engine none "$root"
    [[ $output == *userspace:* ]]
}

@test "with other certificates on the machine the userspace is another one" {
    working_dracut
    "$BUILDER" build --engine none "$root"
    # shellcheck disable=SC2016 # the inner shell expands
    unshare --mount sh -euc 'mount -t tmpfs none /etc/ssl/certs
        echo other >/etc/ssl/certs/ca-certificates.crt
        "$0" build --engine none "$1"' "$BUILDER" "$root"
    [ "$(find "$ROOTOVL_CACHE" -name 'userspace-*' | wc -l)" = 2 ]
}

@test "a kernel that cannot unpack zstd gets both halves as it can" {
    working_dracut
    echo 'CONFIG_RD_XZ=y' >"$root/boot/config-6.1.0"
    run -0 "$BUILDER" build --engine none "$root"
    [[ $output == *", xz"* ]]
    xz -dc "$root/boot/initramfs.lkp-6.1.0.img" | grep -qa usr/lib/rootovl/built-from
    rm "$root/boot/config-6.1.0"
    run -0 "$BUILDER" build --engine none "$root"
    [[ $output == *", gzip"* ]]
    second_half "$root/boot/initramfs.lkp-6.1.0.img" >"$BATS_TEST_TMPDIR/second"
    grep -qa usr/lib/rootovl/built-from "$BATS_TEST_TMPDIR/second"
}
