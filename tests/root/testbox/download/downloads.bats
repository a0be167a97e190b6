#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# How files come into testbox's cache: real servers, processes that are killed, and what the
# servers' logs say of what they were asked.

bats_require_minimum_version 1.5.0

. "$BATS_TEST_DIRNAME/../testbox.bash"

setup_file() {
    testbox_lab
    random_file "$WEB/files/a" 300000
    random_file "$WEB/files/b" 200001
    random_file "$WEB/files/big" 3000000
    : >"$WEB/files/empty"
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$BATS_FILE_TMPDIR/key" -out "$BATS_FILE_TMPDIR/cert" \
        -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 2>/dev/null
    nginx_start nginx <<CONF
    server {
        listen 80;
        listen 443 ssl;
        ssl_certificate $BATS_FILE_TMPDIR/cert;
        ssl_certificate_key $BATS_FILE_TMPDIR/key;
        set \$pace 200k;
        if (-f $WEB/hurry) { set \$pace 0; }
        location /slow/ { alias $WEB/files/; limit_rate \$pace; }
        location /unmarked/ { alias $WEB/files/; limit_rate \$pace; etag off; add_header Last-Modified ""; }
        location /dated/ { alias $WEB/files/; etag off; }
        location /busy { if (!-f $WEB/healed) { return 503; } alias $WEB/files/a; }
        location /gone { return 410; }
        location /hangs-up { return 444; }
        location /round { return 302 /round; }
        location /moved { return 302 /files/a; }
        location /to-http { return 302 http://127.0.0.1/files/a; }
        location /to-host { return 302 file:///etc/passwd; }
    }
CONF
}

teardown_file() {
    lab_stop
}

setup() {
    testbox_test
}

# killed_at BYTES PATH: a download is killed when its part has that many bytes; nothing is slow after that.
killed_at() {
    local pid size=0
    in_lab "$GET" download "$OUT" "http://127.0.0.1$2" >"$SAID" 2>&1 3>&- &
    pid=$!
    while ((size < $1)); do
        kill -0 "$pid"
        size=$(stat -c %s "$CACHE"/*.part 2>/dev/null || echo 0)
    done
    kill -KILL "$pid"
    wait "$pid" || true
    touch "$WEB/hurry"
}

# lies [COMMAND]: a server on $PORT that answers each connection with stdin, and then does COMMAND.
lies() {
    local pid
    cat >"$BATS_TEST_TMPDIR/answer"
    lab socat -d -d "TCP-LISTEN:$PORT,reuseaddr,fork" SYSTEM:"cat $BATS_TEST_TMPDIR/answer; ${1:-exit}" \
        >"$BATS_TEST_TMPDIR/socat" 2>&1 3>&- &
    pid=$!
    wait_line "$BATS_TEST_TMPDIR/socat" 'listening on' 60 "$pid"
}

@test "files arrive whole, and are not fetched again while the server says that they are the same" {
    get download "$OUT" http://127.0.0.1/files/a http://127.0.0.1/files/b
    cmp "$OUT/0" "$WEB/files/a"
    cmp "$OUT/1" "$WEB/files/b"
    get download "$OUT" http://127.0.0.1/files/b http://127.0.0.1/files/a
    cmp "$OUT/0" "$WEB/files/b"
    cat "$LOG"
    [ "$(asked '^GET /files/[ab] 200 range=- none-match=- ')" -eq 2 ]
    [ "$(asked '^GET /files/[ab] 304 range=- none-match=\\x22')" -eq 2 ]
    [ "$(asked .)" -eq 4 ]
    cache_is 2
}

@test "a server without ETags is asked by date" {
    get download "$OUT" http://127.0.0.1/dated/a
    get download "$OUT" http://127.0.0.1/dated/a
    cmp "$OUT/0" "$WEB/files/a"
    [ "$(asked '^GET /dated/a 304 ')" -eq 1 ]
}

@test "a file that changed is fetched anew, and the old one leaves the cache" {
    cp "$WEB/files/b" "$WEB/files/changing"
    get download "$OUT" http://127.0.0.1/files/changing
    random_file "$WEB/files/changing" 5000
    get download "$OUT" http://127.0.0.1/files/changing
    cmp "$OUT/0" "$WEB/files/changing"
    [ "$(asked '^GET /files/changing 200 ')" -eq 2 ]
    cache_is 1
}

@test "twenty processes fetch each URL once" {
    local pids=() pid i
    for i in {1..20}; do
        mkdir "$OUT/$i"
        in_lab "$GET" download "$OUT/$i" http://127.0.0.1/slow/a http://127.0.0.1/files/b >"$SAID.$i" 2>&1 3>&- &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do
        wait "$pid"
    done
    for i in {1..20}; do
        cmp "$OUT/$i/0" "$WEB/files/a"
        cmp "$OUT/$i/1" "$WEB/files/b"
    done
    sort "$LOG" | uniq -c
    [ "$(asked '^GET /slow/a 200 ')" -eq 1 ]
    [ "$(asked '^GET /files/b 200 ')" -eq 1 ]
    cache_is 2
}

@test "one URL named twice is one download" {
    get download "$OUT" http://127.0.0.1/files/a http://127.0.0.1/files/a
    cmp "$OUT/1" "$WEB/files/a"
    [ "$(asked .)" -eq 1 ]
}

@test "after kill -9 in mid-download the next one goes on where it was cut" {
    killed_at 500000 /slow/big
    get download "$OUT" http://127.0.0.1/slow/big 2>&1 | tee "$SAID"
    cmp "$OUT/0" "$WEB/files/big"
    cat "$LOG"
    [ "$(asked '^GET /slow/big 206 range=bytes=[0-9]{6,}- ')" -eq 1 ]
    grep -q 'the last part of it' "$SAID"
    cache_is 1
}

@test "what was cut is begun anew when the file has changed meanwhile" {
    cp "$WEB/files/big" "$WEB/files/other"
    killed_at 500000 /slow/other
    random_file "$WEB/files/other" 600000
    get download "$OUT" http://127.0.0.1/slow/other
    cmp "$OUT/0" "$WEB/files/other"
    [ "$(asked '^GET /slow/other 200 range=bytes=[0-9]{6,}- ')" -eq 1 ]
    cache_is 1
}

@test "what was cut is begun anew when nothing tells whether it is the same file" {
    killed_at 400000 /unmarked/big
    get download "$OUT" http://127.0.0.1/unmarked/big
    cmp "$OUT/0" "$WEB/files/big"
    [ "$(asked '^GET /unmarked/big 200 range=- ')" -eq 2 ]
    [ "$(asked .)" -eq 2 ]
    cache_is 1
}

@test "kill -9 at any moment leaves a cache that the next download can use" {
    local i pid
    for i in {1..12}; do
        in_lab "$GET" download "$OUT" http://127.0.0.1/files/{a,b,big} >"$SAID" 2>&1 3>&- &
        pid=$!
        perl -e 'select(undef, undef, undef, $ARGV[0] * 0.013)' "$i"
        kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" || true
        # Now and then what is there changes under its feet.
        ((i % 4)) || random_file "$WEB/files/b" $((150000 + i))
    done
    get download "$OUT" http://127.0.0.1/files/{a,b,big}
    cmp "$OUT/0" "$WEB/files/a"
    cmp "$OUT/1" "$WEB/files/b"
    cmp "$OUT/2" "$WEB/files/big"
    cache_is 3
}

@test "SIGTERM ends the downloads, and what has come is kept" {
    local pid status=0
    in_lab "$GET" download "$OUT" http://127.0.0.1/slow/big >"$SAID" 2>&1 3>&- &
    pid=$!
    until [ "$(stat -c %s "$CACHE"/*.part 2>/dev/null || echo 0)" -gt 300000 ]; do kill -0 "$pid"; done
    kill -TERM "$pid"
    wait "$pid" || status=$?
    [ "$status" -eq 1 ]
    grep -qx 'failure: the downloads were interrupted' "$SAID"
    touch "$WEB/hurry"
    get download "$OUT" http://127.0.0.1/slow/big
    cmp "$OUT/0" "$WEB/files/big"
    [ "$(asked ' 206 ')" -eq 1 ]
}

@test "what is not there fails at once, by its status" {
    run -1 --separate-stderr get download "$OUT" http://127.0.0.1/files/none
    [ "$output" = 'failure: http://127.0.0.1/files/none: HTTP status 404' ]
    run -1 --separate-stderr get download "$OUT" http://127.0.0.1/gone
    [ "$output" = 'failure: http://127.0.0.1/gone: HTTP status 410' ]
    [ "$(asked .)" -eq 2 ]
    [ -z "$(ls "$OUT")" ]
}

@test "one that cannot be had ends the others" {
    run -1 --separate-stderr get download "$OUT" http://127.0.0.1/slow/big http://127.0.0.1/files/none
    [ "$output" = 'failure: http://127.0.0.1/files/none: HTTP status 404' ]
    [ -z "$(ls "$OUT")" ]
}

@test "a busy server is asked again until it is not" {
    local pid
    rm -f "$WEB/healed"
    in_lab "$GET" download "$OUT" http://127.0.0.1/busy >"$SAID" 2>&1 3>&- &
    pid=$!
    wait_line "$SAID" '^http://127.0.0.1/busy: HTTP status 503; again in [0-9.]+ s$' 60 "$pid"
    touch "$WEB/healed"
    wait "$pid"
    cmp "$OUT/0" "$WEB/files/a"
}

@test "a server that stays away is given up when patience is over" {
    PATIENCE=2 run -1 --separate-stderr get download "$OUT" http://127.0.0.1:99/x
    [[ $output == 'failure: http://127.0.0.1:99/x: Failed to connect to 127.0.0.1 port 99 '*', for 2 seconds' ]]
    PATIENCE=4 run -1 --separate-stderr get download "$OUT" http://127.0.0.1/hangs-up
    [[ $output == 'failure: http://127.0.0.1/hangs-up: '*', for 4 seconds' ]]
    [ "$(asked '/hangs-up 444')" -ge 2 ]
}

@test "an empty file is a failure" {
    run -1 --separate-stderr get download "$OUT" http://127.0.0.1/files/empty
    [ "$output" = 'failure: http://127.0.0.1/files/empty: it is empty' ]
}

@test "a body shorter than its length is a failure, however often it comes" {
    lies <<<$'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nETag: "x"\r\n\r\nno more than this\r'
    PATIENCE=2 run -1 --separate-stderr get download "$OUT" "http://127.0.0.1:$PORT/x"
    echo "$output"
    [[ $output == "failure: http://127.0.0.1:$PORT/x: "*', for 2 seconds' ]]
    run find "$CACHE" -name '*.file'
    [ -z "$output" ]
}

@test "a server that sends no more is given up" {
    lies 'exec tail -f /dev/null' <<<$'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nand then nothing'
    PATIENCE=2 run -1 --separate-stderr get download "$OUT" "http://127.0.0.1:$PORT/x"
    echo "$output"
    [[ $output == "failure: http://127.0.0.1:$PORT/x: Operation too slow"*', for 2 seconds' ]]
}

@test "an answer cut between its chunks is a failure" {
    lies <<<$'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n9\r\nsec\r'
    PATIENCE=1 run -1 --separate-stderr get download "$OUT" "http://127.0.0.1:$PORT/x"
    [[ $output == "failure: http://127.0.0.1:$PORT/x: "*', for 1 seconds' ]]
    run find "$CACHE" -name '*.file'
    [ -z "$output" ]
}

@test "a part that was not asked for is not put behind what is there" {
    killed_at 400000 /slow/big
    cp "$CACHE"/*.part "$BATS_TEST_TMPDIR/part"
    # The same entry on a server that lies: the part moves to that URL's key.
    local from to
    from=$(basename "$CACHE"/*.part .part)
    to=$(printf %s "http://127.0.0.1:$PORT/x" | sha256sum | cut -d' ' -f1)
    mv "$CACHE/$from.part" "$CACHE/$to.part"
    mv "$CACHE/$from.from" "$CACHE/$to.from"
    lies <<<$'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\n56789'
    PATIENCE=1 run -1 --separate-stderr get download "$OUT" "http://127.0.0.1:$PORT/x"
    [[ $output == failure:* ]]
    # shellcheck disable=SC2154 # of bats
    grep -q 'the part in the cache is of no use; again' <<<"$stderr"
    run find "$CACHE" -name '*.file'
    [ -z "$output" ]
}

@test "redirections are followed, but not round and not to this host's files" {
    get download "$OUT" http://127.0.0.1/moved
    cmp "$OUT/0" "$WEB/files/a"
    run -1 --separate-stderr get download "$OUT" http://127.0.0.1/round
    [[ $output == 'failure: http://127.0.0.1/round: Maximum (10) redirects followed' ]]
    run -1 --separate-stderr get download "$OUT" http://127.0.0.1/to-host
    [[ $output == 'failure: http://127.0.0.1/to-host: '*file* ]]
    CA=$BATS_FILE_TMPDIR/cert run -1 --separate-stderr get download "$OUT" https://127.0.0.1/to-http
    [[ $output == 'failure: https://127.0.0.1/to-http: Protocol "http" not supported'*'(a redirect may lead to http and https, from https to https)' ]]
    [ "$(asked '^GET /files/a ')" -eq 1 ]
}

@test "https is believed by its certificate alone" {
    CA=$BATS_FILE_TMPDIR/cert get download "$OUT" https://127.0.0.1/files/a
    cmp "$OUT/0" "$WEB/files/a"
    run -1 --separate-stderr get download "$OUT" https://127.0.0.1/files/b
    [[ $output == 'failure: https://127.0.0.1/files/b: SSL certificate problem: '* ]]
}

@test "no password of a URL is shown" {
    PATIENCE=1 run -1 get download "$OUT" http://user:S3CRET@127.0.0.1:99/x http://user:S3CRET@127.0.0.1/files/none
    [[ $output == *'failure: http://127.0.0.1'* ]]
    [[ $output != *S3CRET* ]]
}

@test "no password of a URL is in the cache, and nobody else reads what was had for it" {
    local url=http://user:S3CRET@127.0.0.1/files/a
    get download "$OUT" $url
    get download "$OUT" $url
    [ "$(asked '^GET /files/a 304')" -eq 1 ]
    run grep -rl S3CRET "$CACHE"
    [ -z "$output" ]
    [ "$(stat -c %a "$CACHE"/*.file)" = 600 ]
}

@test "no query of a URL is in the cache or in what is said, and no file of it is for others" {
    local url='http://127.0.0.1/files/a?X-Signature=T0KEN&dDBrZW4='
    get download "$OUT" "$url" >"$SAID" 2>&1
    get download "$OUT" "$url" >>"$SAID" 2>&1
    [ "$(asked '^GET /files/a.* 304')" -eq 1 ]
    PATIENCE=1 run get download "$OUT" 'http://127.0.0.1/files/none?X-Signature=T0KEN&dDBrZW4='
    echo "$output" >>"$SAID"
    cat "$SAID" "$CACHE"/*.json
    run ! grep -rE 'T0KEN|dDBrZW4' "$CACHE" "$SAID"
    run ! grep -r 'X-Sig' "$CACHE"
    [ -z "$(find "$CACHE" -type f -perm /077)" ]
}

@test "an ETag that is no ASCII is passed over" {
    lies <<<$'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: "\xff\xfe"\r\nLast-Modified: \xff\r\n\r\n12345'
    get download "$OUT" "http://127.0.0.1:$PORT/x"
    [ "$(cat "$OUT/0")" = 12345 ]
}

@test "a part of a file is not taken for all of it" {
    lies <<<$'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-4/10\r\nContent-Length: 5\r\n\r\n01234'
    PATIENCE=1 run -1 --separate-stderr get download "$OUT" "http://127.0.0.1:$PORT/x"
    [[ $output == failure:* ]]
    run find "$CACHE" -name '*.file'
    [ -z "$output" ]
}

@test "files of this host are used where they are" {
    get download "$OUT" "file://$WEB/files/a"
    cmp "$OUT/0" "$WEB/files/a"
    [ ! -e "$CACHE" ]
    run -1 --separate-stderr get download "$OUT" "file://$WEB/files/empty"
    [ "$output" = "failure: $WEB/files/empty: it is empty" ]
    run -1 --separate-stderr get download "$OUT" "file://$WEB/files"
    [ "$output" = "failure: $WEB/files: it is no file" ]
}

# in_room SIZE COMMAND: a shell command with a cache on a file system of that size, $1/cache of it.
in_room() {
    local room=$BATS_TEST_TMPDIR/room
    mkdir "$room"
    # shellcheck disable=SC2016 # the inner shell expands
    unshare -m bash -c '
        mount -t tmpfs -o "size=$1" room "$2" && CACHE=$2/cache
        export CACHE
        get() { nsenter --net="/proc/$LAB_PID/ns/net" -- "$GET" "$@"; }
        # In KiB.
        used() { df -k --output=used "$CACHE" | tail -n 1 | tr -d " "; }
        left() { find "$CACHE" -size +0 -type f -printf "left %f %m\n"; }
        OUT=$3
        eval "$4"' room "$1" "$room" "$OUT" "$2"
}

@test "what does not fit is refused by its size, and a tenth of the file system stays free" {
    # shellcheck disable=SC2016 # the inner shell expands
    run -0 in_room 1m '
        get download "$OUT" http://127.0.0.1/files/big
        echo "status $?"
        left
        get download "$OUT" http://127.0.0.1/files/a'
    echo "$output"
    [[ $output == *"failure: http://127.0.0.1/files/big: the cache $BATS_TEST_TMPDIR/room/cache has no room for it: "*" of 2929 KiB (make room"* ]]
    [[ $output == *'status 1'* ]]
    run ! grep -E '^left .*(part|file)' <<<"$output"
    cmp "$OUT/0" "$WEB/files/a"
    [ "$(asked '/files/big 200')" -eq 1 ]
}

@test "answers without an end leave a tenth of the file system free, and nothing behind" {
    lies 'exec cat /dev/zero' <<<$'HTTP/1.1 200 OK\r\n\r'
    # shellcheck disable=SC2016 # the inner shell expands
    PORT=$PORT run -0 in_room 96m '
        mkdir "$CACHE"
        get download "$OUT" http://127.0.0.1:$PORT/{1,2,3} &
        most=0
        while kill -0 $! 2>/dev/null; do now=$(used); ((now > most && (most = now))); done
        wait $!
        echo "status $?, most $most, then $(used)"
        left'
    echo "$output"
    [[ $output == *'failure: http://127.0.0.1:'*'has no room for it: '* ]]
    [[ $output =~ status\ 1,\ most\ ([0-9]+),\ then\ ([0-9]+) ]]
    ((BASH_REMATCH[1] > 50000 && BASH_REMATCH[1] <= 96 * 1024 * 9 / 10 + 64 && BASH_REMATCH[2] < 64))
    run ! grep -E '^left .*(part|file)' <<<"$output"
}

@test "sizes are added up before anything is written" {
    lies 'exec tail -f /dev/null' <<<$'HTTP/1.1 200 OK\r\nContent-Length: 40000000\r\n\r\nand then nothing'
    # shellcheck disable=SC2016 # the inner shell expands
    PORT=$PORT run -0 in_room 96m 'get download "$OUT" http://127.0.0.1:$PORT/{1,2,3}; echo "status $?"; left'
    echo "$output"
    [[ $output == *'has no room for it: '*' of 117187 KiB'*'status 1'* ]]
    run ! grep -E '^left .*(part|file)' <<<"$output"
    SCRIPT_BYTES=3299999 run -1 --separate-stderr get download "$OUT" http://127.0.0.1/files/{a,big}
    [[ $output == "failure: http://127.0.0.1/files/"*": the files of the script are larger than 3222 KiB" ]]
    SCRIPT_BYTES=3300000 get download "$OUT" http://127.0.0.1/files/{a,big}
}

@test "old files leave the cache for new ones that have no room otherwise" {
    # shellcheck disable=SC2016 # the inner shell expands
    run -0 in_room 3900k '
        get download "$OUT" http://127.0.0.1/files/a && get download "$OUT" http://127.0.0.1/files/b &&
            find "$CACHE" -type f -exec touch -d "-1 hour" {} + &&
            get download "$OUT" http://127.0.0.1/slow/a && get download "$OUT" http://127.0.0.1/files/big
        left'
    cmp "$OUT/0" "$WEB/files/big"
    echo "$output"
    [ "$(grep -c '^left .*[.]file' <<<"$output")" -lt 4 ]
}

@test "what is not used for longest leaves a cache that is too large" {
    local name
    for name in a b big; do
        get download "$OUT" "http://127.0.0.1/files/$name"
        find "$CACHE" -type f -exec touch -d '-1 hour' {} +
    done
    # big, the newest, alone is under it
    get download "$OUT" http://127.0.0.1/files/big
    find "$CACHE" -type f -newermt '-30 minutes' | grep -q json
    CACHE_BYTES=3100000 get download "$OUT" http://127.0.0.1/files/big
    cache_is 1
    get download "$OUT" http://127.0.0.1/files/a
    [ "$(asked '^GET /files/big 200 ')" -eq 1 ]
    [ "$(asked '^GET /files/a 200 ')" -eq 2 ]
}

@test "what was not used for weeks leaves the cache, but for what is being fetched" {
    local lock
    get download "$OUT" http://127.0.0.1/files/a http://127.0.0.1/files/b
    find "$CACHE" -type f -exec touch -d '-40 days' {} +
    exec {lock}>>"$CACHE/$(printf %s http://127.0.0.1/files/a | sha256sum | cut -d' ' -f1).lock"
    flock "$lock"
    get download "$OUT" http://127.0.0.1/files/big
    exec {lock}>&-
    ls -l "$CACHE"
    cache_is 2
    get download "$OUT" http://127.0.0.1/files/a
    [ "$(asked '^GET /files/a 304 ')" -eq 1 ]
}

@test "what a killed process left of an old file is cleaned up" {
    get download "$OUT" http://127.0.0.1/files/a
    cp "$CACHE"/*.file "$CACHE/$(basename "$CACHE"/*.json .json).123.file"
    get download "$OUT" http://127.0.0.1/files/a
    cache_is 1
    cmp "$OUT/0" "$WEB/files/a"
}

@test "a cache whose notes are damaged is filled anew" {
    get download "$OUT" http://127.0.0.1/files/a
    echo '{' >"$(echo "$CACHE"/*.json)"
    get download "$OUT" http://127.0.0.1/files/a
    cmp "$OUT/0" "$WEB/files/a"
    sed -i 's,"file": "[^"]*","file": "../../../../etc/passwd",' "$CACHE"/*.json
    get download "$OUT" http://127.0.0.1/files/a
    cmp "$OUT/0" "$WEB/files/a"
    [ "$(asked ' 200 ')" -eq 3 ]
}

@test "on a terminal there are bars, and none is left at the end" {
    run -0 script -qec "nsenter --net=/proc/$LAB_PID/ns/net -- env TERM=vt100 $GET download $OUT http://127.0.0.1/slow/a" /dev/null
    [[ $output == *'[#'*'KiB  a'* ]]
    [[ $output == *$'\033[J'*'http://127.0.0.1/slow/a: 293.0 KiB in '* ]]
    run -0 get download "$OUT" http://127.0.0.1/files/b
    run ! grep -q $'\033' <<<"$output"
}
