# SPDX-License-Identifier: GPL-2.0-or-later
# Waiting for what a file will say, without polling it.
# shellcheck shell=bash

# wait_line FILE REGEX SECONDS [PID [TIMES]]: returns when a line of FILE, now or later, matches, or so many
# lines do; 1 when that was not so in that time, or in the life of the process that writes it.
wait_line() {
    local file=$1 regex=$2 seconds=$3 times=${5:-1} feed follower found
    touch "$file"
    exec {feed}< <(exec timeout "$seconds" tail -n +1 -f ${4:+"--pid=$4"} -- "$file")
    follower=$!
    found=$(grep -c -m "$times" -E -- "$regex" <&"$feed") || true
    kill "$follower" 2>/dev/null || true
    wait "$follower" 2>/dev/null || true
    exec {feed}<&-
    [[ $found == "$times" ]]
}
