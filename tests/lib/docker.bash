# SPDX-License-Identifier: GPL-2.0-or-later
# A docker daemon of a test's own: its files and its socket are in the test's directory, and it makes
# no bridge and no rule of a packet filter.
# shellcheck shell=bash

# docker_start DIR [OPTION…]: returns when it answers; DOCKER_HOST is set. Each OPTION is dockerd's.
docker_start() {
    local dir=$1/docker
    shift
    mkdir -p "$dir"
    DOCKER_HOST=unix://$dir/sock
    export DOCKER_HOST
    # Containers of its containerd must not meet the machine's: that is below its own --exec-root.
    ${DOCKER_IN:-} setsid dockerd --bridge=none --iptables=false --ip6tables=false --data-root "$dir/data" \
        --exec-root "$dir/exec" --pidfile "$dir/pid" --host "$DOCKER_HOST" "$@" >"$dir/log" 2>&1 3>&- &
    DOCKERD=$!
    DOCKERD_DIR=$dir
    wait_line "$dir/log" 'API listen on' 120 "$DOCKERD" || {
        tail -n 20 "$dir/log"
        return 1
    }
}

# Ends it and what it started, and takes away its mounts.
docker_stop() {
    [[ -n ${DOCKERD:-} ]] || return 0
    kill "$DOCKERD"
    tail --pid="$DOCKERD" -f /dev/null
    # It leaves the network namespace that it bound.
    awk -v dir="$DOCKERD_DIR/" 'index($5, dir) == 1 { print $5 }' /proc/self/mountinfo | sort -r |
        xargs -r umount
    unset DOCKERD
}
