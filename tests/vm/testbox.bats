#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# testbox boots a root over CIFS: its network, its personality, its results, its job's exit status.

bats_require_minimum_version 1.5.0
. "$BATS_TEST_DIRNAME/lib.bash"
. "$BATS_TEST_DIRNAME/../lib/server-dhcp.bash"

TESTBOX=$BUILD/testbox

# The network that the machines of testbox are on by a bridge, as a farm's host has it.
bridge() {
    SERVER=10.77.0.1
    lab_bridge br-farm $SERVER/24
    dhcp_start "$DIR" br-farm --dhcp-range=10.77.0.50,10.77.0.99,1h
    mkdir "$DIR/hosts"
    echo 'nics: [{bridge: br-farm}]' >"$DIR/hosts/vm-1p2g.yaml"
}

@test "testbox: a tap on a bridge with DHCP, hostname, address and password of a personality, results by virtiofs, the job's exit status" {
    local image kernel status=0 hash mac
    mac=0a:$(echo vm-1p2g-3 | md5sum | sed -E 's/^(..)(..)(..)(..)(..).*/\1:\2:\3:\4:\5/')
    bridge
    serve_smb compass debian-12 debian/12
    make_result_job 7
    "$LIB/pack" "$JOB" "$DIR/job.cgz"
    image=$("$LIB/image" lean debian-12)
    kernel=$(echo "$BUILD"/roots/debian-12/boot/vmlinuz-*)
    mkdir "$DIR/result"
    echo 'S3CRET,Word' >"$DIR/secret"
    printf '%s\n' '#!ipxe' "initrd file://$image" "initrd file://$DIR/job.cgz" \
        "kernel file://$kernel $JOB_LINE root=cifs://$SERVER/os/debian/12,$CIFS1" boot >"$DIR/job.ipxe"
    lab env TESTBOX_STATE="$DIR/state" "$TESTBOX" run -n vm-1p2g-3 --kvm no --timeout 600 \
        --hosts "$DIR/hosts" --result "$DIR/result" \
        --personality "hostname=box-seven,ip=10.99.7.7/24,password-file=$DIR/secret" \
        "$DIR/job.ipxe" >"$DIR/said" 2>&1 3>&- || status=$?
    cp "$DIR/state/vm-1p2g-3/console.log" "$VM/" || true
    : >"$VM/verdict.log"
    cat "$DIR/said"
    [[ $status == 7 ]]
    [[ $(cat "$DIR/result/exit-status") == 7 ]]
    [[ $(cat "$DIR/result/hostname") == box-seven && $(cat "$DIR/result/etc-hostname") == box-seven ]]
    grep -qw 10.99.7.7 "$DIR/result/addresses"
    grep -qE '^ +\|-- 10\.77\.0\.[5-9][0-9]$' "$DIR/result/addresses"
    grep -q " $mac 10\.77\.0\." "$DIR/dnsmasq-br-farm.leases"
    # The tap went with the machine.
    [[ -z $(lab ls /sys/class/net/br-farm/brif) ]]
    hash=$(cut -d : -f 2 "$DIR/result/shadow")
    # shellcheck disable=SC2016 # perl's own
    [[ $hash == '$y$'* && $(perl -e 'print crypt("S3CRET,Word", $ARGV[0])' "$hash") == "$hash" ]]
    [[ $(cat "$DIR/result/shadow-mode") == "$(stat -c '%a' "$ROOT/etc/shadow") root:shadow" ]]
    # The medium is gone before the root runs, and the password stands nowhere.
    grep -q 'No medium' "$DIR/result/cd-errors"
    grep -q ' testbox: the personality is acknowledged$' "$DIR/state/vm-1p2g-3/console.log"
    run ! grep -raq -e S3CRET -e "${hash:0:20}" "$DIR/state" "$DIR/said" "$DIR/result/cmdline"
    [[ ! -e $DIR/state/vm-1p2g-3/run ]]
    server_untouched
}

# disk_root: a disk with the root, LABEL=testroot, for hosts of the kind vm-1p2g.
disk_root() {
    truncate -s 1G "$DIR/root.ext4"
    mkfs.ext4 -q -L testroot -d "$("$LIB/rootfs" debian-12)" "$DIR/root.ext4"
    mkdir "$DIR/hosts"
    echo "disks: [{base: $DIR/root.ext4}]" >"$DIR/hosts/vm-1p2g.yaml"
}

