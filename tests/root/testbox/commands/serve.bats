#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The loop of a testbox: it registers, runs jobs, with a program in the machine's place, tells how they
# ended, and leaves.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # ${mac} is the testbox's to expand; every test is a shell of its own

bats_require_minimum_version 1.5.0

. "$BATS_TEST_DIRNAME/../scheduler.bash"
. "$BATS_TEST_DIRNAME/../machine.bash"

# field_script NAME: a script as it was seen in the field, but for the servers.
field_script() {
    sed -E 's,http://[^/ ]+/,http://127.0.0.1/field/,' "$TOP/tests/unit/testbox/plan/scripts/$1.ipxe"
}

@test "scripts of the field run, from HTTP and through a WebSocket, 'no job now' first: cifs, nfs, local, an initramfs" {
    local name
    boot_message "$WEB/nothing.ipxe" >"$BATS_TEST_TMPDIR/nothing"
    websocket "$PORT" <<SH
#!/bin/sh
cat $BATS_TEST_TMPDIR/answer
SH
    for name in field-cifs field-nfs field-local ws-field-initramfs; do
        sed -n 's/^args: /ran /p' "$TOP/tests/unit/testbox/plan/scripts/$name.boot" >"$BATS_TEST_TMPDIR/expected"
        # By HTTP…
        rm -f "$SAFE_STOP"
        answer nothing.ipxe
        serving "$SCHEDULER" sh -c "touch $SAFE_STOP; echo \"ran \$2\""
        wait_line "$SAID" '^no job now' 60 "$SERVING"
        field_script $name >"$ANSWER.new"
        mv "$ANSWER.new" "$ANSWER"
        served 0
        grep '^ran ' "$SAID" | diff "$BATS_TEST_TMPDIR/expected" -
        # …and through a WebSocket.
        rm -f "$SAFE_STOP"
        cp "$BATS_TEST_TMPDIR/nothing" "$BATS_TEST_TMPDIR/answer"
        serving "ws://127.0.0.1:$PORT/ws/boot.ipxe" sh -c "touch $SAFE_STOP; echo \"ran \$2\""
        wait_line "$SAID" '^no job now' 60 "$SERVING"
        field_script $name >"$BATS_TEST_TMPDIR/script"
        boot_message "$BATS_TEST_TMPDIR/script" >"$BATS_TEST_TMPDIR/new"
        mv "$BATS_TEST_TMPDIR/new" "$BATS_TEST_TMPDIR/answer"
        served 0
        grep '^ran ' "$SAID" | diff "$BATS_TEST_TMPDIR/expected" -
    done
}

@test "testbox serve: a job through a WebSocket, in a machine; its report and its log; then it leaves" {
    export TESTBOX_STATE=$BATS_TEST_TMPDIR/state
    local result=$BATS_TEST_TMPDIR/result sent=$BATS_FILE_TMPDIR/sent.log
    make_tiny debian-12
    mkdir "$result" "$WEB/jobs/tiny"
    cp "$TINY" "$WEB/jobs/tiny/job.cgz"
    : >"$sent"
    printf '%s\n' '#!ipxe' 'initrd http://127.0.0.1/jobs/tiny/job.cgz' \
        'kernel http://127.0.0.1/files/vmlinuz tiny=results initrd=job.cgz' \
        'echo result_root=/result/tiny' boot >"$BATS_TEST_TMPDIR/script"
    boot_message "$BATS_TEST_TMPDIR/script" >"$BATS_TEST_TMPDIR/message"
    # One job; whoever asks again hears that there is none.
    websocket 7999 <<SH
#!/bin/sh
mv $BATS_TEST_TMPDIR/message $BATS_TEST_TMPDIR/given && cat $BATS_TEST_TMPDIR/given
echo '{"type":"close"}'
SH
    in_lab "$TESTBOX" serve --kvm no --result "$result" --log-server http://127.0.0.1:3080 vm-1p1g-1 \
        'ws://127.0.0.1/ws/boot.ipxe?mac=${mac:hexhyp}&hostname=${hostname}' >"$SAID" 2>&1 3>&- </dev/null &
    SERVING=$!
    wait_line "$LOG" '^POST /report_event' 300 "$SERVING"
    touch "$TESTBOX_STATE/vm-1p1g-1/safe-stop"
    wait "$SERVING"
    settled
    rm "$TESTBOX_STATE/vm-1p1g-1/safe-stop"
    grep -qE '^job tiny: status 5 in [0-9]+ s$' "$SAID"
    grep '^POST /report_event 200' "$LOG" | grep -F '\x22testbox\x22:\x22vm-1p1g-1\x22' |
        grep -F '\x22job_id\x22:\x22tiny\x22,\x22state\x22:\x22finished\x22,\x22status\x22:5'
    grep -q '^GET /heart-beat?hostname=vm-1p1g-1&' "$LOG"
    grep -q '^POST /result/tiny/dmesg JOBID=tiny - .*tiny: results are there' "$sent"
    tail -n 1 "$LOG" | grep -q '^PUT /del_host_mac?mac=0a-'
    rm -r "$TESTBOX_STATE/cache"
    nothing_left vm-1p1g-1
}

