#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The job of `make demo`. What it writes leaves the machine by the second serial port.
exec >/dev/ttyS1 2>&1
stty raw <&1

echo "hello from $(sed -n 's/^PRETTY_NAME=//p' /etc/os-release), Linux $(uname -r)"
echo "my job file says: $(tr '\n' ' ' </lkp/scheduled/job.yaml)"
echo "$(cut -d ' ' -f 1 /proc/uptime) s after the kernel's start, my root is:"
awk '$2 == "/" || $2 ~ "^/run/rootovl/" { print "  " $2 ": " $3 " " (length($4) > 60 ? substr($4, 1, 60) "…" : $4) }' /proc/mounts
echo 'a line' >/etc/a-file-of-the-job && echo 'I can write to /etc'
(echo 'a line' >/run/rootovl/lower/etc/a-file-of-the-job) 2>/dev/null || echo 'I cannot write to the server'

echo '--- report'
rootovl report && echo '--- end'
systemctl poweroff
