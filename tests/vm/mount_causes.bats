#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What is said of a mount that fails, with real servers: many in one machine, without a boot around them.
# Those of disks and images are in tests/root/rootovl/lower/mounts.bats.

bats_require_minimum_version 1.5.0
load lib

# A folder of a test is no root, which is found out after the mount.
mounted='refused: no /usr/lib/systemd/systemd *'

LINES_OF= # what the machine mounts, see tests/root/rootovl/lower/mounts.c
expect() { # NAME TEXT WORDS
    LINES_OF+="$1 $3 rootovl.timeout=2"$'\n'
    EXPECTED+=("$1" "$2")
}

# Mounts all of them in a machine with this root's kernel, and compares what is said.
mount_all() {
    local i wrong=0 units=$DIR/lab/etc/systemd/system
    mkdir -p "$DIR/lab/lab" "$units"
    printf %s "$LINES_OF" >"$DIR/lab/lab/lines"
    cp "$BUILD/tests/root/rootovl/lower/mounts" "$DIR/lab/lab/"
    mkdir "$units/emergency.target.wants"
    cp "$LIB/guest/mounts.service" "$units/lab-mounts.service"
    ln -s ../lab-mounts.service "$units/emergency.target.wants/"
    "$LIB/pack" "$DIR/lab" "$DIR/lab.cgz"
    # A boot that fails leaves the network as it is.
    MACHINE_OPTIONS='-t 600' boot lean "$1" "$JOB_LINE root=cifs://$SERVER/none/at/all,$CIFS1" "$DIR/lab.cgz"
    ends_with poweroff
    cat "$VM/verdict.log"
    for ((i = 0; i < ${#EXPECTED[@]}; i += 2)); do
        # shellcheck disable=SC2053 # it is a pattern
        [[ $(fact "${EXPECTED[i]}") == ${EXPECTED[i + 1]} ]] || {
            echo "${EXPECTED[i]}: \"$(fact "${EXPECTED[i]}")\", not \"${EXPECTED[i + 1]}\""
            wrong=1
        }
    done
    ((wrong == 0))
}

@test "mount causes: what CIFS, NFS and virtiofs say of wrong shares, paths, versions, options and rights" {
    local cifs="root=cifs://$SERVER" nfs="root=nfs:$SERVER:$EXPORT"
    EXPECTED=()
    mkdir -p "$EXPORT/folder" "$EXPORT/closed"
    ln -s folder "$EXPORT/link"
    ln -s loop "$EXPORT/loop"
    : >"$EXPORT/file"
    smb_configure "$DIR" compass
    smb_share "$DIR" os "$EXPORT"
    smb_share "$DIR" members "$EXPORT" 'guest ok = no'
    smb_start "$DIR"
    smb_user "$DIR" joe right
    nfs_configure "$DIR"
    nfs_export "$DIR" "$EXPORT"
    nfs_export "$DIR" "$EXPORT/closed"
    sed -i '/Path = .*closed;/,/FSAL/{s/Access_Type = RW/Access_Type = NONE/}' "$DIR/nfs/ganesha.conf"
    nfs_start "$DIR"

    expect cifs_good "$mounted" "$cifs/os/folder,$CIFS1"
    expect cifs_share 'failed: *: no such share on the server (*)' "$cifs/none/folder,$CIFS1"
    expect cifs_share3 'failed: *: no such share or path on the server (*)' "$cifs/none,guest,vers=3.1.1"
    expect cifs_path 'failed: *: no such share or path on the server (*)' "$cifs/os/none,$CIFS1"
    expect cifs_file 'failed: *: the path leads to no folder (*)' "$cifs/os/file,$CIFS1"
    expect cifs_link 'failed: * (does the path end in a link? Name the folder itself;*' "$cifs/os/link,$CIFS1"
    expect cifs_option 'failed: *: the kernel refuses the path or an option (*' "$cifs/os/folder,$CIFS1,nosuch"
    expect cifs_guest 'failed: *: access denied (*)' "$cifs/members/folder,$CIFS1"
    expect cifs_password 'failed: *: access denied (*)' "$cifs/os/folder,vers=1.0,user=joe,password=wrong"
    expect cifs_posix 'failed: *: the server does not speak this version of SMB, or lacks what an option asks for (*)' \
        "$cifs/os/folder,guest,vers=3.1.1,posix"
    expect cifs_port 'failed: *host 10.0.2.2 port 4: *' "root=cifs://$SERVER:4/os,guest"
    expect cifs_nfs 'failed: *: the server does not answer the mount, for 2* s (*)' "root=cifs://$SERVER:2049/os,$CIFS1"
    expect nfs_good "$mounted" "$nfs/folder"
    expect nfs_path 'failed: *: no such export on the server (*)' "$nfs/none:vers=4.1"
    # What is not there and what is not allowed are one to version 3.
    expect nfs_path3 "failed: *: the server refuses (is there such an export*" "$nfs/none:vers=3"
    expect nfs_any "failed: *: the server refuses (is there such an export*" "$nfs/none"
    expect nfs_file 'failed: *: the path leads to no folder (*)' "$nfs/file:vers=4.1"
    expect nfs_file3 'failed: *: the server refuses (is there such an export (a folder, and no link)*' "$nfs/file:vers=3"
    expect nfs_link "$mounted" "$nfs/link:vers=4.1"
    expect nfs_link3 'failed: *: the server refuses (is there such an export (a folder, and no link)*' "$nfs/link:vers=3"
    expect nfs_loop "failed: *: the path's links go in a circle (*)" "$nfs/loop:vers=4.1"
    expect nfs_closed 'failed: *: no such export on the server (*)' "$nfs/closed:vers=4.1"
    expect nfs_closed3 'failed: *: the server refuses (*' "$nfs/closed:vers=3"
    expect nfs_option 'failed: *: the kernel or the server refuses an option (*)' "$nfs/folder:vers=3,nosuch"
    expect nfs_version 'failed: *: the kernel or the server refuses an option (*)' "$nfs/folder:vers=4.9"
    expect nfs_port 'failed: *: the server does not answer the mount, for 2* s (*)' "$nfs/folder:vers=4.1,port=445"
    expect virtiofs_tag 'failed: virtiofs os: the host offers no folder by this tag (*)' 'root=virtiofs:os'
    expect virtiofs_option "failed: *: the host offers no folder by this tag (*an option that it does not know)" 'root=virtiofs:os,nosuch'
    expect p9_tag 'failed: 9p os: the kernel does not know this file system (*)' 'root=9p:os'
    mount_all debian-12
}

@test "mount causes: a server that takes root for nobody is refused with its own option: NFS, CIFS" {
    local name
    EXPECTED=()
    smb_configure "$DIR" compass
    nfs_configure "$DIR"
    offer debian-12 debian/12
    # Where nobody may pass all that is above.
    lab mkdir -p /run/root
    lab mount --bind "$LOWER" /run/root
    smb_share "$DIR" root /run/root
    smb_share "$DIR" nobody /run/root 'force user = nobody'
    smb_share "$DIR" unreached "$LOWER" 'force user = nobody'
    for name in squashed all; do
        lab mkdir -p "$EXPORT/$name"
        lab mount --bind "$LOWER" "$EXPORT/$name"
    done
    nfs_export "$DIR" "$LOWER"
    nfs_export "$DIR" "$EXPORT/squashed"
    nfs_export "$DIR" "$EXPORT/all"
    sed -i "/squashed;/,/FSAL/s/No_Root_Squash/Root_Squash/; /all;/,/FSAL/s/No_Root_Squash/All_Squash/" \
        "$DIR/nfs/ganesha.conf"
    smb_start "$DIR"
    smb_user "$DIR" joe secret
    nfs_start "$DIR"

    expect cifs_root good "root=cifs://$SERVER/root,$CIFS1"
    expect cifs_nobody 'refused: root may not read /etc/shadow in the lower: Permission denied (in smb.conf*force user = root*' \
        "root=cifs://$SERVER/nobody,$CIFS1"
    expect cifs_unreached 'failed: *: the kernel refuses the path or an option (*may the user enter it on the server*)' \
        "root=cifs://$SERVER/unreached,$CIFS1"
    expect nfs_root good "root=nfs:$SERVER:$LOWER"
    for name in squashed all; do
        expect "nfs_$name" 'refused: root may not read /etc/shadow in the lower: Permission denied (*no_root_squash*)' \
            "root=nfs:$SERVER:$EXPORT/$name"
        expect "nfs3_$name" 'refused: root may not read /etc/shadow in the lower: Permission denied (*no_root_squash*)' \
            "root=nfs:$SERVER:$EXPORT/$name:vers=3"
    done
    mount_all debian-12
}

@test "mount causes: a folder of the host by 9p is good as it is, and refused with mapped security" {
    EXPECTED=()
    offer debian-12-full debian/12
    DEVICES=" -virtfs local,path=$LOWER,mount_tag=os,security_model=passthrough,readonly=on"
    DEVICES+=" -virtfs local,path=$LOWER,mount_tag=mapped,security_model=mapped-xattr,readonly=on"
    expect p9_good good 'root=9p:os'
    expect p9_mapped 'refused: the link /bin in the lower: * (*security_model=passthrough*)' 'root=9p:mapped'
    expect p9_tag 'failed: 9p none: the host offers no folder by this tag (*)' 'root=9p:none'
    expect p9_option 'failed: 9p os: the kernel refuses an option (*)' 'root=9p:os,version=9p3000'
    mount_all debian-12-full
}
