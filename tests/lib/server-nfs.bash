# SPDX-License-Identifier: GPL-2.0-or-later
# An NFS server in the lab: nfs-ganesha with versions 3 and 4.0 to 4.2 on the lab's port 2049, and the
# rpcbind that version 3 needs.
#
#   nfs_configure DIR
#   nfs_export DIR PATH           mounted as SERVER:PATH, in all versions; writable, on purpose
#   nfs_start DIR; nfs_stop DIR
# shellcheck shell=bash

. "${BASH_SOURCE[0]%/*}/lab.bash"

nfs_configure() {
    mkdir -p "$1/nfs/recovery"
    cat >"$1/nfs/ganesha.conf" <<END
NFS_CORE_PARAM {
    Protocols = 3, 4;
    Enable_NLM = false;
    Enable_RQUOTA = false;
}
NFSv4 {
    Graceless = true;
    RecoveryBackend = fs;
    RecoveryRoot = $1/nfs/recovery;
    # Linux's own server sends numbers too.
    Only_Numeric_Owners = true;
}
END
}

nfs_export() {
    local id
    id=$(($(grep -c '^EXPORT' "$1/nfs/ganesha.conf") + 1)) || true
    cat >>"$1/nfs/ganesha.conf" <<END
EXPORT {
    Export_Id = $id;
    Path = $2;
    Pseudo = $2;
    Access_Type = RW;
    Squash = No_Root_Squash;
    SecType = sys;
    Protocols = 3, 4;
    Transports = TCP;
    PrivilegedPort = false;
    FSAL { Name = VFS; }
}
END
}

nfs_start() {
    local dir=$1 log=$1/nfs/ganesha.log
    : >"$log"
    lab mkdir -p /run/ganesha
    # It answers when it has gone to the background, and outlives nfs_stop. With -h, Debian's aborts.
    lab test -e /run/rpcbind.sock || lab rpcbind -i -l
    lab setsid ganesha.nfsd -F -f "$dir/nfs/ganesha.conf" -L "$log" -p "$dir/nfs/ganesha.pid" \
        -N NIV_EVENT </dev/null >>"$dir/nfs/ganesha.out" 2>&1 3>&- &
    disown
    if ! wait_line "$log" 'NFS SERVER INITIALIZED' 120 $!; then
        tail -n 20 "$log" >&2
        die "nfs-ganesha did not start"
    fi
}

nfs_stop() {
    lab_end TERM "$(<"$1/nfs/ganesha.pid")"
}
