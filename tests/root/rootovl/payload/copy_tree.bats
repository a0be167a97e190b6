#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What the payload copier brings into the new root, and what of it is kept.

load ../lib

@test "files, directories and links arrive with mode, owner and times, and leave the source" {
    boxed <<'END'
    plain_root
    mkdir -p source/lkp/scheduled source/lkp/deep/er
    echo job >source/lkp/scheduled/job.yaml
    echo x >source/lkp/deep/er/secret
    : >source/lkp/empty
    ln -s ../nowhere source/lkp/link
    chmod 600 source/lkp/deep/er/secret
    chmod 2750 source/lkp/deep
    chown 12:34 source/lkp/deep source/lkp/deep/er/secret
    chown -h 56:78 source/lkp/link
    touch -hd '2001-02-03 04:05:06.789' source/lkp/{link,empty,deep/er,deep,scheduled,.}
    manifest source/lkp >tmp/wanted
    copy rule 'tree /lkp'
    diff <(sed 's/source/root/' tmp/wanted) <(manifest root/lkp)
    stats_are 'files 3 bytes 6 others 1 dirs 4 replaced 0 xattrs_skipped 0'
    absent source/lkp
END
}

@test "a directory that the lower has keeps owner, mode, times and attributes" {
    boxed <<'END'
    plain_root
    chown 5:6 lower/opt
    chmod 2705 lower/opt
    setfattr -n user.lower -v 1 lower/opt
    setfattr -n trusted.lower -v 1 lower/opt
    touch -d '2002-02-02' lower lower/opt lower/usr lower/usr/lib
    mkdir -p source/opt/new source/lib/x
    chmod 700 source/opt source/lib
    chown -R 9:9 source/opt source/lib
    setfattr -n user.payload -v 1 source/opt
    copy rule 'tree /opt' rule 'tree /lib'
    stat_is '%u:%g %a' 5:6\ 2705 root/opt
    stat_is '%u:%g %a' 0:0\ 755 root/usr/lib
    stat_is %y "$(stat -c %y lower/opt)" root root/opt root/usr root/usr/lib
    [ "$(getfattr -hd -m user root/opt)" = "$(getfattr -hd -m user lower/opt | sed 's,lower/opt$,root/opt,')" ]
    [ "$(getfattr --only-values -n trusted.lower up/upper/opt)" = 1 ]
    stat_is '%u:%g %a' 9:9\ 755 root/opt/new root/usr/lib/x
END
}

@test "the root itself looks like the lower's, whatever mode the upper was made with" {
    boxed <<'END'
    plain_root
    chmod 1777 up/upper
    chown 0:7 lower
    chmod 751 lower
    touch -d '2002-02-02' lower
    mkdir -p source/opt
    touch source/opt/x
    copy rule 'tree /opt'
    stat_is '%u:%g %a' 0:7\ 751 root
    stat_is %y "$(stat -c %y lower)" root
END
}

@test "merged /usr stays merged when the payload brings a real /lib and /bin" {
    boxed <<'END'
    plain_root
    mkdir -p source/custom_bootstrap/{lib/systemd/system,bin,usr/lib}
    echo unit >source/custom_bootstrap/lib/systemd/system/a.service
    echo program >source/custom_bootstrap/bin/program
    echo other >source/custom_bootstrap/usr/lib/other
    copy rule 'tree /custom_bootstrap /'
    [ "$(readlink root/lib)" = usr/lib ]
    [ "$(readlink root/bin)" = usr/bin ]
    content_is unit root/usr/lib/systemd/system/a.service
    content_is program root/bin/program
    content_is other root/lib/other
    absent source/custom_bootstrap up/upper/lib up/upper/bin
END
}

@test "a payload that comes through its own links is found, and a link is copied as a link" {
    boxed <<'END'
    plain_root
    mkdir -p source/usr/lib/modules/6.1 source/real/deep
    ln -s usr/lib source/lib
    ln -s /real source/way
    ln -s ../../../../real/../real source/real/deep/up
    echo ko >source/usr/lib/modules/6.1/x.ko
    echo found >source/real/deep/file
    ln -s /etc/passwd source/absolute
    copy kernel 6.1 rule 'missing /lib/modules/{kernel}' rule 'tree /way/deep/up/deep /opt/deep' \
        rule 'tree /absolute /opt/absolute'
    content_is ko root/usr/lib/modules/6.1/x.ko
    content_is ko source/usr/lib/modules/6.1/x.ko
    content_is found root/opt/deep/file
    [ "$(readlink root/opt/deep/up)" = ../../../../real/../real ]
    [ "$(readlink root/opt/absolute)" = /etc/passwd ]
END
}

