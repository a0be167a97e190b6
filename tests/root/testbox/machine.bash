# SPDX-License-Identifier: GPL-2.0-or-later
# Tiny machines for the launcher's tests: Debian's kernel and busybox. They are up within seconds.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # some are for the tests, some of bats

TOP=$(realpath "${BASH_SOURCE[0]%/*}/../../..")
LIB=$TOP/tests/lib
. "$LIB/server-nbd.bash"

# Another build may be looked at.
TESTBOX=${TESTBOX:-${PROGRAMS:-$TOP/build/asan}/testbox}

# make_tiny ROOT: KERNEL and TINY are of this root's kernel. Once for a file of tests.
make_tiny() {
    local tree=$BATS_FILE_TMPDIR/tree-$1 root kind module name n=0
    root=$("$LIB/rootfs" "$1")
    KERNEL=$(echo "$root"/boot/vmlinuz-*)
    TINY=$BATS_FILE_TMPDIR/$1.cgz
    export KERNEL TINY
    [[ ! -e $TINY ]] || return 0
    mkdir -p "$tree"/{bin,dev,proc,sys,modules}
    cp /bin/busybox "$tree/bin/"
    install -m 755 "$LIB/guest/tiny-init.sh" "$tree/init"
    # The kernel for clouds has no 9p.
    for name in virtio_pci virtio_blk virtio_console virtiofs 9pnet_virtio 9p button evdev; do
        while read -r kind module; do
            [[ $kind == builtin ]] || cp "$module" "$tree/modules/$((++n)).ko"
        done < <(modprobe -d "$root" -S "${KERNEL##*/vmlinuz-}" --show-depends $name 2>/dev/null)
    done
    "$LIB/pack" "$tree" "$TINY"
}

# script NAME KERNEL-WORDS [COMMENT]: an iPXE script for a tiny machine. Where the host stands still for 20
# seconds its kernel would say that it hangs, and testbox end it.
script() {
    printf '%s\n' '#!ipxe' "${3:-#}" "initrd file://$TINY" \
        "kernel file://$KERNEL nowatchdog rcupdate.rcu_cpu_stall_suppress=1 $2" boot \
        >"$BATS_TEST_TMPDIR/$1.ipxe"
}

# launch NAME SCRIPT [OPTION…]: testbox run in the background; LAUNCHER is its process, NAME.out has what
# it and the console say.
launch() {
    "$TESTBOX" run -v --kvm no --name "$1" "${@:3}" "$BATS_TEST_TMPDIR/$2.ipxe" \
        </dev/null >"$BATS_TEST_TMPDIR/$1.out" 2>&1 3>&- &
    LAUNCHER=$!
}

# status_of: the launcher's exit status, as STATUS.
status_of() {
    STATUS=0
    wait "$1" || STATUS=$?
}

# Every process of this test's machines: those with its folder in their environment.
processes() {
    local file
    grep -lzsxF "TESTBOX_STATE=$TESTBOX_STATE" /proc/[0-9]*/environ | while read -r file; do
        file=${file%/environ}
        case $(cat "$file/comm" 2>/dev/null) in
        testbox* | qemu-system* | qemu-img | qemu-bridge* | virtiofsd*) echo "${file#/proc/}" ;;
        esac
    done
}

# comm PID
comm() {
    cat "/proc/$1/comm" 2>/dev/null || true
}

# gone: waits until nothing of the test's machines runs.
gone() {
    local pid
    for pid in $(processes); do
        timeout 60 tail --pid="$pid" -f /dev/null || {
            echo "still there: $pid $(comm "$pid")"
            return 1
        }
    done
}

# nothing_left NAME: no process, no file of the run, no lock.
nothing_left() {
    gone
    [[ ! -e $TESTBOX_STATE/$1/run ]] || {
        find "$TESTBOX_STATE/$1"
        return 1
    }
    [[ -z $("$TESTBOX" list) ]]
    [[ ! -e $TESTBOX_STATE/$1 ]] || [[ -z $(find "$TESTBOX_STATE/$1" -mindepth 1 -regextype posix-extended \
        ! -regex '.*/(lock|console.log|console.log.old|qemu.log|network.log|virtiofsd.log|disk-[0-9]*.qcow2)') ]]
}
