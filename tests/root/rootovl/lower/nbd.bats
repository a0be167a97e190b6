#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The handshake of the NBD client with real servers, and with what is none.

bats_require_minimum_version 1.5.0

setup() {
    . "$BATS_TEST_DIRNAME/../../../lib/server-nbd.bash"
    NBD=${PROGRAMS:-$BATS_TEST_DIRNAME/../../../../build/asan}/tests/root/rootovl/lower/nbd
    DIR=$BATS_TEST_TMPDIR
    truncate -s 1000000 "$DIR/disk"
    lab_start
}

teardown() {
    lab_stop
}

# asks STATUS EXPECTED [EXPORT]. SECONDS_LEFT: how long it waits for a server that says nothing.
asks() {
    run "-$1" lab timeout 120 "$NBD" 10809 "${SECONDS_LEFT:-60}" "${@:3}"
    echo "$output"
    # shellcheck disable=SC2053 # it is a pattern
    [[ $output == $2 ]]
}

@test "nbd: the default export of qemu-nbd, whole blocks of it" {
    nbd_start "$DIR" qemu -f raw "$DIR/disk"
    asks 0 '1000448 bytes in blocks of 512'
}

@test "nbd: a named export of qemu-nbd, and one that it does not have" {
    nbd_start "$DIR" qemu -f raw -x os/debian "$DIR/disk"
    asks 0 '1000448 bytes in blocks of 512' os/debian
    asks 1 'failed: ENOENT: no such export on the server (*)' other
    asks 1 'failed: ENOENT: no such export on the server (*)'
}

@test "nbd: nbdkit, a size that is no multiple of a block, and large blocks" {
    nbd_start "$DIR" nbdkit --filter=blocksize-policy memory 10001 blocksize-minimum=1 \
        blocksize-preferred=4096
    asks 0 '9728 bytes in blocks of 512'
    nbd_stop "$DIR"
    nbd_start "$DIR" nbdkit --filter=blocksize-policy memory 1M blocksize-minimum=4096 \
        blocksize-preferred=4096
    asks 0 '1048576 bytes in blocks of 4096'
    nbd_stop "$DIR"
    nbd_start "$DIR" nbdkit --filter=blocksize-policy memory 1M blocksize-minimum=8192 \
        blocksize-preferred=8192
    asks 1 'failed: EPROTONOSUPPORT: the server wants requests in units of 8192 bytes (*)'
}

@test "nbd: an empty export" {
    nbd_start "$DIR" nbdkit memory 0
    asks 1 'failed: EINVAL: the export is 0 bytes large (*)'
}

@test "nbd: a server of the old style" {
    nbd_start "$DIR" nbdkit --oldstyle memory 1M
    asks 1 'failed: EPROTONOSUPPORT: the server does not speak the fixed newstyle protocol (*)'
}

@test "nbd: a server that wants TLS" {
    echo "farm:$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n')" >"$DIR/keys.psk"
    nbd_start "$DIR" nbdkit --tls=require --tls-psk="$DIR/keys.psk" memory 1M
    asks 1 'failed: EACCES: the server wants TLS, which the kernel does not have (*)'
}

@test "nbd: a server that is taken, and says nothing" {
    nbd_start "$DIR" qemu -f raw "$DIR/disk"
    lab bash -c 'exec 9<>/dev/tcp/127.0.0.1/10809 && exec sleep 1000' 3>&- &
    wait_line <(lab bash -c 'until ss -Htn state established | grep -q :10809; do :; done; echo taken') taken 60
    SECONDS_LEFT=3 asks 1 'failed: ETIMEDOUT: the server does not answer (*)'
}

@test "nbd: a server of something else" {
    lab bash -c 'echo listening; exec python3 -u -m http.server -b 127.0.0.1 10809' \
        >"$DIR/http.log" 2>&1 3>&- &
    wait_line "$DIR/http.log" Serving 60 "$!"
    SECONDS_LEFT=3 asks 1 'failed: ETIMEDOUT: the server does not answer (*)'
}
