#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Fetching an image from a real web server: whole or not at all, through broken connections.
# shellcheck disable=SC2030,SC2031 # bats runs each test in a subshell

bats_require_minimum_version 1.5.0

setup() {
    . "$BATS_TEST_DIRNAME/../../lib/server-http.bash"
    FETCH=${PROGRAMS:-$BATS_TEST_DIRNAME/../../../build/asan}/rootovl-fetch
    DIR=$BATS_TEST_TMPDIR
    lab_start
    http_configure "$DIR" 127.0.0.1
    FILE=$DIR/www/file
    head -c 12345678 /dev/urandom >"$FILE"
    OUT=$DIR/out
}

teardown() {
    lab_stop
}

digest() {
    sha256sum <"$FILE" | cut -d ' ' -f 1
}

# fetches STATUS URL [OPTION…]
fetches() {
    ROOTOVL_URL=$2 run "-$1" lab timeout 120 "$FETCH" "${@:3}" "$OUT"
    echo "$output"
}

# refused CODE WHAT: the failure's number by errno's name, and a part of what it says
refused() {
    [[ $output == *"failed $(python3 -c "import errno; print(errno.$1)")"$'\n'*"$2"*$'\n'?* ]]
}

requests() {
    http_settled
    grep -c . "$DIR/http/access.log"
}

@test "fetch: a file, with the right digest, over HTTP" {
    http_start "$DIR"
    fetches 0 http://127.0.0.1/file --digest "$(digest)"
    cmp "$FILE" "$OUT"
    [[ ${lines[0]} =~ ^[0-9]+\ 12345678\ ?$ ]]
    fetches 0 http://localhost/file
    cmp "$FILE" "$OUT"
}

@test "fetch: a wrong digest is refused, and says the right one" {
    http_start "$DIR"
    fetches 1 http://127.0.0.1/file --digest "$(printf '%064d' 0)"
    refused EBADMSG "its digest is sha256:$(digest)"
}

@test "fetch: HTTPS with the farm's CA; refused without it, and for another name" {
    http_start "$DIR"
    fetches 0 https://127.0.0.1/file --ca "$DIR/http/ca.pem"
    cmp "$FILE" "$OUT"
    fetches 1 https://127.0.0.1/file --patience 5
    refused EPROTO certificate
    fetches 1 https://localhost/file --ca "$DIR/http/ca.pem"
    refused EPROTO 'SSL: no alternative certificate subject name'
}

@test "fetch: no such file is a failure at once" {
    http_start "$DIR"
    fetches 1 http://127.0.0.1/none
    refused ENOENT 'the server answers with 404'
    [ "$(requests)" -eq 1 ]
}

@test "fetch: a server that is broken is asked again, until the patience is over" {
    http_start "$DIR"
    fetches 1 http://127.0.0.1/broken --patience 8
    refused EAGAIN 'the server answers with 503, for 8 s'
    [ "$(requests)" -ge 3 ]
}

@test "fetch: no server, until the patience is over" {
    fetches 1 http://127.0.0.1/file --patience 2
    refused ECONNREFUSED ', for 2 s'
}

@test "fetch: a file without a size, and an empty one" {
    http_start "$DIR"
    fetches 1 http://127.0.0.1/chunked/file
    refused EPROTO 'the server does not say how large it is'
    : >"$FILE"
    fetches 1 http://127.0.0.1/file
    refused EPROTO 'it is empty'
}

@test "fetch: what is larger than the room is refused before anything of it is written" {
    http_start "$DIR"
    lab mkdir /run/small
    lab mount -t tmpfs -o size=10M tmpfs /run/small
    OUT=/run/small/out
    fetches 1 http://127.0.0.1/file
    refused ENOSPC 'it is 11 MiB large, and there is room for 10 MiB'
    [ "$(lab stat -c %b /run/small/out)" -eq 0 ]
}

@test "fetch: redirects: not for ever, not from https to http, not to a file" {
    http_start "$DIR"
    fetches 0 http://127.0.0.1/to-http
    cmp "$FILE" "$OUT"
    fetches 1 http://127.0.0.1/loop
    refused EPROTO 'Maximum (5) redirects followed'
    fetches 1 https://127.0.0.1/to-http --ca "$DIR/http/ca.pem"
    refused EPROTO 'Protocol "http"'
    fetches 1 http://127.0.0.1/to-file
    refused EPROTO 'Protocol "file"'
}

# begin URL OPTION…: fetches in the background, and returns when the first bytes came.
begin() {
    ROOTOVL_URL=$1 lab timeout 120 "$FETCH" "${@:2}" "$OUT" >"$DIR/said" 2>&1 3>&- &
    FETCHING=$!
    wait_line "$DIR/said" '^[0-9]+ 12345678' 60 "$FETCHING"
}

