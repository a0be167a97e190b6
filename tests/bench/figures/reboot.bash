# SPDX-License-Identifier: GPL-2.0-or-later
# Reboot with a network root: from the job's `systemctl reboot`, in a machine whose boot is over, to the
# kernel's last line.
# shellcheck shell=bash

figure_reboot() {
    local kind
    for kind in cifs nfs; do
        series "boot-$kind" $kind files
        collect "reboot-$kind" s "boot-$kind" .reboot
    done
}
