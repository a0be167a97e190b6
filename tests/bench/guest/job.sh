#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The job of the bench's machines. Its first line is what a boot is for; all else comes later: when the
# boot is over, it says on the second serial port what the machine is like, and then ends it.
echo 'bench: job' >/dev/kmsg
exec >/dev/ttyS1 2>&1

systemctl is-system-running --wait
echo "root=$(awk '$2 == "/" { type = $3 } END { print type }' /proc/mounts)"
echo "payload=$(find /lkp/lkp/src /opt/payload -type f -printf '%s\n' 2>/dev/null |
    awk '{ bytes += $1 } END { print NR, "files", bytes, "bytes" }')"
echo '--- journal'
journalctl --no-pager -b -o short-monotonic
echo '---'
echo '--- report'
cat /run/rootovl/report.json 2>/dev/null
echo
echo '---'
# What the clock of the packets' capture and that of the kernel have in common.
bash -c 'exec 3>/dev/udp/10.0.2.2/9 && echo >&3 && echo "bench: packet" >/dev/kmsg'
echo 'done=1'
echo 'bench: end' >/dev/kmsg
systemctl reboot
