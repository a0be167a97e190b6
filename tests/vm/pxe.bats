#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# From power-on to the job as docs/pxe.md has it, with the files of docs/pxe as they stand: firmware,
# DHCP and TFTP, iPXE, the scheduler, HTTP, the root.
# shellcheck disable=SC2030,SC2031 # each test is a process of its own

. "$BATS_TEST_DIRNAME/lib.bash"
. "$LIB/server-dhcp.bash"
. "$LIB/server-http.bash"

PXE=$TOP/docs/pxe
SERVER=192.168.77.1 # of those files
MAC=52:54:00:77:00:2a
TREE=debian/x86_64/12

# The farm's server, with a /srv of its own. Its DHCP is for the test to start.
farm() {
    local image boot
    lab_bridge farm $SERVER/24
    serve_smb compass debian-12 $TREE
    WWW=$DIR/srv/http
    boot=$WWW/os/$TREE/boot
    mkdir -p "$DIR/srv/tftp" "$WWW/boot.ipxe/mac" "$WWW/jobs/1" "$boot"
    lab mount --bind "$DIR/srv" /srv
    cp "$PXE/boot.ipxe" /usr/lib/ipxe/undionly.kpxe /usr/lib/ipxe/snponly.efi "$DIR/srv/tftp/"
    image=$("$LIB/image" lean debian-12)
    KVER=$(ls "$ROOT/usr/lib/modules")
    ln -s "$image" "${image%/*}/modules-$KVER.cgz" "$ROOT/boot/vmlinuz-$KVER" "$boot/"
    http_configure "$DIR" $SERVER
    http_site "$DIR" "$PXE/nginx.conf"
    http_start "$DIR"
}

farm_dhcp() {
    dhcp_start "$DIR" farm --conf-file="$PXE/dnsmasq.conf"
}

# The job as the initrds that docs/pxe.md names.
publish_job() {
    local trees=$DIR/trees
    mkdir -p "$trees/job/lkp" "$trees/lkp-tests/lkp" "$trees/program/opt"
    cp -a "$JOB/lkp/scheduled" "$trees/job/lkp/"
    cp -a "$JOB/lkp/lkp" "$trees/lkp-tests/lkp/"
    [[ ! -e $JOB/opt ]] || cp -a "$JOB/opt" "$trees/program/"
    "$LIB/pack" "$trees/job" "$WWW/jobs/1/job.cgz"
    "$LIB/pack" "$trees/lkp-tests" "$WWW/jobs/lkp-tests.cgz"
    "$LIB/pack" "$trees/program" "$WWW/jobs/program.cgz"
}

# A job that also says what firmware the machine has.
make_probe_job() {
    make_job
    # shellcheck disable=SC2016 # the job's own
    echo 'say firmware "$(if [ -d /sys/firmware/efi ]; then echo uefi; else echo bios; fi)"' \
        >"$JOB/lkp/scheduled/extra"
    publish_job
}

# schedule SCRIPT MAC: what the scheduler answers to this machine from now on.
schedule() {
    sed "s/KVER/$KVER/g" "$PXE/$1" >"$WWW/new"
    mv "$WWW/new" "$WWW/boot.ipxe/mac/${2//:/-}"
}

# power_on FIRMWARE: a machine that has nothing but a card on the farm's network.
power_on() {
    lab "$LIB/machine" -f "$1" -t 1000 -n "$(lab_nic tap0 farm ",mac=$MAC")" "$VM" \
        </dev/null >"$DIR/machine.log" 2>&1 3>&- &
    # shellcheck disable=SC2034 # for lib.bash
    MACHINE=$!
}

# Firmware and iPXE are not the job's time.
wait_fetched() {
    wait_line "$DIR/http/access.log" '^200 /jobs/program.cgz ' 1000 "$MACHINE"
}

# tftp_sent FILE…: these, and no other, in this order; a firmware may ask twice.
tftp_sent() {
    diff <(printf '%s\n' "$@") \
        <(sed -n 's,.*tftp.*: sent /srv/tftp/\(.*\) to 192.*,\1,p' "$(dhcp_log "$DIR" farm)" | uniq)
}

# http_sent URI…: these, and no other, in any order.
http_sent() {
    diff <(printf '200 %s -\n' "$@" | sort) <(grep '^200 ' "$DIR/http/access.log" | sort -u)
}

# job_sent MAC: the answer of the scheduler, and what it names.
job_sent() {
    http_sent "/boot.ipxe/mac/${1//:/-}" \
        /os/$TREE/boot/{"vmlinuz-$KVER","initramfs.lkp-$KVER.img","modules-$KVER.cgz"} \
        /jobs/{1/job,lkp-tests,program}.cgz
}

