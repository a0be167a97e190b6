#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Roots that are one image on a server which knows nothing of roots: a block device by NBD, a file
# that is fetched over HTTP.

bats_require_minimum_version 1.5.0
load lib
load ../lib/server-nbd
load ../lib/server-http
load ../lib/server-dhcp
load network_images

@test "nbd: qemu-nbd, its default export, and a server that goes away in the middle of the job" {
    nbd_start "$DIR" qemu -f raw "$IMAGES/root.erofs"
    make_job
    # What is read from the root has to wait, and then comes.
    cat >"$JOB/lkp/scheduled/extra" <<'END'
say nbd_read_only "$(cat /sys/block/nbd0/ro)"
say nbd_write "$(dd if=/dev/zero of=/dev/nbd0 count=1 2>/dev/null && echo written || echo refused)"
say keeper "$(systemctl is-active rootovl-nbd.service)"
before=$(sha256sum </usr/bin/perl)
say outage ready
journalctl -f -n all -o cat -u rootovl-nbd.service | grep -q -m 1 'nbd0 broke'
say outage broke
echo 3 >/proc/sys/vm/drop_caches
[ "$before" = "$(sha256sum </usr/bin/perl)" ] && say outage survived
END
    MACHINE_OPTIONS='-t 900' boot lean debian-12 "$JOB_LINE root=nbd:$SERVER"
    wait_line "$VM/verdict.log" '^outage=ready' 1000 "$MACHINE"
    nbd_stop "$DIR"
    wait_line "$VM/verdict.log" '^outage=broke' 1000 "$MACHINE"
    # Longer than the kernel waits for one answer.
    sleep 40
    nbd_start "$DIR" qemu -f raw "$IMAGES/root.erofs"
    good_boot erofs
    facts nbd_read_only 1 nbd_write refused keeper active outage survived
}

# bats test_tags=slow
@test "nbd: nbdkit, a named export, a stock image, Linux 6.12, a reboot" {
    nbd_start "$DIR" nbdkit file dir="$IMAGES"
    make_job
    echo reboot >"$JOB/lkp/scheduled/end"
    boot stock debian-13 "$JOB_LINE root=nbd:$SERVER:root.squashfs"
    good_boot squashfs
}

# bats test_tags=slow
@test "nbd: an export that a DHCP server names" {
    local host=10.1.0.1
    lab_bridge farm $host/24
    NBD_ADDRESS=$host nbd_start "$DIR" nbdkit file dir="$IMAGES"
    dhcp_start "$DIR" farm --dhcp-range=10.1.0.50,10.1.0.99,2m \
        --dhcp-option="option:root-path,nbd:$host:root.erofs"
    make_job
    cat >"$JOB/lkp/scheduled/extra" <<'END'
say keeper "$(systemctl is-active rootovl-nbd.service)"
say guard "$(systemctl is-active rootovl-guard@poweroff.service)"
END
    MACHINE_OPTIONS="-n $(lab_nic tap0 farm)" boot lean debian-12 "$JOB_LINE root=dhcp,noatime"
    good_boot erofs
    facts keeper active guard active
    [[ $(console_lines) == *"nbd $host root.erofs ro"* ]]
}

@test "live: a squashfs image over HTTP, with its digest, and a server that dies in the middle" {
    serve_http
    make_job
    # What the fetched image takes is in the report, and all that it takes.
    cat >"$JOB/lkp/scheduled/extra" <<'END'
say image "$(stat -f -c %T /run/rootovl/image) $(ls -A /run/rootovl/image)"
say image_kib "$(df -k --output=used /run/rootovl/image | tail -n 1)"
END
    boot lean-live debian-12 "$JOB_LINE rootovl.digest=sha256:$(digest root.squashfs) \
        root=live:http://$SERVER/slow/root.squashfs"
    wait_line "$VM/console.log" "^rootovl: fetching image http://$SERVER/slow/root.squashfs: [1-9][0-9]* of" 1000 "$MACHINE"
    http_stop "$DIR"
    http_hurry "$DIR"
    http_start "$DIR"
    good_boot squashfs
    grep -qE '^206 /slow/root.squashfs bytes=[1-9]' "$DIR/http/access.log"
    [[ $(fact image) == 'tmpfs ' ]]
    section shown | grep -q '^ .* MiB of memory$'
    (($(fact image_kib) * 1024 == $(jq .lower.memory "$DIR/report.json")))
    (($(fact image_kib) * 1024 >= $(stat -c %s "$IMAGES/root.squashfs")))
}

@test "live: an erofs image over HTTPS, the farm's CA from an initrd, Linux 6.12" {
    serve_http
    make_job
    boot lean-live debian-13 "$JOB_LINE root=live:https://$SERVER/root.erofs" "$DIR/ca.cgz"
    good_boot erofs
}

# bats test_tags=slow
@test "nbd: an export that the server does not have" {
    nbd_start "$DIR" nbdkit file dir="$IMAGES"
    boot_fails lean debian-12 "root=nbd:$SERVER:none.erofs" 'mount lower' \
        "nbd $SERVER none.erofs: no such export on the server"
}

# bats test_tags=slow
@test "nbd: no server" {
    boot_fails lean debian-12 "root=nbd:$SERVER:20000:os rootovl.timeout=15" 'mount lower' \
        "nbd $SERVER os: host $SERVER port 20000: Connection refused, for"
}

# bats test_tags=slow
@test "live: another digest than was asked for" {
    serve_http
    boot_fails lean-live debian-12 "root=live:http://$SERVER/root.squashfs \
        rootovl.digest=sha256:$(digest root.erofs)" 'mount lower' \
        "image http://$SERVER/root.squashfs: its digest is sha256:$(digest root.squashfs)"
}

# bats test_tags=slow
@test "live: an image larger than the machine's memory, which nothing is fetched of" {
    serve_http
    truncate -s 4G "$DIR/www/large"
    boot_fails lean-live debian-12 "root=live:http://$SERVER/large" 'mount lower' \
        "image http://$SERVER/large: it is 4096 MiB large, and there is room for"
}

# bats test_tags=slow
@test "live: an initramfs without the program that fetches" {
    boot_fails lean debian-12 "root=live:http://$SERVER/root.erofs" 'mount lower' \
        'the initramfs has no /usr/lib/rootovl/rootovl-fetch'
}
