#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The short way of the first process to the end, under a real kernel that is a process: see tree.bash.
# shellcheck disable=SC2016,SC2154 # the guest's shell expands; bats sets variables

. "$BATS_TEST_DIRNAME/tree.bash"

# Kills the second child of the first process, which is the boot: the first one is this script's own elder.
CRASH_BOOT='#!/bin/sh
while :; do
    for at in /proc/[0-9]*; do
        pid=${at#/proc/}
        if [ "$pid" -gt $$ ] && grep -qx "PPid:.1" "$at/status" && [ "$(readlink "$at/exe")" = /usr/bin/rootovl ]; then
            usleep 300000
            kill -SEGV "$pid"
            exit
        fi
    done 2>/dev/null
done'

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    make_root
}

@test "first process: a root without systemd is booted, and told that nothing starts the unit of its job" {
    JOB_UNIT=1 make_initramfs
    first_boot "root=/dev/ubda"
    said 'the root runs: overlay'
    said 'nothing starts the job: lkp-bootstrap.service is for systemd, and the root has none'
    said 'root ready in '
    said 'payload: job'
    said 'processes of the initramfs: 0'
    not_said 'Kernel panic'
}

@test "first process: a boot that crashes is a failed boot, obeys onfail= and is no panic" {
    NETWORKD=$CRASH_BOOT make_initramfs
    first_boot "root=/dev/ubdx rootovl.onfail=poweroff"
    said 'rootovl: failed, powering off: .*: rootovl itself has crashed'
    not_said 'Kernel panic'
}

# bats test_tags=slow
@test "first process: a boot that crashes comes to the shell, with nothing mounted and nothing running" {
    NETWORKD=$CRASH_BOOT WITNESS='sleep 2; echo "mounts: $(grep -c rootovl/ /proc/mounts)"
        echo "running: $(ls -l /proc/[0-9]*/exe | grep -c "/rootovl$")"; rootovl report; kill -USR2 1' make_initramfs
    first_boot "root=/dev/ubdx"
    said 'rootovl: failed: .*: rootovl itself has crashed'
    said '^mounts: 0'
    said '^running: 2' # the first process, and the one that loads drivers
    not_said 'Kernel panic'
}

@test "first process: each shell that is left tries again, and leaves one process that loads drivers" {
    WITNESS='echo "tried, running: $(ps -o ppid,args | grep -c "^ *1 .*init")"
        [ -e /tmp/third ] && kill -USR2 1; [ -e /tmp/second ] && touch /tmp/third; touch /tmp/second; exit' make_initramfs
    first_boot "root=/dev/ubdx rootovl.timeout=1"
    [ "$(grep -c '^tried, running: 1' console)" -ge 3 ]
    [ "$(grep -c 'failed: mount lower: no device' console)" -ge 3 ]
}

# bats test_tags=slow
@test "first process: where it crashes itself, a line says so before the kernel panics" {
    NETWORKD='#!/bin/sh
        kill -SEGV 1' make_initramfs
    first_boot "root=/dev/ubdx"
    said '^rootovl: /init itself has crashed: report this'
    said 'Kernel panic - not syncing: Attempted to kill init'
}

# bats test_tags=slow
@test "first process: a line that needs systemd, in an image without it: the step is way, and onfail= holds" {
    make_initramfs
    first_boot "root=/dev/ubda rd.break rootovl.onfail=poweroff"
    said 'rootovl: failed, powering off: way: rd.break= needs systemd in the initramfs, and this image has none'
}
