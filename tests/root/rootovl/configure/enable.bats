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