@test "hard links stay hard links, among links, devices and several rules too" {
    boxed <<'END'
    plain_root
    mkdir -p source/lkp/a source/opt/b
    echo one >source/lkp/a/one
    ln source/lkp/a/one source/lkp/two
    ln source/lkp/a/one source/opt/b/three
    ln -s target source/lkp/link
    ln source/lkp/link source/lkp/a/link2
    mknod source/lkp/fifo p
    ln source/lkp/fifo source/opt/fifo2
    echo lonely >source/lkp/lonely
    ln source/lkp/lonely source/elsewhere
    copy rule 'tree /lkp' rule 'tree /opt'
    [ root/lkp/a/one -ef root/lkp/two ]
    [ root/lkp/a/one -ef root/opt/b/three ]
    stat_is %h 3 root/lkp/two
    stat_is '%h %F' '2 symbolic link' root/lkp/link root/lkp/a/link2
    [ root/lkp/fifo -ef root/opt/fifo2 ]
    stat_is %h 1 root/lkp/lonely
    content_is lonely source/elsewhere
    content_is one root/opt/b/three
    stats_are 'files 4 bytes 11'
END
}

@test "a hard link whose first copy a later rule replaced is a copy, not that other file" {
    boxed <<'END'
    plain_root
    mkdir -p source/a source/b source/c
    echo shared >source/a/f
    ln source/a/f source/c/g
    echo other >source/b/f
    copy rule 'tree /a /opt' rule 'tree /b /opt' rule 'tree /c /opt'
    content_is other root/opt/f
    content_is shared root/opt/g
END
}