# run_testbox LINE OPTION…: a machine with the job, and what became of it: STATUS, $DIR/said, the log.
run_testbox() {
    local image kernel
    [[ ! -e $JOB ]] || "$LIB/pack" "$JOB" "$DIR/job.cgz"
    image=$("$LIB/image" lean debian-12)
    kernel=$(echo "$BUILD"/roots/debian-12/boot/vmlinuz-*)
    {
        printf '%s\n' '#!ipxe' "initrd file://$image"
        [[ ! -e $JOB ]] || echo "initrd file://$DIR/job.cgz"
        printf '%s\n' "kernel file://$kernel $JOB_LINE $1" boot
    } >"$DIR/job.ipxe"
    STATUS=0
    lab env TESTBOX_STATE="$DIR/state" "$TESTBOX" run -n vm-1p2g-3 --kvm no --timeout 600 --hosts "$DIR/hosts" "${@:2}" \
        "$DIR/job.ipxe" >"$DIR/said" 2>&1 3>&- || STATUS=$?
    cp "$DIR/state/vm-1p2g-3/console.log" "$VM/" || true
    : >"$VM/verdict.log"
    cat "$DIR/said"
}

@test "testbox: a root by disk, which needs no network: the address of a personality is there; without a card the reason is told" {
    disk_root
    make_result_job 0
    mkdir "$DIR/result"
    run_testbox root=LABEL=testroot --result "$DIR/result" --personality hostname=box-disk,ip=10.99.7.7/24
    [[ $STATUS == 0 && $(cat "$DIR/result/hostname") == box-disk ]]
    grep -qw 10.99.7.7 "$DIR/result/addresses"
    echo 'nics: []' >>"$DIR/hosts/vm-1p2g.yaml"
    run_testbox 'root=LABEL=testroot rootovl.timeout=20' --personality hostname=box-disk,ip=10.99.7.7/24
    [[ $STATUS == 118 ]]
    tail -n 1 "$DIR/said" | grep -qE '^testbox: vm-1p2g-3: rootovl: failed: set personality: ip=10.99.7.7/24: no network interface is up, for [0-9]+ s \(ip=dhcp on the kernel line brings one up\); .* \(testbox log vm-1p2g-3\)$'
}

@test "testbox: a boot that fails ends the run with its line; a root without a unit is left at login:" {
    local begun=$SECONDS
    disk_root
    run_testbox 'root=LABEL=none rootovl.timeout=5'
    [[ $STATUS == 118 ]]
    ((SECONDS - begun < 300))
    grep -q '^testbox: vm-1p2g-3: rootovl: failed: mount lower: .*no device LABEL=none within 5 s' "$DIR/said"
    run_testbox 'root=LABEL=testroot'
    [[ $STATUS == 119 ]]
    grep -q 'vm-1p2g-3: login: with no job' "$DIR/said"
}

@test "testbox job: a job file and a root's folder are enough; the root is shared, and nothing can write to it; results by 9p" {
    local image status=0
    ROOT=$("$LIB/rootfs" debian-12-full) # the kernel for clouds has no 9p
    make_result_job 3
    image=$("$LIB/image" lean debian-12-full)
    mkdir "$DIR/hosts"
    echo 'share: 9p' >"$DIR/hosts/vm-1p2g.yaml"
    lab env TESTBOX_STATE="$DIR/state" "$TESTBOX" job -n vm-1p2g-4 --kvm no --timeout 600 --personality ip=10.99.7.8/24 \
        --hosts "$DIR/hosts" --rootfs "$ROOT" --image "$image" --lkp-src "$JOB/lkp/lkp/src" --script "$JOB/lkp/scheduled/job.sh" \
        "$JOB/lkp/scheduled/job.yaml" >"$DIR/said" 2>&1 3>&- || status=$?
    cp "$DIR/state/vm-1p2g-4/console.log" "$VM/" || true
    : >"$VM/verdict.log"
    cat "$DIR/said"
    [[ $status == 3 ]]
    [[ $(tail -n 1 "$DIR/said") == "$DIR/state/vm-1p2g-4/result" ]]
    [[ $(cat "$DIR/state/vm-1p2g-4/result/exit-status") == 3 ]]
    grep -qw 10.99.7.8 "$DIR/state/vm-1p2g-4/result/addresses"
    [[ -s $DIR/state/vm-1p2g-4/result/lower-errors && ! -e $ROOT/etc/written ]]
    [[ ! -e $DIR/state/vm-1p2g-4/run ]]
}
