#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Links of the payload that meet a directory of the root: what is behind them is merged into it, or the
# root's directory stays and a warning says so.

load ../lib

# An addon of the shape of Compass-CI's, and a root as Debian's, in ADDON and its rules.
addon() {
    plain_root
    mkdir -p lower/etc/{rc2.d,rc5.d,init.d}
    echo root >lower/etc/rc2.d/S01root
    echo root >lower/etc/rc5.d/S01root
    chmod 711 lower/etc/rc2.d
    ADDON=source/lkp/lkp/src/rootfs/addon
    # shellcheck disable=SC2034 # of the tests
    RULES=(user lkp rule 'tree /lkp' rule 'tree /lkp/{user}/src/rootfs/addon /')
    mkdir -p $ADDON/etc/{init.d,rc.d/rc2.d,rc.d/rc5.d}
    echo boot >$ADDON/etc/init.d/bootstrap
    ln -s ../init.d/bootstrap $ADDON/etc/rc.d/rc2.d/S77
    ln -s ../init.d/bootstrap $ADDON/etc/rc.d/rc5.d/S77
}

# merged DIR…: each has what the root has and what is behind the link.
merged() {
    local dir
    for dir; do
        [ ! -L "root/etc/$dir" ]
        content_is root "root/etc/$dir/S01root"
        content_is boot "root/etc/$dir/S77"
    done
}

no_warning() {
    ! grep '^warning: ' tmp/said
}

