#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# The whole of a tiny machine: says that it is up, and does what tiny= on the kernel line says.
b=/bin/busybox
$b mount -t devtmpfs dev /dev
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
for module in $($b ls /modules | $b sort -n); do
    $b insmod "/modules/$module" 2>/dev/null # one of them may be there already
done

do=halt words=
for word in $($b cat /proc/cmdline); do
    case $word in
        tiny=*) do=${word#tiny=} ;;
        say=*) words=${word#say=} ;;
    esac
done
exec </dev/console >/dev/console 2>&1
echo "tiny: is up"
[ -z "$words" ] || echo "$words" | $b tr _ ' '
case $do in
    halt) $b poweroff -f ;;
    reboot)
        $b sleep 2 # as rootovl, which waits longer
        $b reboot -f
        ;;
    panic) echo c >/proc/sysrq-trigger ;;
    die) exit 3 ;;
    disks)
        for disk in /sys/block/vd*; do
            disk=${disk##*/}
            echo "tiny: $disk $($b cat "/sys/block/$disk/size") $($b head -c 4 "/dev/$disk" | $b tr '\0' .)"
            printf kept >"/dev/$disk"
        done
        $b sync
        $b poweroff -f
        ;;
    results)
        # Whichever it is; and what a machine may leave of ill will.
        $b mkdir /result
        $b mount -t virtiofs lkp-result /result 2>/dev/null ||
            $b mount -t 9p -o trans=virtio,version=9p2000.L 9p/virtfs_mount /result
        cd /result || exit
        $b mkdir -p deep/closed
        echo program >program
        echo program >deep/closed/program
        $b chmod 6755 program deep/closed/program
        $b chmod 0 deep/closed
        $b mknod disk b 254 0 2>/dev/null || echo refused >mknod
        $b ln -s /etc/shadow link
        # A program of the host's own, which the host's users may run now.
        [ ! -e id ] || $b chmod 4755 id .
        echo 5 >exit-status
        $b sync
        echo "tiny: results are there"
        [ "$words" = stay ] || $b poweroff -f
        ;;
    fill)
        # Results without end.
        $b mkdir /result
        $b mount -t virtiofs lkp-result /result
        $b mkdir /result/deep
        i=0
        while $b dd if=/dev/zero of=/result/deep/$i bs=1M count=1 2>/dev/null; do
            i=$((i + 1))
        done
        ;;
    root)
        # A root that is shared: what it is, and that it cannot be changed.
        $b mkdir /root
        $b mount -t virtiofs rootfs /root
        echo "tiny: the root is $($b cat /root/etc/name)"
        echo changed >/root/etc/name || $b chmod 777 /root/etc/name || echo "tiny: it cannot be written to"
        [ "$words" = stay ] || $b poweroff -f
        ;;
    refuse)
        for port in /dev/vport*p1; do
            echo "failed: as it was asked to" >"$port"
        done
        ;;
    again)
        # The disk says whether there was a boot before this one.
        if [ "$($b head -c 4 /dev/vda)" = kept ]; then
            echo "rootovl: root ready in 1.0 s: a second boot, job.service"
            $b poweroff -f
        fi
        printf kept >/dev/vda
        $b sync
        echo "rootovl: failed, rebooting: mount lower: a first boot"
        $b sleep 2
        $b reboot -f
        ;;
    login) printf 'tiny login: ' ;;
    button)
        fd=3
        for event in /dev/input/event*; do
            eval "exec $fd<$event"
            {
                $b head -c 1 <&$fd >/dev/null
                echo "tiny: the power button"
                $b poweroff -f
            } &
            fd=$((fd + 1))
        done
        echo "tiny: hears the button"
        ;;
    echo)
        while read -r line; do
            echo "tiny: heard $line"
        done
        ;;
esac
while :; do
    $b sleep 1000
done
