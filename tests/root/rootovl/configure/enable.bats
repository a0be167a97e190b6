#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Enabling units and making fstab safe in a new root.

load ../lib

units() {
    mkdir -p lower/usr/lib/systemd/system
    while [ $# -gt 1 ]; do
        printf '%b' "$2" >"lower/usr/lib/systemd/system/$1"
        shift 2
    done
}

# link_is TARGET PATH
link_is() {
    [ "$(readlink "$2")" = "$1" ]
}

within() {
    boxed < <(declare -f units link_is; echo plain_root; cat)
}

@test "a unit is enabled by the links that its [Install] section asks for" {
    within <<'END'
    units job.service '[Service]\n[Install]\nWantedBy=multi-user.target graphical.target
RequiredBy=a@%p.target\nUpheldBy=b.target\nAlias=the-job.service\n'
    drive enable job.service
    show
    cd root/etc/systemd/system
    for who in multi-user.target.wants graphical.target.wants a@job.target.requires b.target.upholds; do
        link_is /usr/lib/systemd/system/job.service $who/job.service
    done
    link_is /usr/lib/systemd/system/job.service the-job.service
    stat_is '%a %U' '755 root' . multi-user.target.wants
    [ "$(find . -type l | wc -l)" -eq 5 ]
END
}

@test "systemctl makes the same links" {
    within <<'END'
    command -v systemctl >/dev/null || exit 0
    units job.service '[Install]\nWantedBy=multi-user.target\nAlso=other.socket tpl@x.service\nAlias=the-job.service\n' \
        other.socket '[Socket]\nListenFIFO=/x\n[Install]\nWantedBy=sockets.target\n' \
        tpl@.service '[Install]\nDefaultInstance=one\nRequiredBy=%i.target\n' \
        lone@.service '[Install]\nDefaultInstance=dflt\nWantedBy=multi-user.target\n'
    cp -a lower reference
    systemctl --root="$PWD/reference" enable job.service lone@.service lone@z.service >/dev/null 2>&1
    drive enable job.service enable lone@.service enable lone@z.service
    show
    # Debian 12's systemd knows /usr/lib as /lib
    diff <(cd reference/etc/systemd && find . -type l -printf '%p %l\n' | sort | sed 's, /lib, /usr/lib,') \
        <(cd root/etc/systemd && find . -type l -printf '%p %l\n' | sort)
END
}

@test "a unit without [Install] is wanted by multi-user.target, for it was named" {
    within <<'END'
    units job.service '[Service]\nExecStart=/bin/true\n' quiet.service '[Install]\nAlso=job.service\n'
    drive enable quiet.service
    absent up/upper/etc
    drive enable job.service
    show
    link_is /usr/lib/systemd/system/job.service root/etc/systemd/system/multi-user.target.wants/job.service
END
}

@test "a unit that the payload brought is found, the first place wins" {
    within <<'END'
    units job.service '[Install]\nWantedBy=old.target\n'
    mkdir -p source/all/etc/systemd/system source/all/lib/systemd/system
    printf '[Install]\nWantedBy=new.target\n' >source/all/etc/systemd/system/job.service
    printf '[Install]\nWantedBy=x.target\n' >source/all/lib/systemd/system/lkp.service
    copy rule 'tree /all /' enable job.service enable lkp.service
    link_is /etc/systemd/system/job.service root/etc/systemd/system/new.target.wants/job.service
    absent root/etc/systemd/system/old.target.wants
    link_is /usr/lib/systemd/system/lkp.service root/etc/systemd/system/x.target.wants/lkp.service
END
}

@test "a template is enabled as its instance or its default instance" {
    within <<'END'
    units t@.service '[Install]\nWantedBy=%i.target\nDefaultInstance=dflt\n' bare@.service '[Install]\nWantedBy=a.target\n'
    drive enable t@one.service enable t@.service
    show
    link_is /usr/lib/systemd/system/t@.service root/etc/systemd/system/one.target.wants/t@one.service
    link_is /usr/lib/systemd/system/t@.service root/etc/systemd/system/dflt.target.wants/t@dflt.service
    fails 'unit bare@.service: a template without DefaultInstance=' enable bare@.service
END
}

@test "Also= brings other units along, in circles too, but not what is absent or masked" {
    within <<'END'
    units a.service '[Install]\nWantedBy=x.target\nAlso=b.service gone.service masked.service a.service\n' \
        b.service '[Install]\nWantedBy=y.target\nAlso=a.service\n'
    ln -s /dev/null lower/usr/lib/systemd/system/masked.service
    drive enable a.service
    show
    cd root/etc/systemd/system
    [ "$(find . -type l | sort)" = ./x.target.wants/a.service$'\n'./y.target.wants/b.service ]
END
}

@test "a chain of Also= without end is refused" {
    within <<'END'
    for i in {1..70}; do
        units u$i.service "[Install]\nWantedBy=x.target\nAlso=u$((i + 1)).service\n"
    done
    fails 'unit u1.service: more than 64 units by Also=' enable u1.service
END
}

@test "an absent unit, a masked one and a bad name are refused with what is the matter" {
    within <<'END'
    units empty.service ''
    fails 'unit job.service: neither the root nor the payload has it' enable job.service
    mkdir -p lower/etc/systemd/system
    units job.service '[Install]\nWantedBy=x.target\n'
    ln -s /dev/null lower/etc/systemd/system/job.service
    fails 'unit job.service: masked in the root' enable job.service
    fails 'unit empty.service: masked in the root' enable empty.service
    fails 'unit ../job.service: no name of a unit' enable ../job.service
    fails 'unit job: no name of a unit' enable job
    units odd.service '[Install]\nWantedBy=../../../x\n' alias.service '[Install]\nAlias=x.socket\n'
    fails 'unit odd.service: "../../../x" in /usr/lib/systemd/system/odd.service is no name of a unit' enable odd.service
    fails 'unit alias.service: the alias x.socket is of another type' enable alias.service
END
}

@test "an alias stands for the unit that it is a link to" {
    within <<'END'
    units real.service '[Install]\nWantedBy=x.target\n'
    ln -s real.service lower/usr/lib/systemd/system/name.service
    ln -s loop2.service lower/usr/lib/systemd/system/loop1.service
    ln -s loop1.service lower/usr/lib/systemd/system/loop2.service
    drive enable name.service
    show
    link_is /usr/lib/systemd/system/real.service root/etc/systemd/system/x.target.wants/real.service
    fails 'unit loop1.service: Too many levels of symbolic links' enable loop1.service
END
}

@test "what enables the unit already stays; a link to nothing does not" {
    within <<'END'
    units job.service '[Install]\nWantedBy=a.target b.target c.target\n'
    mkdir -p lower/etc/systemd/system/{a,b,c}.target.wants
    echo '[Service]' >lower/etc/systemd/system/a.target.wants/job.service
    ln -s ../../../../lib/systemd/system/job.service lower/etc/systemd/system/b.target.wants/job.service
    ln -s /nowhere lower/etc/systemd/system/c.target.wants/job.service
    drive enable job.service
    show
    content_is '[Service]' root/etc/systemd/system/a.target.wants/job.service
    link_is ../../../../lib/systemd/system/job.service root/etc/systemd/system/b.target.wants/job.service
    link_is /usr/lib/systemd/system/job.service root/etc/systemd/system/c.target.wants/job.service
END
}

@test "links of the root on the way to /etc/systemd/system stay in the root" {
    within <<'END'
    units job.service '[Service]\n'
    for way in /etc:etc/system ../../../../..:system ../usr/lib:usr/lib/system; do
        rm -rf lower/etc/systemd
        mount_up size=16m
        ln -s ${way%:*} lower/etc/systemd
        drive enable job.service
        show
        [ -L root/${way#*:}/multi-user.target.wants/job.service ]
        umount root
    done
    # through a link to nothing or to itself nothing can be enabled
    for target in /nowhere systemd; do
        ln -sfn $target lower/etc/systemd
        mount_up size=16m
        fails 'unit job.service: /etc/systemd/system/multi-user.target.wants/job.service: *' enable job.service
    done
    absent /etc/multi-user.target.wants /etc/system /multi-user.target.wants
END
}

@test "fstab is made safe, and keeps its mode" {
    within <<'END'
    printf 'a / ext4\n#x\nb /data ext4 defaults 0 2\nc none swap sw' >lower/etc/fstab
    chmod 600 lower/etc/fstab
    drive fstab
    show
    content_is $'# rootovl: a / ext4\n#x\nb /data ext4 defaults,nofail 0 2\n# rootovl: c none swap sw' root/etc/fstab
    ! grep missed tmp/said
    stat_is '%a' 600 root/etc/fstab
END
}

@test "an fstab that is absent, a link to nothing or a link to a safe one is not written" {
    within <<'END'
    drive fstab
    absent up/upper/etc
    ln -sfn /nowhere lower/etc/fstab
    drive fstab
    absent up/upper/etc
    printf '# nothing\n' >lower/etc/other
    ln -sfn other lower/etc/fstab
    drive fstab
    absent up/upper/etc
END
}

@test "an fstab that is safe is copied as it is, once" {
    within <<'END'
    printf '# nothing\na /b c nofail\n' >lower/etc/fstab
    chmod 640 lower/etc/fstab
    drive fstab
    content_is $'# nothing\na /b c nofail' up/upper/etc/fstab
    stat_is '%a' 640 up/upper/etc/fstab
    before=$(stat -c '%i %Y' up/upper/etc/fstab)
    drive fstab
    stat_is '%i %Y' "$before" up/upper/etc/fstab
    : >lower/etc/fstab
    mount_up size=16m
    drive fstab
    stat_is %s 0 up/upper/etc/fstab
END
}

@test "an fstab that cannot be read is refused with how to go on" {
    within <<'END'
    mkdir lower/etc/fstab
    fails '/etc/fstab: Is a directory' fstab
    grep -q 'hint: .*rootovl.fstab=keep' tmp/said
    rmdir lower/etc/fstab
    printf 'a\0b' >lower/etc/fstab
    fails '/etc/fstab: it is no text' fstab
    rm lower/etc/fstab
    mkfifo lower/etc/fstab
    fails '/etc/fstab: Invalid argument' fstab
    rm lower/etc/fstab
    truncate -s 2M lower/etc/fstab
    fails '/etc/fstab: File too large' fstab
END
}

@test "disks over the root's own directories, volumes and what would hide the payload are put out of action" {
    within <<'END'
    mkdir -p source/opt lower/opt
    echo tool >source/opt/tool
    printf '%s\n' 'UUID=1 / ext4 rw 0 1' 'UUID=2 /var ext4 nofail 0 2' 's:/opt /opt nfs ro' \
        '/dev/mapper/data /data ext4 rw' 's:/home /home nfs rw' >lower/etc/fstab
    printf 'data UUID=3 none luks\n' >lower/etc/crypttab
    printf 'v a b c\n' >lower/etc/veritytab
    chmod 600 lower/etc/crypttab
    copy rule 'tree /opt' fstab
    diff <(sed '1d' tmp/said) - <<'SAID'
disabled: /etc/crypttab: data: it waits for a disk
disabled: /etc/veritytab: v: it waits for a disk
disabled: /etc/fstab: UUID=1 on /: the root is here already
disabled: /etc/fstab: UUID=2 on /var: a disk on a directory of the root's own
disabled: /etc/fstab: /opt: it would hide files of the upper, such as the payload's
disabled: /etc/fstab: /dev/mapper/data on /data: its device is put out of action
missed: data
missed: v
missed: /var
missed: /opt
missed: /data
SAID
    content_is 's:/home /home nfs rw,nofail' <(grep -v '^# rootovl: ' root/etc/fstab)
    content_is '# rootovl: data UUID=3 none luks' root/etc/crypttab
    stat_is '%a' 600 root/etc/crypttab
END
}

@test "units that mount disks become units that do nothing; those of a server are not waited for" {
    within <<'END'
    at=lower/etc/systemd/system
    mkdir -p $at/local-fs.target.requires $at/swap.target.wants
    printf '[Mount]\nWhat=/dev/sdb1\nWhere=/data\n[Install]\nRequiredBy=local-fs.target\n' >$at/data.mount
    ln -s /etc/systemd/system/data.mount $at/local-fs.target.requires/
    printf '[Automount]\nWhere=/data\n' >$at/data.automount
    printf '[Swap]\nWhat=/dev/sda5\n' >$at/dev-sda5.swap
    printf '[Mount]\nWhat = s:/home\nWhere = /home\nType=nfs\n' >$at/home.mount
    printf '[Mount]\nWhat=tmpfs\nWhere=/scratch\nType=tmpfs\n' >$at/scratch.mount
    ln -s /dev/null $at/masked.mount
    ln -s gone $at/gone.mount
    units var.mount '[Mount]\nWhat=UUID=1\nWhere=/var\n' tmp.mount '[Mount]\nWhat=/dev/x\nWhere=/tmp\n'
    drive fstab
    show
    diff <(sed '/^files/d' tmp/said | sort) - <<'SAID'
disabled: /etc/systemd/system/data.mount: /dev/sdb1 on /data: a unit that waits for a disk
disabled: /etc/systemd/system/dev-sda5.swap: /dev/sda5 on swap: swap
disabled: /usr/lib/systemd/system/var.mount: UUID=1 on /var: a disk on a directory of the root's own
missed: /data
missed: /dev/sda5
missed: /var
SAID
    for unit in data var; do
        grep -qx 'What=rootovl' root/etc/systemd/system/$unit.mount
        grep -qx "Where=/$unit" root/etc/systemd/system/$unit.mount
        grep -qx 'ConditionPathExists=!/' root/etc/systemd/system/$unit.mount
    done
    grep -qx 'ConditionPathExists=!/' root/etc/systemd/system/data.automount
    link_is /dev/null root/etc/systemd/system/dev-sda5.swap
    grep -qx 'DefaultDependencies=no' root/etc/systemd/system/home.mount.d/rootovl.conf
    cmp $at/home.mount root/etc/systemd/system/home.mount
    (cd up/upper && find . -type f -o -type l | sort) | diff - <(printf '%s\n' \
        ./etc/systemd/system/{data.automount,data.mount,dev-sda5.swap{,.d/rootovl.conf},home.mount.d/rootovl.conf,var.mount})
    # a root without a merged /usr, and what an administrator brought
    rm lower/lib $at/*.mount $at/*.automount $at/*.swap
    mkdir -p lower/lib/systemd/system lower/usr/local/lib/systemd/system
    printf '[Mount]\nWhat=UUID=1\nWhere=/srv\n' >lower/lib/systemd/system/srv.mount
    printf '[Mount]\nWhat=UUID=1\nWhere=/opt\n' >lower/usr/local/lib/systemd/system/opt.mount
    mount_up size=64m
    drive fstab
    (cd up/upper/etc/systemd/system && ls) | diff - <(printf '%s\n' opt.mount srv.mount var.mount)
    rm -r lower/usr/local/lib lower/usr/lib/systemd/system/var.mount
    printf '[Mount]\nWhat=/dev/sdb1\nWhere=/data\n' >$at/data.mount
    # one that was asked for stays
    mount_up size=64m
    umount root
    printf '[Install]\nWantedBy=multi-user.target\n' >>$at/data.mount
    drive enable data.mount fstab
    absent up/upper/etc/systemd/system/data.mount
    # our own of an earlier boot, in an upper that is kept
    mount_up size=64m
    drive fstab
    drive fstab >tmp/again
    ! grep data tmp/again
    absent up/upper/etc/systemd/system/data.mount.d
    # what nobody can read starts nothing
    rm lower/etc/systemd/system/*.mount
    mkdir lower/etc/crypttab
    drive fstab
END
}

@test "a root without a machine id gets the one of the machine, and keeps one that it has" {
    within <<'END'
    id=$'^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$'
    drive id 'card a'
    show
    grep -qx "id: the root has no /etc/machine-id" tmp/said
    grep -qE "$id" root/etc/machine-id
    stat_is '%a %U %s' '444 root 33' root/etc/machine-id
    before=$(cat root/etc/machine-id)
    umount root
    for text in '' 'uninitialized\n' 'junk\n'; do
        mount_up size=64m
        printf "$text" >lower/etc/machine-id
        drive id 'card a'
        content_is "$before" up/upper/etc/machine-id
    done
    # another machine, and one that nothing tells from others
    for identity in 'card b' '' ''; do
        mount_up size=64m
        drive id "$identity"
        ! grep -qxF "$before" up/upper/etc/machine-id
        before+=$'\n'$(cat up/upper/etc/machine-id)
        grep -qE "$id" up/upper/etc/machine-id
    done
    mount_up size=64m
    printf '0123456789abcdef0123456789abcdef\n' >lower/etc/machine-id
    drive id 'card a'
    absent up/upper/etc
    rm lower/etc/machine-id
    mkdir lower/etc/machine-id
    fails '/etc/machine-id: Is a directory' id 'card a'
    grep -q 'hint: .*rootovl.machineid=keep' tmp/said
END
}

@test "what is written by path replaces files and links, never directories" {
    within <<'END'
    ln -s passwd lower/etc/link
    drive write /etc/passwd new write /etc/link text write /a/b/c deep link /run/x /live/image
    show
    content_is new root/etc/passwd
    content_is text root/etc/link
    [ ! -L root/etc/link ]
    content_is deep root/a/b/c
    link_is /run/x root/live/image
    stat_is '%a %U' '644 root' root/a/b/c root/etc/link
    mkdir lower/etc/dir
    touch lower/etc/dir/x
    fails '/etc/dir: it would hide a directory *' write /etc/dir x
    fails '/etc/passwd/x: Not a directory' write /etc/passwd/x x
    fails '/: *directory*' write / x
END
}

@test "nothing is written where there is no upper" {
    within <<'END'
    bystanders >tmp/before
    run_out=$("$COPY" lower - - read /etc/passwd)
    [ "$run_out" = root:x:0:0::/root:/bin/sh ]
    status=0
    run_out=$("$COPY" lower - - write /x y) || status=$?
    [ "$status $run_out" = '1 failure: /x: Read-only file system' ]
    bystanders | diff tmp/before -
END
}
