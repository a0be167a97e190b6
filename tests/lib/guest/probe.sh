#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs in a testbox as the job, /lkp/scheduled/job.sh, and says what the machine is like on its second
# serial port, the verdict: facts "name=value", one a line, and sections between "--- name" and "---".
# What to do besides is in files beside it: `extra` (a script whose facts come too), `secret` (a word
# to look for everywhere), `end` (poweroff or reboot).

here=/lkp/scheduled
verdict=/dev/ttyS1
[ "$(uname -m)" != aarch64 ] || verdict=/dev/ttyS0 # the console is of another driver there
exec >$verdict 2>&1

say() {
    printf '%s=%s\n' "$1" "$2"
}

# section NAME COMMAND…
section() {
    printf '%s\n' "--- $1"
    shift
    "$@" 2>&1
    printf '%s\n' '---'
}

# mount_field MOUNTPOINT FIELD: of /proc/mounts, the last mount there.
mount_field() {
    awk -v at="$1" -v field="$2" '$2 == at { value = $field } END { print value }' /proc/mounts
}

say job started
say uptime "$(cut -d ' ' -f 1 /proc/uptime)"

say root_type "$(mount_field / 3)"
say lower_type "$(mount_field /run/rootovl/lower 3)"
say lower_options "$(mount_field /run/rootovl/lower 4)"
say upper_type "$(mount_field /run/rootovl/upper 3)"
say overlays "$(grep -c ' overlay ' /proc/mounts)"
say cow_mounts "$(grep -c -E ' (/cow|/live/(cow|image)) ' /proc/mounts)"
say old_names "$(readlink -f /live/image) $(readlink -f /live/cow)"

if echo written >/etc/written-by-the-job && [ "$(cat /etc/written-by-the-job)" = written ]; then
    say write_root ok
fi
if touch /run/rootovl/lower/etc/written-by-the-job 2>/dev/null; then
    say write_lower written
else
    say write_lower refused
fi
say setuid "$(/bin/su --version >/dev/null; stat -L -c %a /bin/su)"
# shellcheck disable=SC2016 # the inner shell expands
section tops sh -c 'cd /run/rootovl/lower && stat -c "%A %u:%g %n" *'
say dpkg_status "$(echo >>/var/lib/dpkg/status && wc -c </var/lib/dpkg/status)"

payload() {
    cd / && find lkp opt \( -type d -printf '%p %y %m %U:%G\n' \) -o \
        -printf '%p %y %m %U:%G %n %s %l\n' | LC_ALL=C sort
}
section payload payload
contents() {
    cd / && find lkp opt -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum | sha256sum
}
say payload_sum "$(contents)"

# The job is a service of the boot, which ends without waiting for it.
say system "$(systemctl is-system-running --wait 2>&1)"
section failed systemctl --no-pager --plain --no-legend --failed
say bootstrap "$(systemctl show --property ActiveState --value lkp-bootstrap.service)"
section report cat /run/rootovl/report.json
section shown /usr/bin/rootovl report
section fstab cat /etc/fstab
say data_mount "$(mount_field /data 3)"

if [ -e $here/secret ]; then
    secret=$(cat $here/secret)
    say secret_in_journal "$(journalctl --no-pager -b -a -o cat | grep -c -F -e "$secret")"
    say secret_in_report "$(grep -c -F -e "$secret" /run/rootovl/report.json)"
    # Read before grep starts, whose own command line has the secret.
    processes=$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n')
    say secret_in_processes "$(printf '%s\n' "$processes" | grep -a -c -F -e "$secret")"
    say secret_in_mounts "$(grep -c -F -e "$secret" /proc/self/mountinfo)"
    say secret_in_run "$(grep -r -l -a -F -e "$secret" /run --exclude-dir=rootovl --exclude-dir=log 2>/dev/null | wc -l)"
fi
[ ! -e $here/extra ] || . $here/extra

section journal journalctl --no-pager -b -o cat -t rootovl
say 'done' "$(cut -d ' ' -f 1 /proc/uptime)"
exec 1>&- 2>&-
systemctl "$(cat $here/end)"
