#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# How a testbox gets its jobs: from a web server and through a WebSocket; and the files of a script, made
# ready.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # ${mac} is the testbox's to expand; every test is a shell of its own

bats_require_minimum_version 1.5.0

. "$BATS_TEST_DIRNAME/../scheduler.bash"

@test "the initrds of a script are one, each at a multiple of 4, beside its kernel" {
    get files "$OUT" http://127.0.0.1/job.ipxe >"$SAID"
    cat "$SAID"
    [ "$(sed -n 's/^args //p' "$SAID")" = 'user=lkp job=/lkp/scheduled/job.yaml ip=dhcp' ]
    cmp "$OUT/kernel" "$WEB/files/vmlinuz"
    perl -e 'for (@ARGV) { open F, "<", $_; local $/; $_ = <F>; print; print "\0" x (-length() % 4) }' \
        "$WEB/files/1.cgz" "$WEB/files/2.cpio" "$WEB/jobs/4711/job.cgz" | cmp - "$OUT/initrd"
    [ "$(($(stat -c %s "$WEB/files/1.cgz") % 4))" -ne 0 ]
}

@test "cache and folder may lie on different file systems, and a full one is told" {
    run -0 unshare -m bash -c '
        mount -t tmpfs -o size=64m room "$1"
        nsenter --net="/proc/$LAB_PID/ns/net" -- "$GET" files "$1" http://127.0.0.1/job.ipxe
        cmp "$1/kernel" "$WEB/files/vmlinuz" && rm "$1"/*
        mount -o remount,size=1m "$1"
        nsenter --net="/proc/$LAB_PID/ns/net" -- "$GET" files "$1" http://127.0.0.1/job.ipxe
        ls "$1"' other "$OUT"
    echo "$output"
    [ "${lines[-1]}" = "failure: cannot write $OUT/kernel: No space left on device" ]
}

@test "a script in a file names others beside it" {
    mkdir "$BATS_TEST_TMPDIR/with space"
    cp "$WEB/files/1.cgz" "$WEB/files/vmlinuz" "$BATS_TEST_TMPDIR/with space"
    printf '#!ipxe\ninitrd 1.cgz\nkernel ./vmlinuz quiet\nboot\n' >"$BATS_TEST_TMPDIR/with space/job.ipxe"
    cd "$BATS_TEST_TMPDIR"
    get files "$OUT" 'with space/job.ipxe'
    cmp "$OUT/kernel" "$WEB/files/vmlinuz"
    [ ! -e "$CACHE" ]
}

@test "what is no kernel or no initrd is told, and leaves the cache" {
    printf '#!ipxe\ninitrd /files/page\nkernel /files/vmlinuz\nboot\n' >"$WEB/page.ipxe"
    run -1 --separate-stderr get files "$OUT" http://127.0.0.1/page.ipxe
    [[ $output == "failure: http://127.0.0.1/files/page: it is no initrd: "* && $output != *DOCTYPE* ]]
    [[ $stderr == *"http://127.0.0.1/files/page: it begins with '<!DOCTYPE html>'"* ]]
    cache_is 1
    head -c 200 "$WEB/jobs/4711/job.cgz" >"$WEB/files/cut.cgz"
    printf '#!ipxe\ninitrd /files/1.cgz\ninitrd /files/cut.cgz\nkernel /files/vmlinuz\nboot\n' >"$WEB/page.ipxe"
    run -1 --separate-stderr get files "$OUT" http://127.0.0.1/page.ipxe
    echo "$output"
    [[ $output == 'failure: http://127.0.0.1/files/cut.cgz: it is no initrd: '* ]]
    cache_is 2
    printf '#!ipxe\nkernel /files/page\nboot\n' >"$WEB/page.ipxe"
    run -1 --separate-stderr get files "$OUT" http://127.0.0.1/page.ipxe
    [ "$output" = "failure: http://127.0.0.1/files/page: it is no kernel" ]
    [[ $stderr == *"http://127.0.0.1/files/page: it begins with '<!DOCTYPE html>'"* ]]
    [ -z "$(ls "$OUT")" ]
}

# far_script URL: a script of a server that is at no address of this host's loopback.
FAR=10.8.0.1
far_script() {
    lab ip address replace $FAR/32 dev lo
    lab ip address replace 169.254.169.254/32 dev lo
    printf '#!ipxe\nkernel %s\nboot\n' "$1" >"$WEB/far.ipxe"
}

@test "a server's script leads to no loopback or link-local address, itself or by a redirect; reach: allows it" {
    local url why=', an address of this host or its link, and the server that names it is at no such address'
    for url in http://127.0.0.1/files/vmlinuz?to=loopback /to-loopback "http://[::ffff:127.0.0.1]/files/vmlinuz?to=loopback" \
        http://0.0.0.0/files/vmlinuz?to=loopback "http://[::]/files/vmlinuz?to=loopback" \
        "http://[64:ff9b::127.0.0.1]/files/vmlinuz?to=loopback" "http://[64:ff9b::a9fe:a9fe]/files/vmlinuz?to=metadata" \
        http://localhost/files/vmlinuz?to=loopback http://169.254.169.254/files/vmlinuz?to=metadata /to-metadata; do
        far_script "$url"
        run -1 --separate-stderr get files "$OUT" http://$FAR/far.ipxe
        echo "$url: $output"
        [[ $output == "failure: http://"*": it leads to "*"$why "* ]]
    done
    [ "$(asked '^GET /files/vmlinuz.to=')" -eq 0 ]
    far_script /files/vmlinuz
    get files "$OUT" http://$FAR/far.ipxe
    far_script /to-loopback
    REACH=127.0.0.1:80 get files "$OUT" http://$FAR/far.ipxe
    [ "$(asked '^GET /files/vmlinuz.to=loopback')" -eq 1 ]
    # To this server's own kind of addresses, and no other.
    far_script /to-loopback
    get files "$OUT" http://127.0.0.1/far.ipxe
    far_script /to-metadata
    run -1 get files "$OUT" http://127.0.0.1/far.ipxe
    # A user's own script may name them, but no redirect of another server.
    printf '#!ipxe\nkernel http://127.0.0.1/files/vmlinuz\nboot\n' >"$BATS_TEST_TMPDIR/own.ipxe"
    get files "$OUT" "$BATS_TEST_TMPDIR/own.ipxe"
    printf '#!ipxe\nkernel http://%s/to-metadata\nboot\n' $FAR >"$BATS_TEST_TMPDIR/own.ipxe"
    run -1 get files "$OUT" "$BATS_TEST_TMPDIR/own.ipxe"
    [ "$(asked '^GET /files/vmlinuz.to=metadata')" -eq 0 ]
}

@test "a scheduler chains to no loopback or link-local address, unless it is at one" {
    far_script /files/vmlinuz
    printf '#!ipxe\nchain http://169.254.169.254/files/page?to=metadata\n' >"$WEB/chain.ipxe"
    PATIENCE=1 run -1 get ask vm-2p8g-1 http://$FAR/chain.ipxe
    [[ $output == *'it leads to 169.254.169.254, an address of this host or its link'* ]]
    printf '#!ipxe\nchain http://127.0.0.1/files/page?to=loopback\n' >"$WEB/chain.ipxe"
    PATIENCE=1 run -1 get ask vm-2p8g-1 http://$FAR/chain.ipxe
    [[ $output == *'it leads to 127.0.0.1, an address of this host or its link'* ]]
    [ "$(asked '^GET /files/page.to=')" -eq 0 ]
}

# boots KERNEL-WORDS INITRD…: files of such a script, from $WEB/files.
boots() {
    { echo '#!ipxe' && printf 'initrd /files/%s\n' "${@:2}" && printf 'kernel /files/vmlinuz %s\nboot\n' "$1"; } \
        >"$WEB/boots.ipxe"
    get files "$OUT" http://127.0.0.1/boots.ipxe
}

@test "an initrd whose links never end is refused soon; of many findings the first 20 are told" {
    # shellcheck source=tests/lib/initrd-cases.bash
    . "$BATS_TEST_DIRNAME/../../../lib/initrd-cases.bash"
    ulimit -t 60 # of processor time: all of it takes ten minutes and more
    endless_links 20000 | zstd -q >"$WEB/files/endless.img"
    run -1 --separate-stderr boots quiet endless.img
    [[ $output == 'failure: http://127.0.0.1/files/endless.img: it is no initrd: following its names and links takes too many steps'* ]]
    entry ../a 0100644 >"$BATS_TEST_TMPDIR/one"
    { for _ in {1..500}; do cat "$BATS_TEST_TMPDIR/one"; done && trailer; } >"$WEB/files/many.img"
    run -0 --separate-stderr boots quiet many.img
    [ "$(grep -c 'leads out of its directory' <<<"$stderr")" -eq 20 ]
    grep -F 'http://127.0.0.1/files/many.img: and 480 more findings' <<<"$stderr"
}

@test "an image without what the kernel line asks for is told before a machine runs, and how to build one" {
    local image=$BATS_TEST_TMPDIR/image lvm=$BATS_TEST_TMPDIR/lvm disk='rootfs_disk=/dev/vda root=nfs:a:/b'
    mkdir -p "$image"/usr/{bin,sbin} "$lvm"/usr/sbin
    : >"$image/usr/bin/rootovl" && ln -s usr/sbin "$image/sbin" && : >"$lvm/usr/sbin/lvm"
    "$TOP/tests/lib/pack" "$image" "$WEB/files/image.cgz"
    "$TOP/tests/lib/pack" "$lvm" "$WEB/files/lvm.cgz"
    run -1 --separate-stderr boots "rootovl $disk" image.cgz
    [ "$output" = 'failure: rootfs_disk= is on the kernel line, and no initrd has lvm (initrd-builder build --with disks)' ]
    cache_is 2
    run -1 --separate-stderr boots 'rootovl root=live:http://a/b' image.cgz lvm.cgz
    [[ $output == 'failure: root=live: is on the kernel line, '*'(initrd-builder build --with live)' ]]
    boots "rootovl $disk" image.cgz lvm.cgz
    # What is not for us: the image is not switched on; it is somebody else's.
    boots "$disk" image.cgz
    boots "rootovl $disk" 1.cgz
}

@test "after 'no job now' it asks again, where the script says, until there is a job" {
    local pid
    answer nothing.ipxe
    in_lab "$GET" ask vm-2p8g-1 http://127.0.0.1/nothing.ipxe >"$SAID" 2>&1 3>&- &
    pid=$!
    wait_line "$LOG" '^GET /boot.ipxe/mac/0a-01-02-03-04-05 200' 60 "$pid"
    answer job.ipxe
    wait "$pid"
    grep -qx 'no job now; asking again in 1 s' "$SAID"
    grep -qx 'http://127.0.0.1/files/vmlinuz' "$SAID"
    [ "$(asked '^GET /nothing.ipxe ')" -eq 1 ]
}

@test "chained scripts are followed, with what was set before, but not for ever" {
    printf '#!ipxe\nset where job\nchain next.ipxe\n' >"$WEB/first.ipxe"
    printf '#!ipxe\nchain http://127.0.0.1/${where}.ipxe\n' >"$WEB/next.ipxe"
    run -0 --separate-stderr get ask vm-2p8g-1 http://127.0.0.1/first.ipxe
    [ "$output" = http://127.0.0.1/files/vmlinuz ]
    printf '#!ipxe\nchain round.ipxe\n' >"$WEB/round.ipxe"
    run -1 --separate-stderr get ask vm-2p8g-1 http://127.0.0.1/round.ipxe
    [ "$output" = 'failure: more than 8 scripts chain to one another' ]
}

@test "a URL may say how much memory the host has left, in GiB" {
    local url='http://127.0.0.1/none.ipxe?mac=${mac:hexhyp}&left_mem=${left_mem}' total
    total=$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) >> 20))
    run -1 get ask vm-2p8g-1 "$url"
    settled
    run -0 grep -oE 'mac=0a-01-02-03-04-05&left_mem=[0-9]+' "$LOG"
    echo "$output of $total"
    [ "${output##*=}" -le "$total" ]
}

@test "an answer that no other attempt makes better is a failure at once" {
    run -1 --separate-stderr get ask vm-2p8g-1 http://127.0.0.1/html
    [[ $output == "failure: http://127.0.0.1/html: line 1: this is no iPXE script: it begins with '<html>no script</html>' "* ]]
    run -1 --separate-stderr get ask vm-2p8g-1 http://127.0.0.1/none.ipxe
    [ "$output" = 'failure: http://127.0.0.1/none.ipxe: HTTP status 404' ]
}

@test "a scheduler out of reach is given up when patience is over" {
    PATIENCE=2 run -1 --separate-stderr get ask vm-2p8g-1 http://127.0.0.1/busy
    [ "$output" = 'failure: http://127.0.0.1/busy: HTTP status 503, for 2 seconds' ]
    PATIENCE=2 run -1 --separate-stderr get ask vm-2p8g-1 ws://127.0.0.1:99/ws
    echo "$output"
    [[ $output == 'failure: ws://127.0.0.1:99/ws: '*', for 2 seconds' ]]
}

@test "what is no WebSocket is asked again, and given up: a page, a path that is not there, a cut answer" {
    local path
    for path in html none.ipxe; do
        PATIENCE=1 run -1 --separate-stderr get ask vm-2p8g-1 "ws://127.0.0.1/$path"
        echo "$output"
        [[ $output == "failure: ws://127.0.0.1/$path: "*', for 1 seconds' ]]
    done
    lab socat "TCP-LISTEN:$PORT,reuseaddr,fork" SYSTEM:"printf 'HTTP/1.1 101 Switch'" >"$BATS_TEST_TMPDIR/socat" 2>&1 3>&- &
    PATIENCE=1 run -1 --separate-stderr get ask vm-2p8g-1 "ws://127.0.0.1:$PORT/"
    [[ $output == "failure: ws://127.0.0.1:$PORT/: "*', for 1 seconds' ]]
}

@test "a scheduler that takes the question and says nothing holds up no SIGTERM" {
    lab socat -d -d "TCP-LISTEN:$PORT,reuseaddr,fork" SYSTEM:'exec tail -f /dev/null' >"$BATS_TEST_TMPDIR/socat" 2>&1 3>&- &
    wait_line "$BATS_TEST_TMPDIR/socat" 'listening on' 60 $!
    # Who holds questions is not who is registered with.
    printf '#!ipxe\nchain http://127.0.0.1:%s/\n' "$PORT" >"$WEB/held.ipxe"
    serving http://127.0.0.1/held.ipxe false
    wait_line "$BATS_TEST_TMPDIR/socat" 'forked off child' 60 "$SERVING"
    kill -TERM "$SERVING"
    timeout 60 tail --pid="$SERVING" -f /dev/null
    served 0
}

@test "nothing here leaves loopback: there is nothing else" {
    [ "$(lab ip -o link show | cut -d : -f 2)" = ' lo' ]
    [ -z "$(lab ip route show)$(lab ip -6 route show | grep -v ' dev lo ')" ]
}

@test "a WebSocket's boot message is a job" {
    boot_message "$WEB/ws.ipxe" >"$BATS_TEST_TMPDIR/message"
    websocket "$PORT" <<SH
#!/bin/sh
cat $BATS_TEST_TMPDIR/message
echo '{"type":"close"}'
SH
    run -0 --separate-stderr get ask vm-2p8g-1 "ws://127.0.0.1:$PORT/ws/boot.ipxe?mac="'${mac:hexhyp}'
    [ "$output" = http://127.0.0.1/files/vmlinuz ]
    grep -q 'url:.*/ws/boot.ipxe?mac=0a-01-02-03-04-05' "$BATS_TEST_TMPDIR/websocketd-$PORT"
}

