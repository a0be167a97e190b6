# SPDX-License-Identifier: GPL-2.0-or-later
# Waiting for what a file will say, without polling it.
# shellcheck shell=bash

# wait_line FILE REGEX SECONDS [PID]: returns when a line of FILE, now or later, matches; 1 when none
# did in that time, or in the life of the process that writes it.
wait_line() {
    local file=$1 regex=$2 seconds=$3 feed follower found=0
    touch "$file"
    exec {feed}< <(exec timeout "$seconds" tail -n +1 -f ${4:+"--pid=$4"} -- "$file")
    follower=$!
    grep -q -m 1 -E -- "$regex" <&"$feed" || found=1
    kill "$follower" 2>/dev/null || true
    wait "$follower" 2>/dev/null || true
    exec {feed}<&-
    return $found
}
