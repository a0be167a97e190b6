#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What a root of another machine would mount, and do at its first boot. The texts are in
# tests/unit/rootovl/configure/fstab.c and tests/root/rootovl/configure/enable.bats; here real systemds read them.
# shellcheck disable=SC2034,SC2317 # the library reads DEVICES, and calls functions

bats_require_minimum_version 1.5.0
load lib

# A root of a server with partitions, LUKS, and units for more of its disks.
as_of_a_server() {
    local etc=$DIR/etc units=$DIR/etc/systemd/system
    mkdir -p "$units/local-fs.target.requires" "$units/swap.target.wants" "$units/multi-user.target.wants"
    cat >"$etc/fstab" <<'END'
UUID=0d5f4f6e-6a39-4d0f-9c1e-2d1f3b8a7c11 / ext4 errors=remount-ro 0 1
UUID=11111111-6a39-4d0f-9c1e-2d1f3b8a7c11 /usr ext4 ro 0 2
UUID=22222222-6a39-4d0f-9c1e-2d1f3b8a7c11 /var ext4 nofail,x-initrd.mount 0 2
UUID=AAAA-BBBB /boot/efi vfat umask=0077 0 1
UUID=0d5f4f6e-6a39-4d0f-9c1e-2d1f3b8a7c12 none swap sw 0 0
LABEL=rootovl-no-such-disk /data ext4 x-systemd.device-timeout=5s 0 2
LABEL=gone /mutable ext4 usrquota,x-systemd.device-timeout=5s,x-systemd.required-by=multi-user.target 0 2
/mutable/.tool /root/.tool none bind,x-systemd.before=lkp-bootstrap.service 0 0
/mutable/x /mnt none bind,x-systemd.before=lkp-bootstrap.service 0 0
LABEL=scratch /scratch ext4 x-systemd.device-timeout=5min 0 2
LABEL=scratch /home ext4 defaults 0 2
/dev/mapper/crypt /secret ext4 defaults 0 2
tmpfs /tmp tmpfs mode=1777 0 0
/etc /srv/etc none bind 0 0
END
    printf '%s\n' 'crypt UUID=44444444-6a39-4d0f-9c1e-2d1f3b8a7c11 none luks' \
        'cswap /dev/sda5 /dev/urandom swap' >"$etc/crypttab"
    printf '%s\n' '[Mount]' What=/dev/sdb1 Where=/srv/disk '[Install]' RequiredBy=local-fs.target \
        >"$units/srv-disk.mount"
    ln -s ../srv-disk.mount "$units/local-fs.target.requires/"
    printf '%s\n' '[Automount]' Where=/srv/disk '[Install]' WantedBy=local-fs.target >"$units/srv-disk.automount"
    ln -s ../srv-disk.automount "$units/local-fs.target.requires/"
    printf '%s\n' '[Swap]' What=/dev/sda6 '[Install]' WantedBy=swap.target >"$units/dev-sda6.swap"
    ln -s ../dev-sda6.swap "$units/swap.target.wants/"
    printf '%s\n' '[Unit]' 'RequiresMountsFor=/srv/disk/x /var/lib/x /home/x /boot/efi' '[Service]' \
        Type=oneshot RemainAfterExit=yes ExecStart=/bin/true '[Install]' WantedBy=multi-user.target \
        >"$units/needs.service"
    ln -s ../needs.service "$units/multi-user.target.wants/"
    lab cp -rdT "$etc" "$LOWER/etc"
}