@test "a bare script through a WebSocket is a job, however large its pieces are" {
    { printf '#!ipxe\n'; yes '# a comment that makes it long' | head -n 9000; tail -n +2 "$WEB/ws.ipxe"; } >"$BATS_TEST_TMPDIR/long"
    websocket "$PORT" <<SH
#!/bin/sh
jq -nc --rawfile script $BATS_TEST_TMPDIR/long '{type: "boot", response: \$script}'
SH
    run -0 --separate-stderr get ask vm-2p8g-1 "ws://127.0.0.1:$PORT/"
    [ "$output" = http://127.0.0.1/files/vmlinuz ]
    websocket $((PORT + 1)) --binary <<SH
#!/bin/sh
cat $WEB/ws.ipxe
sleep 5
SH
    run -0 --separate-stderr get ask vm-2p8g-1 "ws://127.0.0.1:$((PORT + 1))/"
    [ "$output" = http://127.0.0.1/files/vmlinuz ]
}

@test "a scheduler that asks for memory hears that there is some" {
    boot_message "$WEB/ws.ipxe" >"$BATS_TEST_TMPDIR/message"
    websocket "$PORT" <<SH
#!/bin/sh
echo '{"type":"request_memory"}'
read -r answer
echo "\$answer" >$BATS_TEST_TMPDIR/heard
cat $BATS_TEST_TMPDIR/message
SH
    run -0 --separate-stderr get ask vm-2p8g-1 "ws://127.0.0.1:$PORT/"
    [ "$output" = http://127.0.0.1/files/vmlinuz ]
    [ "$(jq -r .type "$BATS_TEST_TMPDIR/heard")" = request_memory ]
}

@test "a WebSocket that drops is asked again, and so is one with no job" {
    boot_message "$WEB/ws.ipxe" >"$BATS_TEST_TMPDIR/message"
    boot_message "$WEB/nothing.ipxe" >"$BATS_TEST_TMPDIR/nothing"
    websocket "$PORT" <<SH
#!/bin/sh
echo x >>$BATS_TEST_TMPDIR/asked
case \$(wc -l <$BATS_TEST_TMPDIR/asked) in
1) exit 0 ;;
2) cat $BATS_TEST_TMPDIR/nothing ;;
3) echo '{"type":"close"}' ;;
*) cat $BATS_TEST_TMPDIR/message ;;
esac
SH
    run -0 get ask vm-2p8g-1 "ws://127.0.0.1:$PORT/"
    echo "$output"
    [ "$(grep -c 'the connection ended without an answer; again in' <<<"$output")" -eq 2 ]
    grep -qx 'no job now; asking again in 1 s' <<<"$output"
    [ "${lines[-1]}" = http://127.0.0.1/files/vmlinuz ]
}

