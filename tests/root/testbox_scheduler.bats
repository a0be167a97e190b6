#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# How a testbox gets its jobs: from a web server and through a WebSocket, with a program in the
# machine's place; and the files of a script, made ready.
# shellcheck disable=SC2016 # ${mac} is the testbox's to expand

bats_require_minimum_version 1.5.0

. "$BATS_TEST_DIRNAME/testbox.bash"

setup_file() {
    testbox_lab
    KERNEL=$(echo "$("$BATS_TEST_DIRNAME/../lib/rootfs" debian-12)"/boot/vmlinuz-*)
    cp "$KERNEL" "$WEB/files/vmlinuz"
    mkdir -p "$WEB/jobs/4711" "$WEB/boot.ipxe/mac"
    local n
    for n in 1 2 3; do
        mkdir -p "$BATS_FILE_TMPDIR/tree/$n"
        head -c "${n}11" /dev/urandom >"$BATS_FILE_TMPDIR/tree/$n/file$n"
        (cd "$BATS_FILE_TMPDIR/tree/$n" && find . | cpio -o -H newc --quiet) >"$BATS_FILE_TMPDIR/$n.cpio"
    done
    gzip -c "$BATS_FILE_TMPDIR/1.cpio" >"$WEB/files/1.cgz"
    # Its length is no multiple of 4; zeros may stand behind an archive.
    (($(stat -c %s "$WEB/files/1.cgz") % 4)) || printf '\0' >>"$WEB/files/1.cgz"
    cp "$BATS_FILE_TMPDIR/2.cpio" "$WEB/files/2.cpio"
    gzip -c "$BATS_FILE_TMPDIR/3.cpio" >"$WEB/jobs/4711/job.cgz"
    echo '<!DOCTYPE html>' >"$WEB/files/page"
    cat >"$WEB/job.ipxe" <<'SCRIPT'
#!ipxe
initrd /files/1.cgz
initrd /files/2.cpio
initrd /jobs/4711/job.cgz
kernel /files/vmlinuz user=lkp job=/lkp/scheduled/job.yaml initrd=1.cgz initrd=2.cpio initrd=job.cgz ip=dhcp
echo the job of ${hostname}
boot
SCRIPT
    # As it comes through a WebSocket, where nothing is relative.
    sed 's, /\(files\|jobs\), http://127.0.0.1/\1,' "$WEB/job.ipxe" >"$WEB/ws.ipxe"
    cat >"$WEB/nothing.ipxe" <<'SCRIPT'
#!ipxe
        echo ...
        echo No job now
        echo ...
        chain http://127.0.0.1/boot.ipxe/mac/${mac:hexhyp}
SCRIPT
    nginx_start nginx <<CONF
    server {
        listen 80;
        location = /busy { return 503; }
        location = /html { default_type text/html; return 200 '<html>no script</html>'; }
        location = /set_host_mac { return 200; }
        location = /del_host_mac { return 200; }
        location = /set_host2queues { return 200; }
        location = /del_host2queues { return 200; }
        # The body is in the log only where it was read, for a server behind.
        location = /report_event { proxy_pass http://127.0.0.1:81; }
    }
    server { listen 81; access_log off; location / { return 200; } }
CONF
}

teardown_file() {
    lab_stop
}

setup() {
    testbox_test
    ANSWER=$WEB/boot.ipxe/mac/0a-01-02-03-04-05
    rm -f "$ANSWER"
    SCHEDULER='http://127.0.0.1/boot.ipxe/mac/${mac:hexhyp}'
    export PATIENCE=20 PAUSE=1 SAFE_STOP=$BATS_TEST_TMPDIR/safe-stop
}

# answer NAME: what the scheduler gives from now on.
answer() {
    cp "$WEB/$1" "$ANSWER.new"
    mv "$ANSWER.new" "$ANSWER"
}

# serving WORD…: serves in the background, as process $SERVING.
serving() {
    in_lab "$GET" serve "$OUT" vm-2p8g-1 "$@" >"$SAID" 2>&1 3>&- &
    SERVING=$!
}

# served STATUS: it has ended so, and left nothing.
served() {
    local status=0
    wait "$SERVING" || status=$?
    cat "$SAID" "$LOG"
    [ "$status" -eq "$1" ] && [ -z "$(ls "$OUT")" ]
}

# websocket PORT OPTION…: a scheduler behind a WebSocket, the script on stdin; each line it prints is a
# message. It ends with the lab.
websocket() {
    local pid
    cat >"$BATS_TEST_TMPDIR/scheduler-$1"
    chmod 755 "$BATS_TEST_TMPDIR/scheduler-$1"
    lab websocketd --port="$1" --address=127.0.0.1 "${@:2}" "$BATS_TEST_TMPDIR/scheduler-$1" \
        >"$BATS_TEST_TMPDIR/websocketd-$1" 2>&1 3>&- &
    pid=$!
    wait_line "$BATS_TEST_TMPDIR/websocketd-$1" 'Starting WebSocket server' 10 "$pid"
}

# boot_message FILE: the script as Compass-CI's scheduler sends it.
boot_message() {
    jq -nc --rawfile script "$1" '{type: "boot", response: $script}'
}

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
    [[ $output == "failure: http://127.0.0.1/files/page: it is no initrd: "*"; it begins with '<!DOCTYPE html>'" ]]
    cache_is 1
    head -c 200 "$WEB/jobs/4711/job.cgz" >"$WEB/files/cut.cgz"
    printf '#!ipxe\ninitrd /files/1.cgz\ninitrd /files/cut.cgz\nkernel /files/vmlinuz\nboot\n' >"$WEB/page.ipxe"
    run -1 --separate-stderr get files "$OUT" http://127.0.0.1/page.ipxe
    echo "$output"
    [[ $output == 'failure: http://127.0.0.1/files/cut.cgz: it is no initrd: '* ]]
    cache_is 2
    printf '#!ipxe\nkernel /files/page\nboot\n' >"$WEB/page.ipxe"
    run -1 --separate-stderr get files "$OUT" http://127.0.0.1/page.ipxe
    [ "$output" = "failure: http://127.0.0.1/files/page: it is no kernel: it begins with '<!DOCTYPE html>'" ]
    [ -z "$(ls "$OUT")" ]
}

