# SPDX-License-Identifier: GPL-2.0-or-later
# A Samba server in the lab, on port 445 of all its addresses, all that it writes below a folder of the
# test.
#
#   smb_configure DIR KIND        KIND: compass, plain or posix
#   smb_share DIR NAME PATH [LINE…]
#   smb_user DIR USER PASSWORD    may come after smb_start too
#   smb_start DIR; smb_stop DIR
# shellcheck shell=bash

. "${BASH_SOURCE[0]%/*}/lab.bash"

# compass: SMB 1.0 with its Unix extensions, guests being root: Compass-CI's server.
# plain: SMB 3 without extensions, as most servers are.
# posix: SMB 3.1.1 with POSIX extensions: Samba of Debian 13.
smb_configure() {
    local dir=$1 kind=$2 protocol sub
    case $kind in
    compass) protocol=$'server min protocol = NT1\n    unix extensions = yes' ;;
    plain) protocol=$'server min protocol = SMB3\n    unix extensions = no' ;;
    posix) protocol=$'server min protocol = SMB3_11\n    smb3 unix extensions = yes' ;;
    *) die "smb_configure: no such kind: $kind" ;;
    esac
    mkdir -p "$dir/smb"
    for sub in lock state cache private pid ncalrpc; do
        mkdir -p "$dir/smb/$sub"
    done
    echo "$kind" >"$dir/smb/kind"
    cat >"$dir/smb/smb.conf" <<END
[global]
    server role = standalone server
    $protocol
    map to guest = Bad User
    guest account = root
    smb ports = 445
    disable netbios = yes
    load printers = no
    disable spoolss = yes
    log level = 1
    lock directory = $dir/smb/lock
    state directory = $dir/smb/state
    cache directory = $dir/smb/cache
    private dir = $dir/smb/private
    pid directory = $dir/smb/pid
    ncalrpc dir = $dir/smb/ncalrpc
END
    if [[ $kind == posix ]]; then
        smb_enter_trixie "$dir"
    fi
}

# Debian 13's smbd runs by chroot in a writable view of the builder tree.
SMB_TRIXIE=/run/trixie
smb_enter_trixie() {
    lab_overlay "$("$LIB/rootfs" trixie-builder)" $SMB_TRIXIE
    lab mkdir -p "$SMB_TRIXIE$1"
    lab mount --bind "$1" "$SMB_TRIXIE$1"
    lab mount -t proc proc "$SMB_TRIXIE/proc"
    lab mount --bind /dev "$SMB_TRIXIE/dev"
    lab mount -t tmpfs run "$SMB_TRIXIE/run"
}

# smb_do DIR COMMAND…: where the server's programs and accounts are.
smb_do() {
    local dir=$1
    shift
    case $(<"$dir/smb/kind") in
    posix) lab chroot $SMB_TRIXIE "$@" ;;
    *) lab "$@" ;;
    esac
}

# The share is open to guests and writable: that nothing is ever written to it is the client's part.
smb_share() {
    local dir=$1 name=$2 path=$3
    shift 3
    {
        printf '[%s]\n' "$name"
        printf '    %s\n' "path = $path" 'read only = no' 'guest ok = yes' 'force user = root' "$@"
    } >>"$dir/smb/smb.conf"
    if [[ $(<"$dir/smb/kind") == posix ]]; then
        lab mkdir -p "$SMB_TRIXIE$path"
        lab mount --rbind "$path" "$SMB_TRIXIE$path"
    fi
}

# A user needs an account of the system: the lab has an /etc/passwd of its own.
smb_user() {
    local dir=$1 user=$2 password=$3
    if [[ ! -e $dir/smb/passwd ]]; then
        smb_do "$dir" cat /etc/passwd >"$dir/smb/passwd"
        smb_do "$dir" mount --bind "$dir/smb/passwd" /etc/passwd
    fi
    echo "$user:x:3000:0::/nonexistent:/usr/sbin/nologin" >>"$dir/smb/passwd"
    printf '%s\n%s\n' "$password" "$password" |
        smb_do "$dir" smbpasswd -c "$dir/smb/smb.conf" -L -a -s "$user" >/dev/null
}

# setsid: when smbd ends it signals its whole process group. It tells that it is ready only when it
# tells a lot, so it is hushed after that.
smb_start() {
    local dir=$1 log=$1/smb/smbd.log
    : >"$log"
    smb_log_level "$dir" 5
    smb_do "$dir" setsid smbd -F --no-process-group -s "$dir/smb/smb.conf" --debug-stdout \
        </dev/null >"$log" 2>&1 3>&- &
    disown
    if ! wait_line "$log" 'ready to serve connections' 120 $!; then
        tail -n 20 "$log" >&2
        die "smbd did not start"
    fi
    smb_log_level "$dir" 1
    smb_do "$dir" smbcontrol -s "$dir/smb/smb.conf" smbd reload-config
}

smb_log_level() {
    sed -i "s/log level = .*/log level = $2/" "$1/smb/smb.conf"
}

# Its children go on serving until they are told, so the whole group is, and waited for.
smb_stop() {
    local pid member members
    pid=$(<"$1/smb/pid/smbd.pid")
    pid=${pid// /}
    members=$(lab pgrep -g "$pid")
    lab kill -TERM -- "-$pid"
    for member in $members; do
        lab tail --pid="$member" -f /dev/null
    done
}