@test "devices, fifos and sockets are made anew" {
    boxed <<'END'
    plain_root
    mkdir -p source/opt
    mknod source/opt/null c 1 3
    mknod source/opt/disk b 7 200
    mknod source/opt/fifo p
    chmod 640 source/opt/*
    chown 3:4 source/opt/*
    touch -d 2003-03-03 source/opt/*
    perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un("source/opt/socket")) or die'
    manifest source/opt >tmp/wanted
    copy rule 'tree /opt /opt/devices'
    stats_are 'others 4'
    stat_is '%F %t %T' 'character special file 1 3' root/opt/devices/null
    stat_is '%F %t %T' 'block special file 7 c8' root/opt/devices/disk
    stat_is %F socket root/opt/devices/socket
    diff <(sed 's/source/root/' tmp/wanted) <(manifest root/opt/devices | sed 's,/devices,,')
END
}

@test "a device that would be a whiteout is refused" {
    boxed <<'END'
    plain_root
    mkdir -p source/etc
    mknod source/etc/passwd c 0 0
    fails 'payload /etc/passwd: the device 0:0 is a whiteout of the overlay' rule 'tree /etc'
    show
    content_is root:x:0:0::/root:/bin/sh root/etc/passwd
END
}

@test "setuid, setgid and sticky bits survive, for other owners too" {
    boxed <<'END'
    plain_root
    mkdir -p source/opt/dir
    for mode in 4755 2755 6711 1644 0 7777; do
        echo x >"source/opt/$mode"
        chown "$((mode % 2 * 42)):$((mode % 2 * 43))" "source/opt/$mode"
        chmod "$mode" "source/opt/$mode"
    done
    chown 8:9 source/opt/6711
    chmod 6711 source/opt/6711
    chown 8:9 source/opt/dir
    chmod 3775 source/opt/dir
    echo x >source/opt/dir/file
    chown 0:0 source/opt/dir/file
    manifest source/opt >tmp/wanted
    copy rule 'tree /opt /srv'
    diff <(sed 's,source/opt,root/srv,' tmp/wanted) <(manifest root/srv)
END
}

@test "nothing inherits the group or the ACL of a directory that the root has" {
    boxed <<'END'
    plain_root
    chown 0:77 lower/opt
    chmod 2775 lower/opt
    # user::rwx user:1:rwx group::rwx mask::rwx other::---
    setfattr -n system.posix_acl_default -v \
        0x0200000001000700ffffffff020007000100000004000700ffffffff10000700ffffffff20000000ffffffff \
        lower/opt
    mkdir -p source/opt/dir
    echo x >source/opt/file
    echo x >source/opt/dir/file
    ln -s x source/opt/link
    mknod source/opt/fifo p
    chmod 644 source/opt/fifo
    copy rule 'tree /opt'
    stat_is '%u:%g %a' '0:0 755' root/opt/dir
    stat_is '%u:%g %a' '0:0 644' root/opt/file root/opt/fifo root/opt/dir/file
    stat_is '%u:%g' 0:0 root/opt/link
    [ -z "$(getfattr -hd -m posix_acl root/opt/file root/opt/dir root/opt/dir/file)" ]
    getfattr -hd -m posix_acl_default root/opt | grep posix_acl_default
END
}

@test "extended attributes are kept; what would change the overlay is not taken over" {
    boxed <<'END'
    plain_root
    mkdir -p source/opt/dir
    echo x >source/opt/file
    ln -s x source/opt/link
    setfattr -n user.one -v 'a b' source/opt/file
    setfattr -n user.empty source/opt/file
    setfattr -n trusted.two -v 2 source/opt/dir
    setfattr -hn trusted.three -v 3 source/opt/link
    # cap_net_raw=ep
    setfattr -n security.capability -v 0x0100000200200000000000000000000000000000 source/opt/file
    setfattr -n trusted.overlay.redirect -v /etc source/opt/dir
    setfattr -n trusted.overlay.opaque -v y source/opt
    wanted=$(getfattr -hd -m '^(user|security)' source/opt/file)
    copy rule 'tree /opt /opt/new'
    stats_are 'xattrs_skipped 2'
    [ "$wanted" = "$(getfattr -hd -m '^(user|security)' root/opt/new/file | sed 's,root/opt/new,source/opt,')" ]
    [ "$(getfattr --only-values -n trusted.two up/upper/opt/new/dir)" = 2 ]
    [ "$(getfattr -h --only-values -n trusted.three up/upper/opt/new/link)" = 3 ]
    [ -z "$(getfattr -hd -m trusted.overlay.redirect up/upper/opt/new/dir)" ]
END
}

@test "attributes that the upper cannot hold are counted, not fatal" {
    boxed <<'END'
    plain_root
    mkdir -p source/opt
    # a ramfs has no user.* at all
    mount -t ramfs up up
    mkdir up/upper
    echo x >source/opt/file
    setfattr -n user.one -v 1 source/opt/file
    setfattr -n user.lower -v 1 lower/opt
    drive rule 'tree /opt'
    stats_are 'files 1'
    stats_are 'xattrs_skipped 2'
    content_is x up/upper/opt/file
END
}

@test "a sparse file stays sparse" {
    boxed <<'END'
    plain_root
    mkdir -p source/opt
    truncate -s 40M source/opt/small
    printf middle | dd of=source/opt/small bs=1M seek=20 conv=notrunc status=none
    cp --sparse=always source/opt/small source/opt/large
    truncate -s 3M source/opt/hole
    sums=$(cd source/opt && sha256sum small large hole)
    copy rule 'tree /opt'
    [ "$sums" = "$(cd root/opt && sha256sum small large hole)" ]
    stat_is %s 41943040 root/opt/small
    [ "$(du -k root/opt/small | cut -f 1)" -lt 64 ]
    [ "$(du -k root/opt/hole | cut -f 1)" -eq 0 ]
END
}

@test "names are bytes: newlines, blanks, no UTF-8, 255 of them" {
    boxed <<'END'
    plain_root
    mkdir -p source/opt
    long=$(printf 'n%.0s' {1..255})
    for name in $'new\nline' $'\xff\xfe' ' ' '*' $'tab\there' '#' '\' "$long" '...' '-rf' '"'; do
        echo "$name" >"source/opt/$name"
        mkdir "source/opt/d${name:0:200}"
        echo "$name" >"source/opt/d${name:0:200}/$name"
    done
    manifest source/opt >tmp/wanted
    copy rule 'tree /opt'
    diff <(sed 's,source/opt,root/opt,; /^ d/d' tmp/wanted) <(manifest root/opt | sed '/^ d/d')
    absent source/opt
END
}

@test "a failure is one line, whatever bytes are in the name" {
    boxed <<'END'
    plain_root
    mkdir -p "source/opt" lower/opt/$'bad\nname'/full
    echo x >source/opt/$'bad\nname'
    fails 'payload /opt/bad\\x0aname: *' rule 'tree /opt'
    [ "$(wc -l <tmp/said)" -eq 3 ]
END
}

@test "what both a rule and a later one inside it name reaches both places" {
    boxed <<'END'
    plain_root
    addon=source/lkp/lkp/src/rootfs/addon
    mkdir -p $addon/etc $addon/lib source/lkp/lkp/src/bin
    echo conf >$addon/etc/new.conf
    ln $addon/etc/new.conf $addon/etc/same.conf
    echo x >source/lkp/lkp/src/bin/x
    copy user lkp rule 'tree /lkp' rule 'tree /lkp/{user}/src/rootfs/addon /'
    content_is conf root/etc/new.conf
    content_is conf root/lkp/lkp/src/rootfs/addon/etc/new.conf
    [ root/etc/new.conf -ef root/etc/same.conf ]
    [ ! root/etc/new.conf -ef root/lkp/lkp/src/rootfs/addon/etc/new.conf ]
    [ root/lkp/lkp/src/rootfs/addon/etc/new.conf -ef root/lkp/lkp/src/rootfs/addon/etc/same.conf ]
    [ -L root/lib ]
    absent $addon source/lkp/lkp/src/bin
END
}

@test "two rules that reach one place by links of the initramfs lose nothing" {
    boxed <<'END'
    plain_root
    mkdir -p source/lkp/deep/addon source/usr/share/x
    echo conf >source/lkp/deep/addon/new.conf
    echo needed >source/usr/share/x/needed
    ln -s lkp/deep source/short
    ln -s usr/share source/opt
    copy rule 'tree /lkp' rule 'tree /short/addon /etc' rule 'tree /opt/x /opt/x'
    content_is conf root/etc/new.conf
    content_is conf root/lkp/deep/addon/new.conf
    content_is needed root/opt/x/needed
    # /opt/x is the initramfs' own /usr/share/x
    content_is needed source/usr/share/x/needed
END
}

@test "a later rule wins" {
    boxed <<'END'
    plain_root
    mkdir -p source/one/etc source/two/etc
    echo one >source/one/etc/passwd
    echo two >source/two/etc/passwd
    copy rule $'tree /one /\ntree /two /'
    content_is two root/etc/passwd
    stats_are 'replaced 1'
END
}

@test "missing brings only what the root lacks, and replaces nothing" {
    boxed <<'END'
    plain_root
    mkdir -p lower/usr/lib/firmware/have lower/usr/lib/firmware/odd.d
    echo old >lower/usr/lib/firmware/have/a
    ln -s /nowhere lower/usr/lib/firmware/dangling
    echo file >lower/usr/lib/firmware/file
    ln -s have lower/usr/lib/firmware/alias
    mkdir -p source/lib/firmware/{have,lack,dangling,file,alias}
    for name in have/a have/b lack/c dangling/d file/e alias/f odd.d; do
        echo new >source/lib/firmware/$name
    done
    copy rule 'missing /lib/firmware'
    cd root/usr/lib/firmware
    content_is old have/a
    content_is new have/b
    content_is new lack/c
    content_is new have/f
    content_is file file
    [ "$(readlink dangling)" = /nowhere ]
    [ -d odd.d ]
    [ "$(readlink alias)" = have ]
    cd ../../../..
    stats_are 'files 3'
    stats_are 'replaced 0'
    content_is new source/lib/firmware/lack/c
END
}

@test "missing leaves the upper alone where the root has it all" {
    boxed <<'END'
    plain_root
    mkdir -p lower/usr/lib/modules/6.1/kernel source/lib/modules/6.1/kernel
    touch {lower/usr,source}/lib/modules/6.1/kernel/{1,2,3,4,5,6,7,8}.ko
    copy rule 'missing /lib/modules/6.1'
    [ -z "$(ls -A up/upper)" ]
END
}

@test "missing:NAME copies nothing where the destination has NAME, and what lacks where it has not" {
    boxed <<'END'
    plain_root
    mkdir -p lower/usr/lib/modules/6.1 lower/usr/lib/modules/6.2 source/lib/modules/{6.1,6.2,6.3}
    touch lower/usr/lib/modules/6.1/modules.dep lower/usr/lib/modules/6.2/other source/lib/modules/6.{1,2,3}/x.ko
    copy rule 'missing:modules.dep /lib/modules/6.1'
    [ -z "$(ls -A up/upper)" ]
    copy rule 'missing:modules.dep /lib/modules/6.2' rule 'missing:modules.dep /lib/modules/6.3'
    [ "$(ls root/usr/lib/modules/6.1)" = modules.dep ]
    [ "$(ls root/usr/lib/modules/6.2)" = $'other\nx.ko' ]
    [ "$(ls root/usr/lib/modules/6.3)" = x.ko ]
END
}

@test "a source that is not there is nothing to do" {
    boxed <<'END'
    plain_root
    touch source/file
    copy kernel 6.1 user lkp table "$TOP/src/rootovl/payload.conf" \
        rule 'tree /file/below'
    stats_are 'files 0 bytes 0 others 0 dirs 0'
    [ -z "$(ls -A up/upper)" ]
END
}

@test "a single file goes where the rule says, the directories above made" {
    boxed <<'END'
    plain_root
    mkdir -p source/usr/lib/rootovl
    echo report >source/usr/lib/rootovl/rootovl-report
    echo 2 >source/two
    copy rule 'missing /usr/lib/rootovl/rootovl-report /usr/bin/rootovl' copy /two:/a/b/c
    content_is report root/usr/bin/rootovl
    content_is 2 root/a/b/c
    stat_is '%a %U' '755 root' root/a root/a/b
    absent source/two
    fails 'payload /usr/lib/rootovl/rootovl-report to /: *' copy /usr/lib/rootovl/rootovl-report:/
END
}

@test "a mount in the source is not the payload" {
    boxed <<'END'
    plain_root
    mkdir -p source/opt/mounted source/lkp
    mount -t tmpfs other source/opt/mounted
    mount -t tmpfs other source/lkp
    touch source/opt/{mounted/not,this} source/lkp/not
    copy rule 'tree /opt' rule 'tree /lkp' rule 'tree /lkp/not /opt/not'
    [ "$(cd root && echo opt/* lkp*)" = 'opt/this lkp*' ]
    [ -e source/opt/mounted/not ]
    [ -e source/lkp/not ]
END
}

@test "10,000 files arrive" {
    boxed <<'END'
    plain_root
    mount_up size=128m
    mkdir -p source/lkp/{0..99}
    for dir in source/lkp/*; do
        (cd "$dir" && for file in {0..99}; do echo "$dir $file" >$file; done)
    done
    before=$(cd source && find lkp -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
    copy rule 'tree /lkp'
    [ "$before" = "$(cd root && find lkp -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)" ]
    stats_are 'files 10000'
    stats_are 'dirs 101'
    absent source/lkp
END
}

@test "a root directory with more names than are listed is asked for each" {
    boxed <<'END'
    plain_root
    (cd lower && seq -f 'name-%.0f' 131073 | xargs touch)
    mkdir -p source/opt/new source/lkp
    mkdir lower/opt/old
    copy rule 'tree /opt' rule 'tree /lkp'
    [ -d root/opt/new ] && [ -d root/opt/old ] && [ -d root/lkp ]
END
}

@test "more hard links than descriptors become copies; too deep a tree for them is told" {
    boxed <<'END'
    plain_root
    mkdir -p source/lkp/{a,b}
    for i in {1..100}; do
        echo $i >source/lkp/a/$i
        ln source/lkp/a/$i source/lkp/b/$i
    done
    wanted=$(cd source && sha256sum lkp/*/* | sort)
    (
        ulimit -n 64
        copy rule 'tree /lkp'
    )
    [ "$wanted" = "$(cd root && sha256sum lkp/*/* | sort)" ]
    linked=$(find root/lkp -type f -links 2 | wc -l)
    [ "$linked" -ge 50 ]
    [ "$linked" -lt 200 ]
    mkdir source/opt
    perl -e 'chdir "source/opt"; for (1 .. 100) { mkdir "d"; chdir "d" }'
    ulimit -n 64
    fails 'payload /opt/d/d*: Too many open files' rule 'tree /opt'
END
}
