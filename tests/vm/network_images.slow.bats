#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Roots that are one image on a server, and a boot that fails on them.

bats_require_minimum_version 1.5.0
load lib
load ../lib/server-nbd
load ../lib/server-http
load network_images

@test "nbd: an export that the server does not have" {
    nbd_start "$DIR" nbdkit file dir="$IMAGES"
    boot_fails lean debian-12 "root=nbd:$SERVER:none.erofs" 'mount lower' \
        "nbd $SERVER none.erofs: no such export on the server"
}

@test "nbd: no server" {
    boot_fails lean debian-12 "root=nbd:$SERVER:20000:os rootovl.timeout=15" 'mount lower' \
        "nbd $SERVER os: host $SERVER port 20000: Connection refused, for"
}

@test "live: another digest than was asked for" {
    serve_http
    boot_fails lean-live debian-12 "root=live:http://$SERVER/root.squashfs \
        rootovl.digest=sha256:$(digest root.erofs)" 'mount lower' \
        "image http://$SERVER/root.squashfs: its digest is sha256:$(digest root.squashfs)"
}

@test "live: an image larger than the machine's memory, which nothing is fetched of" {
    serve_http
    truncate -s 4G "$DIR/www/large"
    boot_fails lean-live debian-12 "root=live:http://$SERVER/large" 'mount lower' \
        "image http://$SERVER/large: it is 4096 MiB large, and there is room for"
}

@test "live: an initramfs without the program that fetches" {
    boot_fails lean debian-12 "root=live:http://$SERVER/root.erofs" 'mount lower' \
        'the initramfs has no /usr/lib/rootovl/rootovl-fetch'
}