@test "a testbox registers, runs its jobs, reports them and leaves" {
    answer job.ipxe
    cp "$WEB/nothing.ipxe" "$BATS_TEST_TMPDIR/nothing"
    QUEUES=vm-2p8g~me,all serving "$SCHEDULER" sh -c '
        cpio -t --quiet <"$1" >/dev/null 2>&1; test -s "$0" && echo "ran $2"
        mv '"$BATS_TEST_TMPDIR/nothing $ANSWER"'; exit 3'
    wait_line "$SAID" '^no job now' 60 "$SERVING"
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
    wait_line "$SAID" '^runs$' 60 "$SERVING"
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
    wait_line "$SAID" '^runs [0-9]+$' 60 "$SERVING"
    kill -TERM "$SERVING"
    kill -TERM "$SERVING"
    # Signals of one kind that wait become one.
    until [ ! -d "/proc/$(sed -n 's/^runs //p' "$SAID")" ]; do kill -TERM "$SERVING" || true; done
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

@test "a scheduler that has forgotten a testbox hears who it is, also while a job runs" {
    answer job.ipxe
    export ARCH=x86_64
    serving "$SCHEDULER" sh -c "touch $SAFE_STOP; until [ \$(grep -c '^GET /heart-beat' $LOG) -ge 3 ]; do :; done; echo ran"
    served 0
    grep -qx ran "$SAID"
    grep -qx 'GET /heart-beat?hostname=vm-2p8g-1&type=vm&is_remote=false 200 .*' "$LOG"
    [ "$(asked '^PUT /register-host2redis\?hostname=vm-2p8g-1&type=vm&owner=local&max_mem=8&is_remote=false&arch=x86_64 200 ')" -ge 3 ]
    # It ends with the testbox, however that ends, and says nothing when it has left.
    tail -n 1 "$LOG" | grep -q '^PUT /del_host_mac'
    rm "$SAFE_STOP"
    : >"$LOG"
    serving "$SCHEDULER" sh -c "exec sleep 100"
    wait_line "$LOG" '^GET /heart-beat' 60 "$SERVING"
    local beat
    beat=$(pgrep -P "$SERVING" testbox-beat)
    kill -KILL "$SERVING"
    timeout 60 tail --pid="$beat" -f /dev/null
}

@test "a scheduler without heart-beats is not asked for them again" {
    sed 's,http://127.0.0.1,,' "$WEB/job.ipxe" >"$ANSWER"
    mkdir -p "$WEB/bare"
    cp "$ANSWER" "$WEB/bare/job"
    export ARCH=x86_64
    serving 'http://127.0.0.1:82/bare/job' sh -c "touch $SAFE_STOP; sleep 3"
    served 0
    [ "$(asked '^GET /heart-beat.* 404')" -eq 1 ]
    [ "$(asked '^PUT /register-host2redis.* 40[45]')" -eq 1 ]
}

@test "the token goes to the scheduler by HTTP, to no other server, and comes fresh from its file" {
    local token=$BATS_TEST_TMPDIR/token
    sed 's, /\(files\|jobs\), http://127.0.0.1:83/\1,' "$WEB/job.ipxe" >"$ANSWER"
    echo 'old' >"$token"
    export ARCH=x86_64 TOKEN=$token
    run -1 --separate-stderr get ask vm-2p8g-1 'http://127.0.0.1/guarded/mac/${mac:hexhyp}'
    [ "$output" = 'failure: http://127.0.0.1/guarded/mac/0a-01-02-03-04-05: HTTP status 401 (--token FILE says who may ask)' ]
    echo 'eyJ0.S3CRET' >"$token"
    serving 'http://127.0.0.1/guarded/mac/${mac:hexhyp}' sh -c "touch $SAFE_STOP; echo ran"
    served 0
    grep -qx ran "$SAID"
    run ! grep -q S3CRET "$SAID"
    grep -qx 'PUT /api/register-host2redis?hostname=vm-2p8g-1&type=vm&owner=local&max_mem=8&is_remote=true&arch=x86_64 200 .*' "$LOG"
    grep -q '^POST /api/report_event 200' "$LOG"
    [ "$(grep -c 'GET /files/vmlinuz authorization=-$' "$BATS_FILE_TMPDIR/other.log")" -eq 1 ]
    # A script that chains elsewhere does not take it there.
    printf '#!ipxe\nchain http://127.0.0.1:83/job.ipxe\n' >"$ANSWER"
    run -0 --separate-stderr get ask vm-2p8g-1 'http://127.0.0.1/guarded/mac/${mac:hexhyp}'
    grep -qx 'GET /job.ipxe authorization=-' "$BATS_FILE_TMPDIR/other.log"
    TOKEN=/no/such run -1 --separate-stderr get ask vm-2p8g-1 http://127.0.0.1/job.ipxe
    [ "$output" = 'failure: /no/such: No such file or directory' ]
}

@test "a server that sends elsewhere sends no token there, by HTTP or by WebSocket" {
    local scheme other=$BATS_FILE_TMPDIR/other.log
    echo 'eyJ0.S3CRET' >"$BATS_TEST_TMPDIR/token"
    export PATIENCE=1 TOKEN=$BATS_TEST_TMPDIR/token
    for scheme in http ws; do
        : >"$other"
        run -1 --separate-stderr get ask vm-2p8g-1 "$scheme://127.0.0.1/elsewhere"
        cat "$other"
        run ! grep -q S3CRET "$other"
    done
    # A WebSocket is not followed at all.
    [ ! -s "$other" ]
}

@test "the token goes through a WebSocket" {
    boot_message "$WEB/ws.ipxe" >"$BATS_TEST_TMPDIR/message"
    echo 'eyJ0.S3CRET' >"$BATS_TEST_TMPDIR/token"
    websocket "$PORT" <<SH
#!/bin/sh
[ "\$HTTP_AUTHORIZATION" = eyJ0.S3CRET ] && cat $BATS_TEST_TMPDIR/message
SH
    TOKEN=$BATS_TEST_TMPDIR/token run -0 --separate-stderr get ask vm-2p8g-1 "ws://127.0.0.1:$PORT/"
    [ "$output" = http://127.0.0.1/files/vmlinuz ]
}

@test "the log of a job goes to where its results are kept, and only that of one that ran" {
    export LOG_SERVER=http://127.0.0.1:3080 SENT=$BATS_TEST_TMPDIR/console.log
    local sent=$BATS_FILE_TMPDIR/sent.log
    : >"$sent"
    echo 'Linux version 6.1' >"$SENT"
    sed '$i echo result_root=/result/borrow/2026-11-21/vm-2p8g/4711' "$WEB/job.ipxe" >"$ANSWER"
    serving "$SCHEDULER" sh -c "touch $SAFE_STOP"
    served 0
    cat "$sent"
    grep -q '^POST /result/borrow/2026-11-21/vm-2p8g/4711/dmesg JOBID=4711 - .*name=.x22file.x22.*Linux version 6.1' "$sent"
    # No machine, no log; and a script says nothing but a path.
    : >"$sent"
    rm "$SAFE_STOP"
    sed 's,2.cpio,none,g' "$WEB/job.ipxe" | sed '$i echo result_root=/result/x' >"$ANSWER"
    serving "$SCHEDULER" true
    wait_line "$LOG" '^POST /report_event' 60 "$SERVING"
    sed '$i echo result_root=/../../x' "$WEB/job.ipxe" >"$ANSWER.new"
    mv "$ANSWER.new" "$ANSWER"
    wait_line "$SAID" '^job 4711: status 0' 60 "$SERVING"
    touch "$SAFE_STOP"
    served 0
    [ ! -s "$sent" ]
}

@test "a job that cannot be fetched is reported, and the next one runs" {
    sed 's,2.cpio,none,g' "$WEB/job.ipxe" >"$ANSWER"
    serving "$SCHEDULER" sh -c "touch $SAFE_STOP; echo ran"
    wait_line "$LOG" '^POST /report_event' 60 "$SERVING"
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
    wait_line "$LOG" '^POST /report_event' 60 "$SERVING"
    answer job.ipxe
    served 0
    grep -qxF 'job 4711: http://127.0.0.1/files/odd' "$SAID"
    [ "$(grep -c S3CRET "$SAID")" -eq 0 ]
    grep '^POST /report_event' "$LOG" | head -n 1 | grep -F '\x22state\x22:\x22failed\x22'
}

@test "a script that cannot be read does not end it" {
    printf '#!ipxe\ndance\n' >"$ANSWER"
    serving "$SCHEDULER" sh -c "touch $SAFE_STOP; echo ran"
    wait_line "$SAID" "^no job: http://127[.]0[.]0[.]1/boot[.]ipxe/mac/0a-01-02-03-04-05: line 2: 'dance' is not known here" 60 "$SERVING"
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
    wait_line "$SAID" '^runs [0-9]+$' 60 "$SERVING"
    kill -KILL "$SERVING"
    wait "$SERVING" || true
    cache_is 4
    serving "$SCHEDULER" sh -c "touch $SAFE_STOP; echo ran"
    served 0
    [ "$(asked '^GET /(files|jobs)/.* 200 ')" -eq 4 ]
}
