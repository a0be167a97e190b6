# SPDX-License-Identifier: GPL-2.0-or-later
# An NBD server in the lab, on port 10809 of $NBD_ADDRESS (127.0.0.1): qemu-nbd or nbdkit.
#
#   nbd_start DIR qemu OPTION… FILE
#   nbd_start DIR nbdkit ARGUMENT…
#   nbd_stop DIR           it is killed, as in an outage
# shellcheck shell=bash

. "${BASH_SOURCE[0]%/*}/lab.bash"
. "${BASH_SOURCE[0]%/*}/events.bash"

nbd_start() {
    local dir=$1 kind=$2
    shift 2
    rm -f "$dir/nbd.pid"
    # Both go to the background when they listen.
    case $kind in
    qemu) lab qemu-nbd --fork --persistent --read-only --bind="${NBD_ADDRESS:-127.0.0.1}" --pid-file="$dir/nbd.pid" "$@" 3>&- ;;
    nbdkit) lab nbdkit --readonly --ipaddr="${NBD_ADDRESS:-127.0.0.1}" --pidfile="$dir/nbd.pid" "$@" 3>&- ;;
    esac
}

nbd_stop() {
    lab_end KILL "$(<"$1/nbd.pid")"
}
