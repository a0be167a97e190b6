#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A server that dies under the running root: reboot and poweroff are not held up by it.
# shellcheck disable=SC2034 # the library reads DEVICES and MACHINE_OPTIONS

. "$BATS_TEST_DIRNAME/lib.bash"
. "$LIB/server-nbd.bash"

# boot_and_kill SERVER-STOP-FUNCTION ROOT-ARGUMENT: boots the job with the script of stdin in it, kills
# the server when it says so, and then lets it go on: it reads "go" from descriptor 4. The machine must
# end as it says within 30 s.
boot_and_kill() {
    local stop=$1 root=$2 end=$3 start
    make_job
    {
        echo 'exec 4</dev/virtio-ports/go'
        cat
    } >"$JOB/lkp/scheduled/extra"
    mkfifo "$DIR/go.in" "$DIR/go.out"
    DEVICES="-device virtio-serial-pci -chardev pipe,id=go,path=$DIR/go -device virtserialport,chardev=go,name=go"
    boot lean "${BOOTED:-debian-12}" "$JOB_LINE $root"
    wait_line "$VM/verdict.log" '^server=may die' 1000 "$MACHINE"
    "$stop" "$DIR"
    start=$SECONDS
    echo go >"$DIR/go.in"
    ends_with "$end"
    echo "it ended $((SECONDS - start)) s after the server"
    ((SECONDS - start <= 30))
    grep -q 'rootovl: the server of the root is silent' "$VM/console.log"
}

@test "dead server: a reboot that is asked for when it is dead, cifs" {
    serve_smb compass debian-12 debian/12
    # What Ctrl-Alt-Del and `systemctl reboot` come to, by signal (systemd(1)): no program can be
    # started any more.
    boot_and_kill smb_stop "root=cifs://$SERVER/os/debian/12,$CIFS1" reboot <<'END'
say server 'may die'
read -r go <&4
kill -39 1
read -r never <&4
END
}

@test "dead server: it dies while systemctl poweroff is under way, nfs" {
    serve_nfs debian-12 debian/12
    boot_and_kill nfs_stop "root=nfs:$SERVER:$EXPORT/debian/12" poweroff <<'END'
trap 'say server "may die"; read -r go <&4; exit 0' TERM
systemctl --no-block poweroff
read -r never <&4
END
}

# pack_trigger: when the helper has begun to move the payload, runs the script of stdin.
pack_trigger() {
    local units=$DIR/trigger/etc/systemd/system
    mkdir -p "$units/sysinit.target.wants" "$DIR/trigger/lab"
    cat >"$DIR/trigger/lab/copying.sh"
    printf '%s\n' '[Unit]' 'DefaultDependencies=no' '[Path]' 'PathExists=/run/rootovl/payload-moved' \
        >"$units/lab-copying.path"
    printf '%s\n' '[Unit]' 'DefaultDependencies=no' '[Service]' 'RemainAfterExit=yes' \
        'ExecStart=/bin/sh /lab/copying.sh' >"$units/lab-copying.service"
    ln -s ../lab-copying.path "$units/sysinit.target.wants/"
    "$LIB/pack" "$DIR/trigger" "$DIR/trigger.cgz"
}

# A payload that takes seconds to copy, and asks the server meanwhile.
make_long_job() {
    local i
    make_job
    mkdir -p "$JOB"/opt/many/{0..59}
    for i in {0..5999}; do
        echo "file $i" >"$JOB/opt/many/$((i / 100))/$i"
    done
    for i in {0..99}; do
        mkdir -p "$JOB/lkp/lkp/src/rootfs/addon/usr/share/doc/many-$i"
        touch "$JOB/lkp/lkp/src/rootfs/addon/usr/share/doc/many-$i/file"
    done
}

@test "dead server: it dies while the payload is copied; the boot fails in bounded time, nothing is left" {
    serve_smb compass debian-12 debian/12
    make_long_job
    # The helper stands still until the server is dead, which ends the connection to its port 445.
    pack_trigger <<'END'
rootovl() {
    systemctl kill --kill-who=all --signal="$1" rootovl.service
}
connected() {
    while read -r _ _ remote state _; do
        case $remote,$state in *:01BD,01) return 0 ;; esac
    done </proc/net/tcp
    return 1
}
rootovl STOP
echo copying=now >/dev/ttyS1
while connected; do :; done
rootovl CONT
END
    WITNESS=long pack_witness
    boot lean debian-12 "$JOB_LINE rootovl.timeout=20 root=cifs://$SERVER/os/debian/12,$CIFS1" \
        "$DIR/trigger.cgz" "$DIR/witness.cgz"
    wait_line "$VM/verdict.log" '^copying=now' 1000 "$MACHINE"
    smb_stop "$DIR"
    ends_with poweroff
    failed_to_shell 'copy payload' "the lower's server stopped answering, for 2"
    console_lines | grep -q "^waiting for the lower's server: no answer (1[0-9] of 20 s)"
}

@test "dead server: the helper is killed in mid-boot; nothing is left, and the shell comes" {
    serve_nfs debian-12 debian/12
    make_long_job
    pack_trigger <<<'systemctl kill --kill-who=all --signal=KILL rootovl.service'
    WITNESS=long pack_witness
    boot lean debian-12 "$JOB_LINE root=nfs:$SERVER:$EXPORT/debian/12" \
        "$DIR/trigger.cgz" "$DIR/witness.cgz"
    ends_with poweroff
    SERVICE=signal failed_to_shell 'copy payload' 'rootovl was killed (signal)'
}

# An image of Debian 12's root, on an NBD server.
serve_nbd() {
    "$BUILD/initrd-builder" image "$("$LIB/rootfs" debian-12)" -o "$DIR/root.erofs"
    nbd_start "$DIR" qemu -f raw "$DIR/root.erofs"
}

# bats test_tags=slow
@test "dead server: the helper is killed with its root on NBD; the device is disconnected" {
    serve_nbd
    make_long_job
    pack_trigger <<'END'
for pid in /sys/block/nbd*/pid; do
    [ ! -e "$pid" ] || echo "connected=before" >/dev/ttyS1
done
systemctl kill --kill-who=all --signal=KILL rootovl.service
END
    WITNESS=long pack_witness
    boot lean debian-12 "$JOB_LINE root=nbd:$SERVER" "$DIR/trigger.cgz" "$DIR/witness.cgz"
    ends_with poweroff
    facts connected before
    SERVICE=signal failed_to_shell 'copy payload' 'rootovl was killed (signal)'
}

# bats test_tags=slow
@test "dead server: a boot that fails with its root on NBD disconnects the device" {
    serve_nbd
    pack_witness
    boot lean debian-12 "$JOB_LINE root=nbd:$SERVER init=/absent" "$DIR/witness.cgz"
    ends_with poweroff
    failed_to_shell 'check lower' '/absent'
}

# bats test_tags=slow
@test "dead server: a reboot that is asked for when it is dead, nbd, Linux 6.12" {
    serve_nbd
    BOOTED=debian-13 boot_and_kill nbd_stop "root=nbd:$SERVER" reboot <<'END'
say server 'may die'
read -r go <&4
kill -39 1
read -r never <&4
END
}
