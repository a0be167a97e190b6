# SPDX-License-Identifier: GPL-2.0-or-later
# The same machine booted more than once, with the disks that it has.
# shellcheck shell=bash
# shellcheck disable=SC2154 # of lib.bash

# again CMDLINE: one more boot of the same machine with the same job.
again() {
    : >"$VM/verdict.log"
    boot "$KIND" "$OS" "$JOB_LINE root=nfs:$SERVER:$EXPORT/os $1"
}

# A job that notes something on its first boot and is cut off by the power; the next one must find it.
make_job_with_power_cut() {
    make_job
    cat >"$JOB/lkp/scheduled/extra" <<'END'
say kept "$(cat /etc/kept 2>/dev/null)"
if [ ! -e /etc/kept ]; then
    echo mine >/etc/kept
    sync
    echo lost >/etc/not-synced
    # What a power cut is to the disk: nothing is written back, nothing unmounted.
    echo b >/proc/sysrq-trigger
fi
END
}
