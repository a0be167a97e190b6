#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The shell on the console of a boot that failed, in images without dracut's own.

[ ! -e /run/rootovl/report.json ] || rootovl report
if [ -e /run/systemd/private ]; then
    log='journalctl -t rootovl' network='journalctl -u systemd-networkd' end='reboot or poweroff end it'
else
    # The short way: no systemd, no journal, and the first process takes signals.
    log=dmesg network=dmesg end='kill -TERM 1 reboots, kill -USR2 1 powers off'
fi
printf '\n%s\n%s\n%s\n\n' \
    "The root could not be made. To see why: rootovl report; $log" \
    "The network: $network; cat /run/systemd/netif/leases/*" \
    "Leave this shell to try again, if nothing was copied yet; $end."
PS1='rootovl# ' exec sh -i
