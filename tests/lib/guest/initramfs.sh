#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs in the initramfs of a testbox whose boot failed, when emergency.target is reached or, on the short
# way, when the shell starts, and says on the second serial port how the helper left the machine; see probe.sh for the format. A lean image has
# a shell and systemd's programs, no more.

exec >/dev/ttyS1 2>&1

show() {
    while IFS= read -r line; do
        printf '%s\n' "$line"
    done
}

mounts=0
while read -r _ at _; do
    case $at in /run/rootovl/* | /sysroot*) mounts=$((mounts + 1)) ;; esac
done </proc/mounts
echo 'emergency=reached'
echo "root_mounts=$mounts"
sysroot=empty
for entry in /sysroot/* /sysroot/.[!.]*; do
    [ ! -e "$entry" ] || sysroot=full
done
echo "sysroot=$sysroot"
nbd=free # the kernel shows who connected a device for as long as it is connected
for pid in /sys/block/nbd*/pid; do
    [ ! -e "$pid" ] || nbd=connected
done
echo "nbd=$nbd"
echo '--- report'
show </run/rootovl/report.json
echo '---'
echo '--- journal'
if [ -e /run/systemd/private ]; then
    journalctl --sync
    journalctl --no-pager -b -o cat -u rootovl.service
    echo '---'
    echo 'way=long'
    echo "service=$(systemctl show --property Result --value rootovl.service)"
    echo "shell=$(systemctl show --property ActiveState --value emergency.service)"
    echo 'done=1'
else
    dmesg | while IFS= read -r line; do
        case $line in *rootovl:\ *) printf '%s\n' "${line#*rootovl: }" ;; esac
    done
    echo '---'
    echo 'way=short'
    echo 'shell=active'
    case $- in *m*) echo 'job_control=yes' ;; esac
    echo 'done=1'
    kill -USR2 1
fi
