#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Boots that fail: in bounded time, with one line, and as rootovl.onfail= says. And one that heals.

. "$BATS_TEST_DIRNAME/lib.bash"

ROOT_ARG="root=cifs://$SERVER/os/debian/12,$CIFS1"

# refused CMDLINE STEP CAUSE: the boot fails and comes to the emergency shell.
refused() {
    WITNESS=${IMAGE:-lean} pack_witness
    boot "${IMAGE:-lean}" debian-12 "$JOB_LINE $1" "$DIR/witness.cgz"
    ends_with poweroff
    failed_to_shell "$2" "$3"
}

@test "failures: no server, shell: the emergency shell, within the timeout" {
    refused "$ROOT_ARG rootovl.timeout=10" 'mount lower' 'port 445: Connection refused'
    [[ $(console_lines) =~ ,\ for\ 1[0-9]\ s\  ]]
    facts way short shell active job_control yes
}

@test "failures: a server that appears after 20 s heals the boot" {
    smb_configure "$DIR" compass
    offer debian-12 debian/12
    smb_share "$DIR" os "$EXPORT"
    make_job
    boot lean debian-12 "$JOB_LINE $ROOT_ARG"
    # It says what it waits for once it has waited for 10 s.
    wait_line "$VM/console.log" '^rootovl: waiting for cifs //10.0.2.2/os/debian/12: .* \(1[0-9] of 90 s\)' 1000 "$MACHINE"
    wait_line "$VM/console.log" '^rootovl: waiting for cifs //10.0.2.2/os/debian/12: .* \(2[0-9] of 90 s\)' 1000 "$MACHINE"
    smb_start "$DIR"
    wait_line "$VM/verdict.log" '^done=' 1000 "$MACHINE"
    ends_with poweroff
    facts root_type overlay system running bootstrap active
}

@test "failures: a networkd that has failed is named" {
    local units=$DIR/more/etc/systemd/system/systemd-networkd.service.d
    mkdir -p "$units"
    printf '[Service]\nExecStart=\nExecStart=/usr/bin/cat /nothing\n' >"$units/broken.conf"
    "$LIB/pack" "$DIR/more" "$DIR/more.cgz"
    WITNESS=long pack_witness
    boot lean debian-12 "$JOB_LINE $ROOT_ARG rootovl.timeout=10" "$DIR/more.cgz" "$DIR/witness.cgz"
    ends_with poweroff
    failed_to_shell 'mount lower' 'systemd-networkd has failed, see journalctl -u systemd-networkd'
}

# bats test_tags=slow
@test "failures: no such share" {
    serve_smb compass debian-12 debian/12
    refused "root=cifs://$SERVER/absent/debian/12,$CIFS1" 'mount lower' 'no such share'
}

# bats test_tags=slow
@test "failures: no such path on the share, reboot" {
    serve_smb compass debian-12 debian/12
    boot lean debian-12 "$JOB_LINE rootovl.onfail=reboot root=cifs://$SERVER/os/absent,$CIFS1"
    ends_with reboot
    NEXT=', rebooting' failed_boot 'mount lower' "cifs //$SERVER/os/absent: no such share or path"
}

@test "failures: a wrong password, power off" {
    serve_smb posix debian-13 debian/13
    smb_user "$DIR" tester right
    boot lean debian-13 "$JOB_LINE rootovl.onfail=poweroff \
        root=cifs://tester:S3CRET@$SERVER/os/debian/13,vers=3.1.1,posix"
    ends_with poweroff
    NEXT=', powering off' failed_boot 'mount lower' 'access denied'
    [[ $(console_lines) != *S3CRET* ]]
}

# bats test_tags=slow
@test "failures: a misspelt parameter" {
    refused "$ROOT_ARG rootovl.tiemout=10" plan 'unknown parameter "rootovl.tiemout"'
}

@test "failures: a misspelt parameter keeps neither onfail nor the report from being obeyed" {
    mkdir -p "$DIR/www/cgi-bin" "$DIR/www/boots"
    cp "$TOP/docs/reports/receive" "$DIR/www/cgi-bin/"
    lab busybox httpd -p 127.0.0.1:8000 -h "$DIR/www" 3>&-
    boot lean debian-12 "$JOB_LINE $ROOT_ARG rootovl.sizes=1G rootovl.onfail=poweroff \
rootovl.report=http://$SERVER:8000/cgi-bin/receive/node7"
    ends_with poweroff
    [[ $(jq -r '.failure.step + " " + .machine.address' "$DIR/www/boots/node7.json") == 'plan 10.0.2.15' ]]
    NEXT=', powering off' failed_boot plan 'unknown parameter "rootovl.sizes"'
}

# bats test_tags=slow
@test "failures: a line that needs systemd, and an image without it" {
    IMAGE=lean-short-vm refused "$ROOT_ARG rd.break" way 'rd.break= needs systemd in the initramfs, and this image has none'
}

# bats test_tags=slow
@test "failures: an upper too small for the payload" {
    serve_smb compass debian-12 debian/12
    make_job
    head -c 4M /dev/urandom >"$JOB/opt/payload/large"
    refused "$ROOT_ARG rootovl.size=2M" 'copy payload' 'the upper is full: no bytes left'
}

@test "failures: an image without the module of the file system" {
    IMAGE=foreign refused "$ROOT_ARG" 'load modules' 'module cifs: not in this image'
}

# bats test_tags=slow
@test "failures: a unit to enable that is not there" {
    serve_smb compass debian-12 debian/12
    make_job
    refused "$ROOT_ARG rootovl.enable=lkp-bootstrap.service,absent.service" 'enable units' 'absent.service'
}

@test "failures: a root that is no operating system, in a stock image: dracut's own shell" {
    serve_smb compass debian-12 debian/12
    IMAGE=stock refused "root=cifs://$SERVER/os/debian,$CIFS1" 'check lower' 'no /sbin/init in the lower'
}

@test "failures: DHCP never answers" {
    # A hub with nothing else on it.
    MACHINE_OPTIONS='-n hubport,hubid=1,model=virtio-net-pci'
    refused "$ROOT_ARG rootovl.timeout=10" 'mount lower' 'Network is unreachable'
}

@test "failures: the name of the server is not resolved" {
    refused "root=cifs://files.invalid/os/debian/12,$CIFS1 rootovl.timeout=10" 'mount lower' \
        'host files.invalid: '
}

# bats test_tags=slow
@test "failures: an initrd of the payload that is cut short is told of" {
    local cut
    serve_smb compass debian-12 debian/12
    make_job
    mkdir "$DIR/second" "$DIR/second/opt"
    head -c 2M /dev/urandom >"$DIR/second/opt/large"
    "$LIB/pack" "$DIR/second" "$DIR/whole.cgz"
    cut=$(($(stat -c %s "$DIR/whole.cgz") / 2))
    head -c "$cut" "$DIR/whole.cgz" >"$DIR/cut.cgz"
    boot lean debian-12 "$JOB_LINE $ROOT_ARG" "$DIR/cut.cgz"
    wait_line "$VM/verdict.log" '^done=' 1000 "$MACHINE"
    ends_with poweroff
    console_lines | grep -q '^an initrd is damaged, .*(the kernel: Initramfs unpacking failed'
    section report | jq -r '.warnings[]' | grep -q '^an initrd is damaged'
}