@test "a message that is no answer is a failure" {
    websocket "$PORT" <<'SH'
#!/bin/sh
echo '{"type":"dance"}'
SH
    run -1 --separate-stderr get ask vm-2p8g-1 "ws://127.0.0.1:$PORT/"
    [ "$output" = "failure: ws://127.0.0.1:$PORT/: the scheduler's message of type 'dance' is not known" ]
}

@test "SIGTERM ends the waiting for a job, be it in a WebSocket, a pause or for a scheduler that is away" {
    websocket "$PORT" <<SH
#!/bin/sh
echo waits >>$BATS_TEST_TMPDIR/asked
exec tail -f /dev/null
SH
    serving "ws://127.0.0.1:$PORT/" false
    wait_line "$BATS_TEST_TMPDIR/asked" waits 60 "$SERVING"
    kill -TERM "$SERVING"
    served 0
    answer nothing.ipxe
    PAUSE=1000 serving "$SCHEDULER" false
    wait_line "$SAID" '^no job now; asking again in 1000 s$' 60 "$SERVING"
    kill -TERM "$SERVING"
    served 0
    serving http://127.0.0.1:99/boot false
    wait_line "$SAID" '^cannot register yet: ' 60 "$SERVING"
    kill -TERM "$SERVING"
    served 0
}

@test "a WebSocket over TLS is believed by its certificate alone" {
    boot_message "$WEB/ws.ipxe" >"$BATS_TEST_TMPDIR/message"
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$BATS_TEST_TMPDIR/key" -out "$BATS_TEST_TMPDIR/cert" \
        -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
    websocket "$PORT" --ssl --sslkey="$BATS_TEST_TMPDIR/key" --sslcert="$BATS_TEST_TMPDIR/cert" <<SH
#!/bin/sh
cat $BATS_TEST_TMPDIR/message
SH
    CA=$BATS_TEST_TMPDIR/cert run -0 --separate-stderr get ask vm-2p8g-1 "wss://localhost:$PORT/"
    [ "$output" = http://127.0.0.1/files/vmlinuz ]
    PATIENCE=1 run -1 --separate-stderr get ask vm-2p8g-1 "wss://localhost:$PORT/"
    echo "$output"
    [[ $output == "failure: wss://localhost:$PORT/: "* ]]
}
