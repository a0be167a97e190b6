#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The shell on the console of a boot that failed, in images without dracut's own.

[ ! -e /run/rootovl/report.json ] || rootovl report
printf '\n%s\n%s\n%s\n\n' \
    'The root could not be made. To see why: rootovl report; journalctl -u rootovl' \
    'The network: journalctl -u systemd-networkd; cat /run/systemd/netif/leases/*' \
    'Leave this shell to try again, if nothing was copied yet; reboot or poweroff end it.'
PS1='rootovl# ' exec sh -i
