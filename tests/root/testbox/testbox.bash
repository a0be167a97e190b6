# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of testbox's way to a job: a lab with real servers, and the driver in its network.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables of the tests, and of bats

. "${BASH_SOURCE[0]%/*}/../../lib/lab.bash"
. "${BASH_SOURCE[0]%/*}/../../lib/events.bash"

testbox_lab() {
    GET=${PROGRAMS:-$TOP/build/asan}/tests/root/testbox/download/get
    WEB=$BATS_FILE_TMPDIR/web # what is served
    LOG=$BATS_FILE_TMPDIR/access.log
    export GET WEB LOG
    # Nothing here goes through a proxy of the machine's.
    unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
    mkdir -p "$WEB/files" "$BATS_FILE_TMPDIR/nginx"
    lab_start
}

# nginx_start NAME: runs it on the configuration on stdin (inside of http {}), and waits for it.
nginx_start() {
    local home=$BATS_FILE_TMPDIR/$1 pid
    mkdir -p "$home"
    cat >"$home/nginx.conf" - <<CONF
daemon off;
worker_processes 1;
user root;
pid $home/pid;
error_log $home/error.log notice;
events { worker_connections 256; }
http {
    default_type application/octet-stream;
    client_body_temp_path $home/body;
    proxy_temp_path $home/proxy;
    fastcgi_temp_path $home/fastcgi;
    uwsgi_temp_path $home/uwsgi;
    scgi_temp_path $home/scgi;
    log_format asked '\$request_method \$request_uri \$status range=\$http_range none-match=\$http_if_none_match body=\$request_body';
    access_log $LOG asked;
    root $WEB;
    server { listen 127.0.0.1:9; access_log off; return 204; } # for settled
    $(cat)
}
CONF
    lab nginx -c "$home/nginx.conf" -p "$home" >"$home/said" 2>&1 3>&- &
    pid=$!
    wait_line "$home/error.log" 'start worker process ' 60 "$pid" || {
        cat "$home/said" "$home/error.log"
        return 1
    }
}

# in_lab COMMAND…: in the lab's network; what is started with & has its own process number, and ends
# with the test.
in_lab() {
    exec setpriv --pdeathsig KILL nsenter --net="/proc/$LAB_PID/ns/net" -- "$@"
}

# get WORD…: the driver. Its folders are of the test.
get() {
    (in_lab "$GET" "$@")
}

# settled: returns when what was answered before is in the log: nginx logs a request when it has answered
# it, before its one worker looks at the next.
settled() {
    # shellcheck disable=SC2016 # the inner shell expands
    (in_lab bash -c 'exec 9<>/dev/tcp/127.0.0.1/9; printf "GET / HTTP/1.0\r\n\r\n" >&9; read -r _ <&9')
}

# asked REGEX: how many lines of the access log match.
asked() {
    settled
    grep -cE "$1" "$LOG" || true
}

# Each test has a log, a cache and a folder for what comes, all empty.
testbox_test() {
    settled
    : >"$LOG"
    rm -f "$WEB/hurry"
    export CACHE=$BATS_TEST_TMPDIR/cache
    OUT=$BATS_TEST_TMPDIR/out
    # For a server of the test's own, which ends with the lab.
    PORT=$((8000 + 2 * BATS_TEST_NUMBER))
    SAID=$BATS_TEST_TMPDIR/said
    mkdir "$OUT"
}

# cache_is N: it holds N whole files, and nothing of one that is not.
cache_is() {
    local whole
    whole=$(find "$CACHE" -name '*.file' | wc -l)
    run find "$CACHE" -type f ! -name '*.file' ! -name '*.json' ! -name '*.lock'
    echo "$whole whole files, and: $output"
    [ "$whole" -eq "$1" ] && [ -z "$output" ]
}

random_file() {
    head -c "$2" /dev/urandom >"$1.new"
    mv "$1.new" "$1"
}
