#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The tests' own machine: however it ends, its runner says so, and leaves nothing behind.

bats_require_minimum_version 1.5.0

setup_file() {
    local tree=$BATS_FILE_TMPDIR/tree
    LIB=$BATS_TEST_DIRNAME/../lib
    KERNEL=$(echo "$("$LIB/rootfs" debian-12)"/boot/vmlinuz-*)
    INITRD=$BATS_FILE_TMPDIR/ends.cgz
    export LIB KERNEL INITRD
    mkdir -p "$tree"/{bin,dev,proc}
    cp /bin/busybox "$tree/bin/"
    cat >"$tree/init" <<'END'
#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t proc proc /proc
echo hello >/dev/ttyS1
case $(/bin/busybox grep -o 'end=[a-z]*' /proc/cmdline) in
end=poweroff) /bin/busybox poweroff -f ;;
end=reboot) /bin/busybox reboot -f ;;
end=hang) /bin/busybox sleep 1000 ;;
esac
END
    chmod 755 "$tree/init"
    "$LIB/pack" "$tree" "$INITRD"
}

# ends STATUS WORD OPTION…: boots a machine that is told how to end.
ends() {
    local status=$1 word=$2 end=$3
    shift 3
    run -"$status" "$LIB/machine" -n none "$@" "$BATS_TEST_TMPDIR" "$KERNEL" "quiet end=$end" "$INITRD"
    [ "$(cat "$BATS_TEST_TMPDIR/end")" = "$word" ]
    grep -q '^hello' "$BATS_TEST_TMPDIR/verdict.log"
}

@test "machine: a poweroff" {
    ends 0 poweroff poweroff
}

@test "machine: a reboot" {
    ends 10 reboot reboot
}

@test "machine: a panic, here of an init that ends" {
    ends 11 panic init
}

@test "machine: a hang ends at the deadline" {
    ends 12 deadline hang -t 12
}

@test "machine: QEMU that cannot start" {
    run -13 "$LIB/machine" -n nonsense "$BATS_TEST_TMPDIR" "$KERNEL" quiet "$INITRD"
    [ "$(cat "$BATS_TEST_TMPDIR/end")" = error ]
}

@test "machine: ended from outside, QEMU ends too" {
    "$LIB/machine" -n none "$BATS_TEST_TMPDIR" "$KERNEL" 'quiet end=hang' "$INITRD" 3>&- &
    runner=$!
    . "$LIB/events.bash"
    wait_line "$BATS_TEST_TMPDIR/verdict.log" '^hello' 300 "$runner"
    qemu=$(pgrep -P "$runner" qemu)
    kill "$runner"
    timeout 60 tail --pid="$qemu" -f /dev/null
}

@test "machine: a lab ends with the shell that started it, and all in it" {
    # shellcheck disable=SC2016 # the inner shell expands
    run -137 timeout 120 bash -c '. "$LIB/lab.bash" && lab_start && echo "$LAB_PID" >"$1/lab" &&
        { lab sleep 1000 & } && echo $! >"$1/inside" && kill -KILL $$' bash "$BATS_TEST_TMPDIR"
    timeout 60 tail --pid="$(cat "$BATS_TEST_TMPDIR/lab")" -f /dev/null
    timeout 60 tail --pid="$(cat "$BATS_TEST_TMPDIR/inside")" -f /dev/null
}