@test "root mounts: a root of an installed machine waits for none of its disks, and reports them" {
    truncate -s 64M "$DIR/disk"
    mkfs.ext4 -q -L scratch "$DIR/disk"
    DEVICES="-drive file=$DIR/disk,format=raw,if=virtio,cache=unsafe"
    PREPARE=as_of_a_server serve_nfs debian-12 os
    make_job
    cat >"$JOB/lkp/scheduled/extra" <<'END'
say needs "$(systemctl is-active needs.service)"
say jobs "$(systemctl --no-legend list-jobs)"
section timeouts sh -c 'journalctl --no-pager -b -o cat | grep "Timed out waiting for device" | sort -u'
section held systemctl show --property RequiredBy --property Before mutable.mount mnt.mount
say mounts "$(awk '$2 !~ "^/(proc|sys|dev|run|live)" && $2 != "/" { print $2 }' /proc/mounts | sort | tr "\n" " ")"
say swaps "$(sed 1d /proc/swaps)"
say units "$(systemctl is-active srv-disk.mount srv-disk.automount dev-sda6.swap | tr '\n' ' ')"
END
    boot lean debian-12 "$JOB_LINE root=nfs:$SERVER:$EXPORT/os"
    wait_line "$VM/verdict.log" '^done=' 1000 "$MACHINE"
    ends_with poweroff
    # Nothing failed, and only the disks that may come were waited for, by nobody else.
    facts job started system running needs active jobs '' swaps '' mounts '/scratch /srv/etc /tmp ' \
        units 'inactive inactive inactive '
    [[ -z $(section failed) ]]
    [[ $(section timeouts | grep -c .) == 2 ]]
    [[ $(section timeouts | grep -cE 'rootovl.*no.*such.*disk|label/gone|label.gone') == 2 ]]
    [[ $(section held) != *multi-user* && $(section held) != *lkp-bootstrap* ]]
    section report | jq -r '.disabled[]' | diff - <(
        cat <<'END'
/etc/crypttab: crypt: it waits for a disk
/etc/crypttab: cswap: it waits for a disk
/etc/systemd/system/dev-sda6.swap: /dev/sda6 on swap: swap
/etc/systemd/system/srv-disk.mount: /dev/sdb1 on /srv/disk: a disk on a directory of the root's own
/etc/fstab: UUID=0d5f4f6e-6a39-4d0f-9c1e-2d1f3b8a7c11 on /: the root is here already
/etc/fstab: UUID=11111111-6a39-4d0f-9c1e-2d1f3b8a7c11 on /usr: a disk on a directory of the root's own
/etc/fstab: UUID=22222222-6a39-4d0f-9c1e-2d1f3b8a7c11 on /var: a disk on a directory of the root's own
/etc/fstab: UUID=AAAA-BBBB on /boot/efi: a disk on a directory of the root's own
/etc/fstab: UUID=0d5f4f6e-6a39-4d0f-9c1e-2d1f3b8a7c12 on swap: swap
/etc/fstab: /mutable/.tool on /root/.tool: a disk on a directory of the root's own
/etc/fstab: LABEL=scratch on /home: a disk on a directory of the root's own
/etc/fstab: /dev/mapper/crypt on /secret: its device is put out of action
END
    )
    section shown | grep -q '^disabled  /etc/crypttab: crypt: it waits for a disk$'
    console_lines | grep -qxF 'put out of action: crypt, cswap, /dev/sda6, /srv/disk, /usr, /var, 4 more (rootovl report says why; rootovl.fstab=keep keeps them)'
}

# An image of a container, with the presets of a farm that enables nothing by itself.
as_of_a_container() {
    lab sh -c "cd '$LOWER' && rm -f etc/machine-id var/lib/dbus/machine-id etc/localtime etc/locale.conf &&
        mkdir -p usr/lib/systemd/system-preset && echo 'disable *' >usr/lib/systemd/system-preset/00-farm.preset"
}

@test "root mounts: a root without a machine id has no first boot: no presets, no questions" {
    PREPARE=as_of_a_container serve_nfs debian-13 os
    make_job
    cat >"$JOB/lkp/scheduled/extra" <<'END'
say enabled "$(systemctl is-enabled lkp-bootstrap.service)"
say id "$(cat /etc/machine-id)"
say first "$(journalctl --no-pager -b -o cat | grep -cE 'Detected first boot|Populated .etc with preset')"
say firstboot "$(systemctl show --property ConditionResult --value systemd-firstboot.service)"
END
    MACHINE_OPTIONS='-n user,model=virtio-net-pci,mac=52:54:00:aa:bb:05'
    boot lean debian-13 "$JOB_LINE root=nfs:$SERVER:$EXPORT/os"
    good_boot nfs4
    facts enabled enabled first 0 firstboot no
    [[ $(fact id) =~ ^[0-9a-f]{12}4[0-9a-f]{19}$ ]]
    section shown | grep -q "^identity  the root has no /etc/machine-id: one was made of this machine's"
}