# warned PATTERN…: these warnings, and no others.
warned() {
    local text
    grep '^warning: ' tmp/said | sed 's/^warning: //' >tmp/warnings || true
    for text; do
        IFS= read -r line
        # shellcheck disable=SC2053 # it is a pattern
        [[ $line == $text ]] || return 1
    done <tmp/warnings
    [ "$(wc -l <tmp/warnings)" -eq $# ]
}

followed() {
    boxed <<END
    $(declare -f addon merged no_warning warned)
    $(cat)
END
}

@test "a link over a filled directory of the root is followed: the directory behind it is merged" {
    followed <<'END'
    addon
    ln -s rc.d/rc2.d $ADDON/etc/rc2.d
    ln -s rc.d/rc5.d $ADDON/etc/rc5.d
    copy "${RULES[@]}"
    merged rc2.d rc5.d
    no_warning
    # what it led to is there by its own name too, and the root's directory keeps its mode
    [ -L root/etc/rc.d/rc2.d/S77 ]
    stat_is %a 711 root/etc/rc2.d
    # the payload was moved
    [ -z "$(find $ADDON ! -type d)" ]
END
}

@test "a link is followed by absolute targets, by .., by chains of links and through links on the way" {
    followed <<'END'
    addon
    mkdir -p lower/etc/{c1,c2,c3,c4,c5}
    cp lower/etc/rc2.d/* lower/etc/rc5.d
    for dir in c1 c2 c3 c4 c5; do cp lower/etc/rc2.d/* lower/etc/$dir; done
    # as in the new root, and as in the initramfs
    ln -s /etc/rc.d/rc2.d $ADDON/etc/rc2.d
    ln -s /lkp/lkp/src/rootfs/addon/etc/rc.d/rc5.d $ADDON/etc/rc5.d
    ln -s ../usr/../etc/./rc.d//rc2.d/ $ADDON/etc/c1
    mkdir $ADDON/usr
    # links to links, and one on the way
    ln -s c3 $ADDON/etc/c2
    ln -s /etc/c4 $ADDON/etc/c3
    ln -s by/rc2.d $ADDON/etc/c4
    ln -s /etc/rc.d $ADDON/etc/by
    # more .. than there are directories: the new root's top
    ln -s ../../../../../../../../../etc/rc.d/rc2.d $ADDON/etc/c5
    copy "${RULES[@]}"
    merged rc2.d rc5.d c1 c2 c3 c4 c5
    no_warning
END
}

@test "a link into what another rule brings is followed, before and after that rule" {
    followed <<'END'
    plain_root
    mkdir -p lower/opt/{a,c} lower/usr/local/b source/{opt,srv,usr/local}
    touch lower/{opt/a,opt/c,usr/local/b}/root
    mkdir -p source/opt/real source/srv/real
    touch source/opt/real/opt source/srv/real/srv
    ln -s /srv/real source/opt/a
    ln -s ../../opt/real source/usr/local/b
    ln -s ../srv source/opt/c
    copy rule 'tree /opt' rule 'tree /usr/local' rule 'tree /srv'
    [ "$(cd root/opt/a && echo *)" = 'root srv' ]
    [ "$(cd root/usr/local/b && echo *)" = 'opt root' ]
    [ "$(cd root/opt/c && echo *)" = 'real root' ]
    [ -f root/opt/c/real/srv ]
    [ -f root/srv/real/srv ]
    [ -f root/opt/real/opt ]
    no_warning
END
}

@test "a link that meets no directory of the root stays a link" {
    followed <<'END'
    addon
    rm -r lower/etc/rc2.d lower/etc/rc5.d
    ln -s rc.d/rc2.d lower/etc/rc2.d
    ln -s rc.d/rc2.d $ADDON/etc/rc2.d
    ln -s rc.d/rc5.d $ADDON/etc/rc5.d
    copy "${RULES[@]}"
    [ "$(readlink root/etc/rc2.d)" = rc.d/rc2.d ]
    [ "$(readlink root/etc/rc5.d)" = rc.d/rc5.d ]
    no_warning
END
}

@test "links in a directory that is merged are followed as well" {
    followed <<'END'
    plain_root
    mkdir -p lower/opt/out/{in,deep} source/opt/{one/deep,two}
    touch lower/opt/out/{in,deep}/root source/opt/one/deep/deep source/opt/two/two
    ln -s one source/opt/out
    ln -s ../two source/opt/one/in
    copy rule 'tree /opt'
    [ "$(cd root/opt/out/in && echo *)" = 'root two' ]
    [ "$(cd root/opt/out/deep && echo *)" = 'deep root' ]
    [ "$(readlink root/opt/one/in)" = ../two ]
    no_warning
END
}

@test "a directory that an earlier rule brings is merged into as well" {
    followed <<'END'
    plain_root
    mkdir -p source/one/x source/two/y
    touch source/one/x/1 source/two/y/2
    ln -s y source/two/x
    copy rule 'tree /one /opt' rule 'tree /two /opt'
    [ "$(cd root/opt/x && echo *)" = '1 2' ]
    no_warning
END
}

@test "one directory behind two links is merged twice" {
    followed <<'END'
    addon
    ln -s rc.d/rc2.d $ADDON/etc/rc2.d
    ln -s rc.d/rc2.d $ADDON/etc/rc5.d
    ln $ADDON/etc/init.d/bootstrap $ADDON/etc/rc.d/rc2.d/hard
    copy "${RULES[@]}"
    merged rc2.d rc5.d
    content_is boot root/etc/rc2.d/hard
    content_is boot root/etc/rc5.d/hard
    content_is boot root/etc/rc.d/rc2.d/hard
END
}

@test "a link to nothing, to a file, to itself, in a circle or out of the payload leaves the root's directory and warns" {
    followed <<'END'
    addon
    mkdir -p source/outside lower/etc/{nowhere,file,self,circle,out,top,image,empty}
    for dir in nowhere file self circle out top image; do touch lower/etc/$dir/root; done
    mkdir -p source/etc/image
    touch source/outside/secret source/etc/image/secret
    ln -s gone/away $ADDON/etc/nowhere
    ln -s init.d/bootstrap $ADDON/etc/file
    ln -s self $ADDON/etc/self
    ln -s round $ADDON/etc/circle
    ln -s circle $ADDON/etc/round
    ln -s /outside $ADDON/etc/out
    ln -s / $ADDON/etc/top
    ln -s /etc/image $ADDON/etc/image
    ln -s gone $ADDON/etc/empty
    copy "${RULES[@]}"
    for dir in nowhere file self circle out top image; do
        [ "$(ls root/etc/$dir)" = root ]
    done
    [ -d root/etc/empty ] && [ ! -L root/etc/empty ]
    absent root/secret root/etc/{top,out,image}/secret
    for dir in circle empty file image nowhere out self top; do
        grep "^warning: payload /lkp/lkp/src/rootfs/addon/etc/$dir: the root keeps its directory /etc/$dir, for this link to .* leads to no other directory of the payload (bring a directory in its place, or take the link away)$" tmp/said
    done
    [ "$(grep -c '^warning: ' tmp/said)" -eq 8 ]
END
}

@test "a link to a directory that it lies in leaves the root's directory: nothing is merged into itself" {
    followed <<'END'
    plain_root
    mkdir -p lower/opt/{a,b,dot,up}/{a,b,x}/{a,b,x} source/opt/{p,q}
    find lower/opt -type d -exec touch {}/root \;
    touch source/opt/p/p source/opt/q/q
    ln -s . source/opt/dot
    ln -s .. source/opt/up
    # one leads to the other, and that back
    ln -s p source/opt/a
    ln -s ../q source/opt/p/x
    ln -s ../p source/opt/q/x
    copy rule 'tree /opt'
    [ "$(cd root/opt/a && echo *)" = 'a b p root x' ]
    [ "$(cd root/opt/a/x && echo *)" = 'a b q root x' ]
    [ "$(cd root/opt/a/x/x && echo *)" = root ]
    [ "$(ls root/opt/dot root/opt/dot/x | tr '\n' ' ')" = 'root/opt/dot: a b root x  root/opt/dot/x: a b root x ' ]
    warned 'payload /opt/*' 'payload /opt/*' 'payload /opt/*'
    grep '^warning: payload /opt/dot: ' tmp/said
    grep '^warning: payload /opt/up: ' tmp/said
    grep '^warning: payload /opt/q/x: the root keeps its directory /opt/a/x/x,' tmp/said
END
}

@test "links that would be merged without an end are a failure in one line" {
    followed <<'END'
    plain_root
    mkdir source/opt source/opt/real
    for i in {1..257}; do mkdir -p lower/opt/$i; ln -s real source/opt/$i; done
    fails 'payload /opt/*: more than 256 links meet directories of the root' rule 'tree /opt'
    rm source/opt/1
    copy rule 'tree /opt'
END
}

@test "of many links that are left out the first 20 are told, and all are counted" {
    followed <<'END'
    plain_root
    mkdir source/opt
    for i in {1..30}; do mkdir -p lower/opt/$i; ln -s gone source/opt/$i; done
    copy rule 'tree /opt'
    [ "$(grep -c '^warning: ' tmp/said)" -eq 20 ]
END
}

@test "missing follows a link too, brings only what the directory of the root lacks, and does not warn" {
    followed <<'END'
    plain_root
    mkdir -p lower/usr/lib/firmware/{a,b} source/usr/lib/firmware/real
    echo old >lower/usr/lib/firmware/a/1
    echo new | tee source/usr/lib/firmware/real/{1,2}
    ln -s usr/lib source/lib
    ln -s real source/usr/lib/firmware/a
    ln -s gone source/usr/lib/firmware/b
    copy rule 'missing /lib/firmware'
    content_is old root/lib/firmware/a/1
    content_is new root/lib/firmware/a/2
    [ -d root/lib/firmware/b ]
    no_warning
END
}

@test "a rule whose source is itself a link is followed" {
    followed <<'END'
    addon
    ln -s rc.d/rc2.d $ADDON/etc/rc2.d
    mv $ADDON source/lkp/lkp/src/other
    ln -s ../other $ADDON
    mkdir -p source/data/job lower/srv/job
    touch source/data/job/file lower/srv/job/root
    ln -s data source/link
    copy "${RULES[@]}" rule 'tree /data' copy /link/job:/srv/job
    merged rc2.d
    content_is boot root/etc/init.d/bootstrap
    [ "$(cd root/srv/job && echo *)" = 'file root' ]
    no_warning
END
    followed <<'END'
    plain_root
    mkdir -p lower/srv/job source/opt
    touch lower/srv/job/root
    ln -s nowhere source/opt/job
    fails 'rootovl.copy=/opt/job: the link leads to no directory of the payload, and the root has the directory /srv/job' copy /opt/job:/srv/job
END
}

@test "nothing that is followed leaves the payload or the root" {
    followed <<'END'
    addon
    ln -s rc.d/rc2.d $ADDON/etc/rc2.d
    # the root's own way to the directory, and a name that is no text
    mv lower/etc lower/usr/etc
    ln -s ../../../../usr/etc lower/etc
    mkdir -p lower/opt/$'a\nb' source/opt
    touch lower/opt/$'a\nb'/root
    ln -s "$PWD/outside" source/opt/$'a\nb'
    copy "${RULES[@]}" rule 'tree /opt'
    content_is boot root/usr/etc/rc2.d/S77
    content_is root root/usr/etc/rc2.d/S01root
    warned 'payload /opt/a\\x0ab: the root keeps its directory /opt/a\\x0ab, for this link to *'
    [ "$(ls root/opt/*)" = root ]
END
}
