#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs in an initramfs in place of a boot, and prepares disks by the driver of tests/root/rootovl/disk/disks.c; what
# is to be done is in /lab/mode. See probe.sh for how it speaks. All but mount is busybox's.
#
#   record WISH             prepares /dev/vda1 and /dev/vda2
#   check WISH              each *.img on /dev/vda is a disk with two partitions: prepares it
#   kill POINTS CONTENT WISH   prepares two disks with CONTENT (blank or ext4) on them, killed at so
#                           many points, and again

#   volumes                 what becomes of volumes that are there

exec >/dev/ttyS1 2>&1
PATH=$PATH:/lab/bin
read -r mode rest </lab/mode

say() {
    printf '%s=%s\n' "$1" "$2"
}

lvm_quietly() {
    lvm "$@" --config 'activation{udev_sync=0 udev_rules=0}' >/lab/lvm.log 2>&1
}

# All of these are in the group, and it has one volume.
grouped() {
    [ "$(lvm vgs --noheadings -o pv_count,lv_count os 2>/dev/null | tr -d ' ')" = "$#1" ] || return 1
    for device; do
        disks probe "$device" | grep -q '^ours, member:' || return 1
    done
}

# works NAME WISH DEVICE…: one more try prepares it, and there is a file system to write to.
works() {
    name=$1 wish=$2
    shift 2
    if disks prepare "$wish" "$@" >/lab/said 2>&1 && mount /dev/mapper/os-rootovl /lab/mnt &&
        echo written >/lab/mnt/file && umount /lab/mnt && grouped "$@"; then
        works=$((works + 1))
        return
    fi
    say bad "$name $(tr '\n' ';' </lab/said)"
    lvm pvs -a
    lvm lvs -a
    for device; do
        disks probe "$device"
    done
}

forget() { # DEVICE…
    lvm_quietly vgchange -a n os
    for device; do
        losetup -d "$device"
    done
}

check() { # WISH
    mount /dev/vda /lab/store
    for image in /lab/store/*.img; do
        losetup -P /dev/loop0 "$image"
        works "${image##*/}" "$1" /dev/loop0p1 /dev/loop0p2
        forget /dev/loop0
    done
}

fresh_disks() { # CONTENT [SIZE]
    for i in 0 1; do
        rm -f /lab/work/$i
        truncate -s "${2:-300M}" /lab/work/$i
        [ "$1" = blank ] || mkfs.ext4 -q -F /lab/work/$i
        losetup /dev/loop$i /lab/work/$i
    done
}

killed() { # POINTS CONTENT WISH
    points=$1 content=$2 wish=$3
    fresh_disks "$content"
    total=$(kill-at 0 disks prepare "$wish" /dev/loop0 /dev/loop1 2>/lab/said | tail -n 1)
    say total "$total"
    forget /dev/loop0 /dev/loop1
    point=0
    while [ $point -lt "$points" ]; do
        point=$((point + 1))
        at=$((point * total / (points + 1) + 1))
        fresh_disks "$content"
        kill-at $at disks prepare "$wish" /dev/loop0 /dev/loop1 >/lab/said 2>&1
        [ $? = 137 ] && kills=$((kills + 1))
        say point "$at"
        works "killed in front of $at" "$wish" /dev/loop0 /dev/loop1
        forget /dev/loop0 /dev/loop1
    done
    say kills "$kills"
}

# What is said to one more try.
answer() { # FACT WISH [DEVICE…]
    fact=$1 wish=$2
    shift 2
    [ $# -gt 0 ] || set -- /dev/loop0 /dev/loop1
    say "$fact" "$(disks prepare "$wish" "$@" 2>/dev/null)"
}
identity() {
    lvm lvs --noheadings -o lv_uuid os/rootovl 2>/dev/null
}
same() { # FACT: is it the volume that it was?
    is=$(identity)
    if [ "$is" = "$was" ]; then
        say "$1" same
    else
        say "$1" another
    fi
    was=$is
}

volumes() {
    fresh_disks blank 400M
    answer made ''
    was=$(identity)
    lvm_quietly lvcreate -y -n lkp -l 10 os
    head -c 1048576 /dev/urandom >/dev/mapper/os-lkp
    lkp=$(md5sum /dev/mapper/os-lkp)

    answer larger size=100
    answer small size=700
    mkswap /dev/mapper/os-rootovl >/dev/null
    answer swap ''
    answer swap_never format=never
    same kept
    answer forced 'format=force fs=xfs size=500'
    same forced_is
    say forced_type "$(disks probe /dev/mapper/os-rootovl | cut -d ';' -f 1)"
    answer forced_again format=force
    answer too_large 'format=force size=2000'
    same forced_kept
    lvm_quietly lvremove -f -y os/rootovl
    answer none format=never
    answer ill fs=xfs\ size=100
    truncate -s 400M /lab/work/2
    losetup /dev/loop2 /lab/work/2
    answer grown size=60% /dev/loop0 /dev/loop1 /dev/loop2
    say group "$(lvm vgs --noheadings -o pv_count,lv_count os 2>/dev/null | tr -d ' ')"
    [ "$(md5sum /dev/mapper/os-lkp)" = "$lkp" ] && say lkp untouched
    forget /dev/loop2
    answer lost ''
}

/lab/bin/busybox --install -s /lab/bin
modprobe -a loop dm-mod ext4 xfs
mkdir -p /lab/store /lab/work /lab/mnt
mount -t tmpfs lab /lab/work
works=0 kills=0
case $mode in
record) say record "$(disks prepare "$rest" /dev/vda1 /dev/vda2 2>&1 | tail -n 1)" ;;
check) check "$rest" ;;
volumes) volumes ;;
kill)
    content=${rest#* }
    killed "${rest%% *}" "${content%% *}" "${content#* }"
    ;;
esac
say works $works
say 'done' 1
