#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The first of dracut's cmdline hooks, sourced, in images that carry dracut's scripts: with
# `rootovl` or Compass-CI's `local` on the command line the root is ours, and dracut's only part is the network.
# shellcheck disable=SC2154 # dracut's variable: hookdir

type getargbool >/dev/null 2>&1 || . /lib/dracut-lib.sh

getargbool 0 rootovl || { getargbool 0 local && getargbool 1 rootovl; } || return 0

drop_hooks() {
    for hook; do
        rm -f -- "$hookdir"/*/[0-9][0-9]-"$hook".sh
    done
}

# Those that would put an overlay of their own over the root.
drop_hooks prepare-overlayfs prepare-overlayfs-crypt mount-overlayfs overlay-mount

# What the image mounts is the lower, and its hooks prepare it.
[ "$(getarg rootovl.lower=)" != mounted ] || return 0

# Those that would mount what root= or netroot= names.
drop_hooks parse-root parse-block parse-cifsroot parse-nfsroot parse-nbdroot parse-iscsiroot \
    parse-virtfs parse-virtiofs parse-livenet parse-dmsquash-live parse-iso-scan dhcp-root \
    mount-root mount-virtfs mount-virtiofs

# dracut-cmdline dies on a root= that nobody claims.
root=rootovl
rootok=1
unset netroot
export root rootok

echo rd.neednet=1 >/etc/cmdline.d/50-rootovl.conf

# The helper runs beside dracut's initqueue; who wants to look before the root is there makes it wait.
if getarg rd.break=pre-mount >/dev/null || getarg rd.break=initqueue >/dev/null; then
    mkdir -p /run/systemd/system/rootovl.service.d
    printf '[Unit]\nAfter=dracut-pre-mount.service\n' >/run/systemd/system/rootovl.service.d/break.conf
    systemctl daemon-reload
fi
