#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs in an initramfs in place of a boot, and prepares disks by the driver of tests/root/disks.c; what
# is to be done is in /lab/mode. See probe.sh for how it speaks. All but mount is busybox's.
#
#   record WISH             prepares /dev/vda1 and /dev/vda2
#   check WISH              each *.img on /dev/vda is a disk with two partitions: prepares it
#   kill POINTS CONTENT WISH   prepares two disks with CONTENT (blank or ext4) on them, killed at so
#                           many points, and again

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

fresh_disks() { # CONTENT
    for i in 0 1; do
        rm -f /lab/work/$i
        truncate -s 300M /lab/work/$i
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
        works "killed in front of $at" "$wish" /dev/loop0 /dev/loop1
        forget /dev/loop0 /dev/loop1
    done
    say kills "$kills"
}

/lab/bin/busybox --install -s /lab/bin
modprobe -a loop dm-mod ext4
mkdir -p /lab/store /lab/work /lab/mnt
mount -t tmpfs lab /lab/work
works=0 kills=0
case $mode in
record) say record "$(disks prepare "$rest" /dev/vda1 /dev/vda2 2>&1 | tail -n 1)" ;;
check) check "$rest" ;;
kill)
    content=${rest#* }
    killed "${rest%% *}" "${content%% *}" "${content#* }"
    ;;
esac
say works $works
say 'done' 1
