# SPDX-License-Identifier: GPL-2.0-or-later
# The farm that both sides boot from: one lab with a file server, one root on it, one payload.
# shellcheck shell=bash
# shellcheck disable=SC2034 # for those who source this

BENCH=${BENCH:-$BUILD/bench}
FARM=$BENCH/farm
ROOT_NAME=debian-12
ROOT_PATH=debian/amd64/12/2026-11-01

# farm_root KIND: the words of the kernel line for the root: cifs or nfs, and those with -image for an erofs
# image of it on the same server.
farm_root() {
    case $1 in
    cifs) echo "root=cifs://$SERVER/os/$ROOT_PATH,$CIFS1" ;;
    nfs) echo "root=nfs:$SERVER:$FARM/os/$ROOT_PATH" ;;
    cifs-image) echo "root=cifs://$SERVER/os/images/root.erofs,$CIFS1" ;;
    nfs-image) echo "root=nfs:$SERVER:$FARM/os/images/root.erofs" ;;
    esac
}

# farm_image SIDE: ours, theirs, or long, which is ours by the long way.
farm_image() {
    case $1 in
    ours | long) "$LIB/image" lean $ROOT_NAME ;;
    theirs) "$LIB/image" baseline $ROOT_NAME ;;
    esac
}

# farm_words SIDE: what its kernel line has besides.
farm_words() {
    [[ $1 != long ]] || echo 'rootovl.way=long '
}

# farm_images: an image of the root beside it, for the kinds with -image. Made once in a run.
farm_images() {
    local lower=$FARM/os/$ROOT_PATH
    [[ ! -e $FARM/os/images/root.erofs ]] || return 0
    lab "$BUILD/initrd-builder" image "$lower" -o "$FARM/os/images/root.erofs" </dev/null >"$FARM/image.log" 2>&1
}

# farm_far MILLISECONDS DIR: prints QEMU's arguments for the card of a machine that far away, there and back. In its
# network the lab has the address that QEMU's own shows it at. One machine at a time.
farm_far() {
    if ! lab ip link show far >/dev/null 2>&1; then
        lab_bridge far "$SERVER/24"
        lab_nic far0 far >/dev/null
        dhcp_start "$FARM" far --dhcp-range=10.0.2.15,10.0.2.99,2h
    fi
    lab "$BUILD/tests/bench/delay" far0 "$2/card" "$1" </dev/null >"$2/delay.log" 2>&1 3>&- &
    wait_line "$2/delay.log" '^ready' 60 $! || {
        cat "$2/delay.log"
        return 1
    }
    echo "-netdev stream,id=net,server=off,addr.type=unix,addr.path=$2/card -device virtio-net-pci,netdev=net"
}

# Both servers, for a machine meets only one of them. The root is served as a farm prepares it: nothing
# in its fstab that a testbox does not have.
farm_start() {
    local root lower=$FARM/os/$ROOT_PATH
    rm -rf --one-file-system "$FARM"
    mkdir -p "$lower"
    root=$("$LIB/rootfs" $ROOT_NAME) || return
    KERNEL=$(echo "$root"/boot/vmlinuz-*)
    lab_start
    lab_overlay "$root" "$lower"
    lab sh -c ": >'$lower/etc/fstab' && rmdir '$lower/data'"
    smb_configure "$FARM" compass
    smb_share "$FARM" os "$FARM/os" 'read only = yes'
    smb_start "$FARM"
    nfs_configure "$FARM"
    nfs_export "$FARM" "$lower"
    mkdir "$FARM/os/images"
    nfs_export "$FARM" "$FARM/os/images"
    nfs_start "$FARM"
}

# farm_payload KIND: prints the initrd that brings the job, with files or big as its payload (see payload).
farm_payload() {
    local kind=$1 tree=$FARM/payload-$1 cgz=$FARM/$1.cgz units
    if [[ ! -e $cgz ]]; then
        units=$tree/lkp/lkp/src/rootfs/addon/etc/systemd/system
        mkdir -p "$tree/lkp/scheduled" "$units"
        "$TOP/tests/bench/payload" "$kind" "$tree"
        echo 'suite: bench' >"$tree/lkp/scheduled/job.yaml"
        install -m 755 "$TOP/tests/bench/guest/job.sh" "$tree/lkp/scheduled/job.sh"
        # Enabled by a link, as Compass-CI does.
        mkdir -p "$units/multi-user.target.wants"
        printf '%s\n' '[Unit]' 'Description=LKP bootstrap' '[Service]' 'ExecStart=/lkp/scheduled/job.sh' \
            '[Install]' 'WantedBy=multi-user.target' >"$units/lkp-bootstrap.service"
        ln -s ../lkp-bootstrap.service "$units/multi-user.target.wants/"
        "$LIB/pack" "$tree" "$cgz"
        find "$tree/lkp/lkp/src" "$tree/opt/payload" -type f -printf '%s\n' 2>/dev/null |
            awk '{ bytes += $1 } END { print NR, "files", bytes, "bytes" }' >"$cgz.files"
        rm -rf "$tree"
    fi
    echo "$cgz"
}