# bats test_tags=slow
@test "pxe: BIOS, a card with other firmware than iPXE: undionly.kpxe asks until there is a job" {
    local ask=/boot.ipxe/mac/${MAC//:/-}
    farm
    # QEMU's card has iPXE. A DHCP server that takes it for other firmware makes it fetch undionly.kpxe.
    dhcp_start "$DIR" farm --dhcp-range=192.168.77.50,192.168.77.250,7d \
        --enable-tftp --tftp-root=/srv/tftp --dhcp-boot=undionly.kpxe
    power_on bios
    wait_line "$(dhcp_log "$DIR" farm)" 'sent /srv/tftp/undionly.kpxe ' 1000 "$MACHINE"
    dhcp_stop "$DIR" farm
    farm_dhcp
    wait_line "$DIR/http/access.log" "^200 $ask " 1000 "$MACHINE"
    # There is none at first.
    schedule job-in-memory.ipxe $MAC
    wait_line "$DIR/http/access.log" "^404 /os/$TREE/boot/root.cgz" 1000 "$MACHINE"
    tftp_sent boot.ipxe
}

@test "pxe: BIOS, iPXE in the card; an initrd missing at first; kernel, five initrds, a CIFS root" {
    farm
    farm_dhcp
    make_probe_job
    schedule job.ipxe $MAC
    mv "$WWW/jobs/program.cgz" "$WWW/jobs/late"
    power_on bios
    wait_line "$DIR/http/access.log" '^404 /jobs/program.cgz ' 1000 "$MACHINE"
    mv "$WWW/jobs/late" "$WWW/jobs/program.cgz"
    wait_fetched
    good_boot cifs
    facts firmware bios
    tftp_sent boot.ipxe
    job_sent $MAC
}

@test "pxe: UEFI, its own PXE, snponly.efi; kernel, five initrds, a CIFS root" {
    farm
    farm_dhcp
    make_probe_job
    schedule job.ipxe $MAC
    power_on uefi
    wait_fetched
    good_boot cifs
    facts firmware uefi
    tftp_sent snponly.efi boot.ipxe
    job_sent $MAC
}

# bats test_tags=slow
@test "pxe: BIOS, iPXE in the card; a whole root as an initrd, no switch of roots, and its job" {
    local tree=$DIR/in-memory
    farm
    farm_dhcp
    make_probe_job
    "$BUILD/initrd-builder" rootfs "$ROOT" -o "$WWW/os/$TREE/boot/root.cgz"
    # What rootovl would have seen to.
    mkdir -p "$tree/etc/systemd/system/multi-user.target.wants"
    : >"$tree/etc/fstab"
    cp "$JOB"/lkp/lkp/src/rootfs/addon/etc/systemd/system/lkp-bootstrap.service "$tree/etc/systemd/system/"
    ln -s ../lkp-bootstrap.service "$tree/etc/systemd/system/multi-user.target.wants/"
    "$LIB/pack" "$tree" "$WWW/jobs/in-memory.cgz"
    schedule job-in-memory.ipxe $MAC
    power_on bios
    wait_fetched
    wait_line "$VM/verdict.log" '^done=' 1000 "$MACHINE"
    ends_with poweroff
    facts job started root_type rootfs overlays 0 write_root ok setuid 4755 bootstrap active firmware bios \
        payload_sum "$(expected_sum)"
    diff <(expected_payload) <(section payload)
    tftp_sent boot.ipxe
    http_sent "/boot.ipxe/mac/${MAC//:/-}" /os/$TREE/boot/{"vmlinuz-$KVER",root.cgz} \
        /jobs/{in-memory,1/job,lkp-tests,program}.cgz
    server_untouched
}

# bats test_tags=slow
@test "pxe: a virtual testbox boots the same script from the same scheduler" {
    local name=vm-1p2g-5 mac status=0
    mac=0a-$(echo $name | md5sum | sed -E 's/^(..)(..)(..)(..)(..).*/\1-\2-\3-\4-\5/')
    farm
    make_result_job 7
    publish_job
    schedule job.ipxe "$mac"
    mkdir "$DIR/result"
    # shellcheck disable=SC2016 # testbox's own
    lab env TESTBOX_STATE="$DIR/state" "$BUILD/testbox" run --name $name --kvm no --timeout 600 \
        --result "$DIR/result" "http://$SERVER:3000/boot.ipxe/mac/"'${mac:hexhyp}' >"$DIR/said" 2>&1 3>&- || status=$?
    cp "$DIR/state/$name/console.log" "$VM/" || true
    : >"$VM/verdict.log"
    cat "$DIR/said"
    [[ $status == 7 && $(cat "$DIR/result/exit-status") == 7 ]]
    grep -q " rootovl: root ready in .* cifs //$SERVER/os/$TREE ro" "$VM/console.log"
    job_sent "$mac"
    server_untouched
}

@test "pxe: a virtual testbox of template pxe, without a script: its card's iPXE asks the scheduler" {
    local name=vm-1p2g-pxe-5 mac status=0
    mac=0a-$(echo $name | md5sum | sed -E 's/^(..)(..)(..)(..)(..).*/\1-\2-\3-\4-\5/')
    farm
    farm_dhcp
    make_result_job 0
    publish_job
    schedule job.ipxe "$mac"
    lab_overlay /etc /etc # /etc/qemu is this host's
    lab mkdir -p /etc/qemu
    echo 'allow farm' | lab tee /etc/qemu/bridge.conf >/dev/null
    mkdir "$DIR/hosts"
    printf '%s\n' 'template: pxe' 'nr_cpu: 1' 'memory: 2G' 'nics: [bridge: farm]' >"$DIR/hosts/vm-1p2g-pxe"
    lab env TESTBOX_STATE="$DIR/state" "$BUILD/testbox" run --name $name --kvm no --timeout 900 --hosts "$DIR/hosts" \
        >"$DIR/said" 2>&1 3>&- || status=$?
    cp "$DIR/state/$name/console.log" "$VM/" || true
    : >"$VM/verdict.log"
    cat "$DIR/said"
    [[ $status == 0 ]]
    grep -q "^testbox: $name: boot by network card ended after " "$DIR/said"
    grep -q ' rootovl: root ready in .* lkp-bootstrap.service' "$VM/console.log"
    tftp_sent boot.ipxe
    job_sent "$mac"
    [[ ! -e $DIR/state/$name/run ]]
}