@test "after 'no job now' it asks again, where the script says, until there is a job" {
    local pid
    answer nothing.ipxe
    in_lab "$GET" ask vm-2p8g-1 http://127.0.0.1/nothing.ipxe >"$SAID" 2>&1 3>&- &
    pid=$!
    wait_line "$LOG" '^GET /boot.ipxe/mac/0a-01-02-03-04-05 200' 20 "$pid"
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

@test "an answer that no other attempt makes better is a failure at once" {
    run -1 --separate-stderr get ask vm-2p8g-1 http://127.0.0.1/html
    [[ $output == "failure: this is no iPXE script: it begins with '<html>no script</html>' "* ]]
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

@test "a testbox registers, runs its jobs, reports them and leaves" {
    answer job.ipxe
    QUEUES=vm-2p8g~me,all serving "$SCHEDULER" sh -c '
        cpio -t --quiet <"$1" >/dev/null 2>&1; test -s "$0" && echo "ran $2"
        mv '"$WEB/nothing.ipxe $ANSWER"'; exit 3'
    cp "$WEB/nothing.ipxe" "$BATS_TEST_TMPDIR/nothing"
    wait_line "$SAID" '^no job now' 20 "$SERVING"
    cp "$BATS_TEST_TMPDIR/nothing" "$WEB/nothing.ipxe"
    kill -TERM "$SERVING"
    served 0
    grep -qx 'PUT /set_host_mac?hostname=vm-2p8g-1&mac=0a-01-02-03-04-05 200 .*' "$LOG"
    grep -qx 'PUT /set_host2queues?host=vm-2p8g-1&queues=vm-2p8g~me%2Call 200 .*' "$LOG"
    grep -qx 'the job of vm-2p8g-1' "$SAID"
    grep -qx 'ran user=lkp job=/lkp/scheduled/job.yaml ip=dhcp' "$SAID"
    grep -qE '^job 4711: status 3 in [0-9]+ s$' "$SAID"
    grep '^POST /report_event 200' "$LOG" | grep -F '\x22job_id\x22:\x224711\x22,\x22state\x22:\x22finished\x22,\x22status\x22:3'
    tail -n 2 "$LOG" | grep -q '^PUT /del_host_mac?mac=0a-01-02-03-04-05 200'
}

@test "SIGTERM lets the running job finish, and no other is asked for" {
    answer job.ipxe
    mkfifo "$BATS_TEST_TMPDIR/go"
    serving "$SCHEDULER" sh -c "echo runs; read -r _ <$BATS_TEST_TMPDIR/go; echo finished"
    wait_line "$SAID" '^runs$' 20 "$SERVING"
    kill -TERM "$SERVING"
    echo >"$BATS_TEST_TMPDIR/go"
    served 0
    grep -qx finished "$SAID"
    grep -qE '^job 4711: status 0 ' "$SAID"
    [ "$(asked '^GET /boot.ipxe')" -eq 1 ]
}

@test "a second SIGTERM ends the job" {
    answer job.ipxe
    serving "$SCHEDULER" sh -c 'echo "runs $$"; exec sleep 100'
    wait_line "$SAID" '^runs [0-9]+$' 20 "$SERVING"
    kill -TERM "$SERVING"
    kill -TERM "$SERVING"
    # Signals of one kind that wait become one.
    until [ ! -d "/proc/$(sed -n 's/^runs //p' "$SAID")" ]; do kill -TERM "$SERVING"; done
    served 0
    grep '^POST /report_event' "$LOG" | grep -F '\x22state\x22:\x22failed\x22'
}

@test "the safe-stop file ends it between jobs" {
    answer job.ipxe
    serving "$SCHEDULER" sh -c "touch $SAFE_STOP; echo ran"
    served 0
    [ "$(grep -cx ran "$SAID")" -eq 1 ]
    [ "$(asked '^GET /boot.ipxe')" -eq 1 ]
    grep -qx "$SAFE_STOP is there: no further job" "$SAID"
}

@test "a job that cannot be fetched is reported, and the next one runs" {
    sed 's,2.cpio,none,g' "$WEB/job.ipxe" >"$ANSWER"
    serving "$SCHEDULER" sh -c "touch $SAFE_STOP; echo ran"
    wait_line "$LOG" '^POST /report_event' 20 "$SERVING"
    answer job.ipxe
    served 0
    grep -qx 'job 4711: http://127.0.0.1/files/none: HTTP status 404' "$SAID"
    grep '^POST /report_event' "$LOG" | head -n 1 | grep -F '\x22state\x22:\x22failed\x22'
    grep -qx ran "$SAID"
}

@test "a file that is no text is reported as well, without the password of its URL" {
    printf 'MZ\377\376' >"$WEB/files/odd"
    printf '#!ipxe\ninitrd /jobs/4711/job.cgz\nkernel http://u:S3CRET@127.0.0.1/files/odd\nboot\n' >"$ANSWER"
    serving "$SCHEDULER" sh -c "touch $SAFE_STOP; echo ran"
    wait_line "$LOG" '^POST /report_event' 20 "$SERVING"
    answer job.ipxe
    served 0
    grep -qxF 'job 4711: http://127.0.0.1/files/odd' "$SAID"
    [ "$(grep -c S3CRET "$SAID")" -eq 0 ]
    grep '^POST /report_event' "$LOG" | head -n 1 | grep -F '\x22state\x22:\x22failed\x22'
}

@test "a script that cannot be read does not end it" {
    printf '#!ipxe\ndance\n' >"$ANSWER"
    serving "$SCHEDULER" sh -c "touch $SAFE_STOP; echo ran"
    wait_line "$SAID" "^no job: line 2: 'dance' is not known here" 20 "$SERVING"
    answer job.ipxe
    served 0
    grep -qx ran "$SAID"
}

@test "a testbox serves through a WebSocket, and registers by HTTP" {
    boot_message "$WEB/ws.ipxe" >"$BATS_TEST_TMPDIR/message"
    websocket "$PORT" --staticdir="$BATS_TEST_TMPDIR" <<SH
#!/bin/sh
cat $BATS_TEST_TMPDIR/message
SH
    serving "ws://127.0.0.1:$PORT/ws/boot.ipxe" sh -c "touch $SAFE_STOP; echo ran"
    served 0
    grep -qx ran "$SAID"
    grep -q 'the scheduler keeps no list of testboxes' "$SAID"
}

@test "kill -9 while a job runs leaves a cache that the next job uses" {
    answer job.ipxe
    serving "$SCHEDULER" sh -c 'echo "runs $$"; exec sleep 100'
    wait_line "$SAID" '^runs [0-9]+$' 20 "$SERVING"
    kill -KILL "$SERVING"
    wait "$SERVING" || true
    cache_is 4
    serving "$SCHEDULER" sh -c "touch $SAFE_STOP; echo ran"
    served 0
    [ "$(asked '^GET /(files|jobs)/.* 200 ')" -eq 4 ]
}

@test "SIGTERM ends the waiting for a job, be it in a WebSocket, a pause or for a scheduler that is away" {
    websocket "$PORT" <<SH
#!/bin/sh
echo waits >>$BATS_TEST_TMPDIR/asked
exec tail -f /dev/null
SH
    serving "ws://127.0.0.1:$PORT/" false
    wait_line "$BATS_TEST_TMPDIR/asked" waits 20 "$SERVING"
    kill -TERM "$SERVING"
    served 0
    answer nothing.ipxe
    PAUSE=1000 serving "$SCHEDULER" false
    wait_line "$SAID" '^no job now; asking again in 1000 s$' 20 "$SERVING"
    kill -TERM "$SERVING"
    served 0
    serving http://127.0.0.1:99/boot false
    wait_line "$SAID" '^cannot register yet: ' 20 "$SERVING"
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
