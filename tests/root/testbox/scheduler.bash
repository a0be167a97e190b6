# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of what is between a testbox and its scheduler: a web server in the scheduler's place,
# programs behind WebSockets, and a testbox that serves.
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154 # ${mac} is the testbox's to expand; variables of the tests, and of bats

. "${BASH_SOURCE[0]%/*}/testbox.bash"

setup_file() {
    testbox_lab
    KERNEL=$(echo "$("${BASH_SOURCE[0]%/*}/../../lib/rootfs" debian-12)"/boot/vmlinuz-*)
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
    log_format sent '\$request_method \$request_uri \$http_cookie \$http_authorization \$request_body';
    log_format other '\$request_method \$request_uri authorization=\$http_authorization';
    server {
        listen 80;
        location = /busy { return 503; }
        location = /elsewhere { return 307 http://127.0.0.1:83/taken; }
        location = /to-loopback { return 302 http://127.0.0.1/files/vmlinuz?to=loopback; }
        location = /to-metadata { return 302 http://169.254.169.254/files/vmlinuz?to=metadata; }
        location = /html { default_type text/html; return 200 '<html>no script</html>'; }
        location = /set_host_mac { return 200; }
        location = /del_host_mac { return 200; }
        location = /set_host2queues { return 200; }
        location = /del_host2queues { return 200; }
        location = /register-host2redis { return 200; }
        # One that has forgotten the testbox.
        location = /heart-beat { default_type application/json; return 200 '{"status_code":1001}'; }
        # What scripts of the field name, under their own paths.
        location ~ ^/field/.*/vmlinuz { rewrite ^ /files/vmlinuz last; }
        location /field/ { rewrite ^ /files/1.cgz last; }
        location /ws/ {
            proxy_pass http://127.0.0.1:7999;
            proxy_http_version 1.1;
            proxy_set_header Upgrade \$http_upgrade;
            proxy_set_header Connection upgrade;
        }
        location ~ ^/(guarded|api)/ {
            if (\$http_authorization != "eyJ0.S3CRET") { return 401; }
            rewrite ^/guarded/(.*)\$ /boot.ipxe/\$1 last;
            return 200 '{"status_code":1000}';
        }
        # The body is in the log only where it was read, for a server behind.
        location = /report_event { proxy_pass http://127.0.0.1:81; }
    }
    server { listen 81; access_log off; location / { return 200; } }
    # No scheduler, but files.
    server { listen 82; }
    server { listen 83; access_log $BATS_FILE_TMPDIR/other.log other; }
    # Where results are kept.
    server {
        listen 3080;
        client_body_buffer_size 1m;
        location / { proxy_pass http://127.0.0.1:81; access_log $BATS_FILE_TMPDIR/sent.log sent; }
    }
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
    settled
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
    wait_line "$BATS_TEST_TMPDIR/websocketd-$1" 'Starting WebSocket server' 60 "$pid"
}

# boot_message FILE: the script as Compass-CI's scheduler sends it.
boot_message() {
    jq -nc --rawfile script "$1" '{type: "boot", response: $script}'
}
