#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What Compass-CI appends to Debian's overlay-root: the job's files, copied once the overlay is there.
# shellcheck disable=SC2154 # dracut's variable: moddir

check() {
    return 255
}

depends() {
    echo overlay-root
}

install() {
    inst_multiple cp mkdir uname
    inst_hook pre-pivot 20 "$moddir/copy-payload.sh"
}