@test "fetch: a server that dies in the middle and comes back: the rest is fetched, not the whole" {
    http_start "$DIR"
    begin http://127.0.0.1/slow/file
    http_stop "$DIR"
    http_hurry "$DIR"
    http_start "$DIR"
    wait "$FETCHING"
    cmp "$FILE" "$OUT"
    http_settled
    grep -qE '^206 /slow/file bytes=[1-9][0-9]*-$' "$DIR/http/access.log"
}

@test "fetch: a file that is another when the server comes back is fetched anew" {
    http_start "$DIR"
    begin http://127.0.0.1/slow/file
    http_stop "$DIR"
    head -c 2345678 /dev/urandom >"$FILE"
    http_hurry "$DIR"
    http_start "$DIR"
    wait "$FETCHING" || { cat "$DIR/said" "$DIR/http/access.log"; false; }
    cmp "$FILE" "$OUT"
    http_settled
    grep -qE '^200 /slow/file bytes=[1-9][0-9]*-$' "$DIR/http/access.log"
}

@test "fetch: a server that dies in the middle and stays away" {
    http_start "$DIR"
    begin http://127.0.0.1/slow/file --patience 3
    http_stop "$DIR"
    if wait "$FETCHING"; then false; fi
    output=$(cat "$DIR/said")
    refused ECONNREFUSED ', for 3 s'
}

# drips WHAT: a server on port 99 whose answers come 1500 bytes a second; WHAT: body, or headers without an end.
drips() {
    cat >"$DIR/drips.py" <<'END'
import socket, sys, time
server = socket.create_server(("127.0.0.1", 99))
print("ready", flush=True)
while True:
    client, _ = server.accept()
    client.recv(4096)
    try:
        client.sendall(b"HTTP/1.1 200 OK\r\nETag: \"x\"\r\n")
        if sys.argv[1] == "body":
            client.sendall(b"Content-Length: 9000000\r\n\r\n")
        while True:
            client.sendall(b"x" * 1500 if sys.argv[1] == "body" else b"X: %s\r\n" % (b"x" * 1495))
            time.sleep(1)
    except OSError:
        client.close()
END
    lab python3 "$DIR/drips.py" "$1" >"$DIR/drips" 2>&1 3>&- &
    wait_line "$DIR/drips" ready 60 "$!"
}

@test "fetch: a server that drips is given up in time" {
    local began=$SECONDS
    drips body
    fetches 1 http://127.0.0.1:99/file --patience 1
    refused ETIMEDOUT 'it comes too slowly: '
    [[ $output == *' of 8789 KiB in 2'[0-4]' s'* ]]
    ((SECONDS - began >= 20 && SECONDS - began < 60))
}

@test "fetch: headers without an end are given up in time" {
    drips headers
    fetches 1 http://127.0.0.1:99/file --patience 1
    refused ETIMEDOUT 'nothing of it came, for 2'
}

@test "fetch: a password in the URL is in no process list and in nothing that is said" {
    # Of this test alone: others have words of theirs on command lines.
    local secret=S3CRET-$BASHPID-$RANDOM processes
    http_start "$DIR"
    begin "http://tester:$secret@127.0.0.1/slow/file"
    # Listed before grep starts, whose own command line has it.
    processes=(/proc/[0-9]*/cmdline)
    run ! grep -qs "$secret" "${processes[@]}"
    http_stop "$DIR"
    http_hurry "$DIR"
    http_start "$DIR"
    wait "$FETCHING"
    run ! grep "$secret" "$DIR/said"
}

@test "fetch: from the first connection on it has no rights" {
    http_start "$DIR"
    printf 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n' >"$DIR/answer"
    lab socat -d -d TCP-LISTEN:8099,reuseaddr SYSTEM:"cat $DIR/answer; sleep 60" >"$DIR/socat" 2>&1 3>&- &
    wait_line "$DIR/socat" 'listening on' 60 "$!"
    ROOTOVL_URL=http://127.0.0.1:8099/file lab "$FETCH" "$OUT" >"$DIR/said" 2>&1 3>&- &
    pid=$!
    wait_line "$DIR/socat" 'starting data transfer loop' 60 "$pid"
    pid=$(pgrep -n -f "^$FETCH")
    cat "/proc/$pid/status"
    grep -P '^Uid:\t65533\t65533\t65533\t65533$' "/proc/$pid/status"
    grep -P '^Gid:\t65533\t65533\t65533\t65533$' "/proc/$pid/status"
    grep -P '^Groups:\t *$' "/proc/$pid/status"
    for set in CapInh CapPrm CapEff CapBnd CapAmb; do
        grep -P "^$set:\t0000000000000000$" "/proc/$pid/status"
    done
    grep -P '^NoNewPrivs:\t1$' "/proc/$pid/status"
    grep -P '^Seccomp:\t2$' "/proc/$pid/status"
    kill "$pid"
}

@test "fetch: certificates that only root may read are read before that" {
    http_start "$DIR"
    chmod 600 "$DIR/http/ca.pem"
    fetches 0 https://127.0.0.1/file --ca "$DIR/http/ca.pem"
    cmp "$FILE" "$OUT"
}
