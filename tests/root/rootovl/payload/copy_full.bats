#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# An upper that fills up, and large files that are moved in pieces.

load ../lib

@test "an upper without bytes left says which file, and what to raise" {
    boxed <<'END'
    plain_root
    mount_up size=2m
    mkdir -p source/lkp/a source/opt
    head -c 1M /dev/urandom >source/lkp/a/first
    head -c 3M /dev/urandom >source/opt/second
    fails 'payload /opt/second: the upper is full: no bytes left' rule 'tree /lkp' rule 'tree /opt'
    grep -qx 'hint: raise rootovl.size= (now 2048 KiB), or bring less' tmp/said
    # the first is counted, the second is not
    stats_are 'files 1 bytes 1048576'
    [ -e source/opt/second ]
END
}

@test "an upper without inodes left says so" {
    boxed <<'END'
    plain_root
    mount_up size=16m,nr_inodes=40
    mkdir -p source/lkp
    touch source/lkp/{1..60}
    fails 'payload /lkp/*: the upper is full: no inodes left' rule 'tree /lkp'
    grep -qx 'hint: raise rootovl.inodes= (now 40), or bring less' tmp/said
END
}

@test "an upper that fills up while units are enabled says so" {
    boxed <<'END'
    plain_root
    mkdir -p lower/usr/lib/systemd/system
    echo '[Service]' >lower/usr/lib/systemd/system/job.service
    mount_up size=16m,nr_inodes=5
    fails 'unit job.service: /etc/systemd/system/multi-user.target.wants/job.service: the upper is full: no inodes left' \
        enable job.service
END
}

@test "an upper that is read-only is told with its reason" {
    boxed <<'END'
    plain_root
    mkdir -p source/opt
    touch source/opt/x
    touch up/upper/not-new
    mount -o remount,ro up
    fails 'payload /opt/x: Read-only file system' rule 'tree /opt'
END
}

@test "a large file is given back piece by piece: more than half of the memory can be payload" {
    boxed <<'END'
    plain_root
    # one tmpfs holds the payload and the new root: there is room for it once and 12 MiB
    mount_up size=76m
    mkdir -p up/source/lkp
    mount --bind up/source source
    head -c 60M /dev/urandom >source/lkp/large
    echo 'and a tail' >>source/lkp/large
    touch -d 2004-04-04 source/lkp/large
    sum=$(sha256sum <source/lkp/large)
    copy rule 'tree /lkp'
    [ "$sum" = "$(sha256sum <root/lkp/large)" ]
    stat_is %y "$(date -d 2004-04-04 '+%F %T.000000000 %z')" root/lkp/large
    absent source/lkp
END
}

@test "a large sparse file is given back piece by piece and stays sparse" {
    boxed <<'END'
    plain_root
    mkdir -p source/lkp
    truncate -s 100M source/lkp/large
    for at in 0 7 8 39 40 99; do
        printf 'data at %s' $at | dd of=source/lkp/large bs=1M seek=$at conv=notrunc status=none
    done
    sum=$(sha256sum <source/lkp/large)
    copy rule 'tree /lkp'
    [ "$sum" = "$(sha256sum <root/lkp/large)" ]
    [ "$(du -k root/lkp/large | cut -f 1)" -lt 64 ]
    absent source/lkp
END
}

@test "a large file that has another name, is kept or is running is copied whole" {
    boxed <<'END'
    plain_root
    mount_up size=200m
    mkdir -p source/lkp/kept source/opt
    head -c 17M /dev/urandom >source/lkp/one
    ln source/lkp/one source/outside-every-rule
    cp source/lkp/one source/lkp/kept/two
    cp source/lkp/one source/lkp/three
    sum=$(sha256sum <source/lkp/one)
    copy rule 'tree /lkp' rule 'tree /lkp/kept /opt/kept'
    for file in root/lkp/{one,kept/two,three} root/opt/kept/two source/outside-every-rule; do
        [ "$sum" = "$(sha256sum <$file)" ]
    done
    # a program that runs cannot be cut short
    cp /bin/sleep source/opt/program
    truncate -s 17M source/opt/program
    source/opt/program 1000 &
    until [ /proc/$!/exe -ef source/opt/program ]; do kill -0 $!; done
    mount_up_again() { umount root; mount_up size=64m; }
    mount_up_again
    copy rule 'tree /opt'
    kill $!
    cmp -n 10000 /bin/sleep root/opt/program
    absent source/opt
END
}

@test "a source that cannot be written is a failure where it should be moved" {
    boxed <<'END'
    plain_root
    mkdir -p source/opt
    touch source/opt/x
    mount --bind source source
    mount -o remount,bind,ro source
    fails 'payload /opt/x: Read-only file system' rule 'tree /opt'
    rm -rf up/upper/opt
    drive rule 'missing /opt'
END
}
