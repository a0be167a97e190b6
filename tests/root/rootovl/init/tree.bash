# SPDX-License-Identifier: GPL-2.0-or-later
# The short way under a real kernel in a second: Debian's user-mode-linux, whose /init is the helper. It has no
# network that needs no rights, so the root is an ext4 file system on a disk. busybox is the shell and the root.
# shellcheck shell=bash disable=SC2154 # bats sets BATS_TEST_TMPDIR

LIB=$BATS_TEST_DIRNAME/../../../lib
. "$LIB/place.bash"

# programs TREE PROGRAM…: copies programs with their libraries.
programs() {
    local tree=$1 program file
    shift
    for program; do
        install -D "$program" "$tree/usr/bin/${program##*/}"
        ldd "$program" 2>/dev/null | grep -oE '/[^ )]+' | sort -u | while read -r file; do
            [[ -e $tree$file ]] || install -D "$file" "$tree$file"
        done
    done
}

# The initramfs: the helper, a shell, the module of overlayfs. WITNESS: what the shell of a failed boot runs.
# NETWORKD: a script in the place of systemd-networkd. JOB_UNIT: with a job and its unit.
make_initramfs() {
    local tree=$BATS_TEST_TMPDIR/tree modules name
    rm -rf "$tree"
    mkdir -p "$tree"/{dev,proc,sys,run,sysroot,tmp,etc,lab} "$tree"/usr/{bin,lib/rootovl}
    ln -s usr/bin "$tree/bin"
    ln -s usr/lib "$tree/lib"
    ln -s usr/lib "$tree/lib64"
    mkdir "$tree/usr/sbin"
    ln -s usr/sbin "$tree/sbin"
    programs "$tree" "$BUILD/rootovl" "$(command -v busybox)"
    cp "$BUILD/rootovl-booted" "$tree/usr/lib/rootovl/rootovl-report"
    cp "$TOP"/src/rootovl/{payload,defer}.conf "$tree/usr/lib/rootovl/"
    ln -s usr/bin/rootovl "$tree/init"
    ln -s busybox "$tree/usr/bin/sh"
    echo ID=test >"$tree/etc/initrd-release"
    modules=/usr/lib/uml/modules/$(linux.uml --version)
    name=$(find "$modules" -name 'overlay.ko*')
    install -D -m 644 "$name" "$tree/usr/lib/modules/${modules##*/}/${name##*/}"
    depmod -b "$tree" "${modules##*/}"
    printf '%s\n' "${WITNESS:-}" >"$tree/lab/witness"
    if [[ -n ${NETWORKD:-} ]]; then
        mkdir -p "$tree/usr/lib/systemd"
        printf '%s\n' "$NETWORKD" >"$tree/usr/lib/systemd/systemd-networkd"
        chmod 755 "$tree/usr/lib/systemd/systemd-networkd"
    fi
    if [[ -n ${JOB_UNIT:-} ]]; then
        mkdir -p "$tree/lkp/scheduled" "$tree/lkp/lkp/src/rootfs/addon/etc/systemd/system"
        echo job >"$tree/lkp/scheduled/job.yaml"
        printf '[Service]\nExecStart=/lkp/scheduled/job.sh\n[Install]\nWantedBy=multi-user.target\n' \
            >"$tree/lkp/lkp/src/rootfs/addon/etc/systemd/system/lkp-bootstrap.service"
    fi
    (cd "$tree" && find . | cpio -o -H newc --quiet) >"$BATS_TEST_TMPDIR/initrd"
}

# A root without systemd: busybox, whose init runs one script that says what it finds.
make_root() {
    command -v linux.uml >/dev/null || skip 'no user-mode-linux here'
    local tree=$BATS_TEST_TMPDIR/root
    rm -rf "$tree"
    mkdir -p "$tree"/{bin,sbin,etc,usr/bin,usr/sbin,usr/lib,dev,proc,sys,run,tmp,var,root}
    cp "$(command -v busybox)" "$tree/bin/busybox"
    ldd "$tree/bin/busybox" 2>/dev/null | grep -oE '/[^ )]+' | while read -r file; do install -D "$file" "$tree$file"; done
    ln -s busybox "$tree/bin/sh"
    ln -s ../bin/busybox "$tree/sbin/init"
    printf 'ID=busybox\n' >"$tree/etc/os-release"
    printf 'root:x:0:0::/root:/bin/sh\n' >"$tree/etc/passwd"
    printf 'root:*:19000::::::\n' >"$tree/etc/shadow"
    printf '::sysinit:/etc/start\n' >"$tree/etc/inittab"
    cat >"$tree/etc/start" <<'START'
#!/bin/busybox sh
PATH=/bin
exec >/dev/console 2>&1
busybox --install -s /bin
echo "the root runs: $(awk '$2 == "/" { print $3 }' /proc/mounts)"
echo "payload: $(cat /lkp/scheduled/job.yaml)"
echo "processes of the initramfs: $(ps -o args | grep -c '[r]ootovl')"
poweroff -f
START
    chmod 755 "$tree/etc/start"
    chown -R 0:0 "$tree"
    rm -f "$BATS_TEST_TMPDIR/disk"
    truncate -s 32M "$BATS_TEST_TMPDIR/disk"
    mkfs.ext4 -q -d "$tree" "$BATS_TEST_TMPDIR/disk"
}

# first_boot WORDS: boots to the machine's end; `console` has what it said.
first_boot() {
    TMPDIR=$BATS_TEST_TMPDIR timeout --kill-after=5 120 linux.uml mem=256M uml_dir="$BATS_TEST_TMPDIR/uml" \
        initrd="$BATS_TEST_TMPDIR/initrd" ubd0r="$BATS_TEST_TMPDIR/disk" panic=-1 con=null con0=null,fd:1 ssl=null \
        rootovl ENV=/lab/witness "$@" </dev/null >console.raw 2>&1 || true
    tr -d '\r' <console.raw >console
    cat console
}

said() {
    grep -qE "$1" console || { echo "not said: $1"; return 1; }
}
not_said() {
    ! grep -qiE "$1" console || { echo "said: $1"; return 1; }
}
