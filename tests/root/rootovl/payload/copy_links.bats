#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Links and other things in the way, in the root and in the payload. Wherever they lead, nothing is
# written outside the new root: the box is read-only but for itself, and every drive compares what
# lies beside the new root before and after.

load ../lib

# What Compass-CI brings, in small.
payload() {
    mkdir -p source/lkp/scheduled source/opt/tool source/custom_bootstrap/etc/systemd/system
    echo job >source/lkp/scheduled/job.yaml
    echo tool >source/opt/tool/run
    echo unit >source/custom_bootstrap/etc/systemd/system/job.service
}

@test "a root's /lkp and /opt that are links to /etc are followed inside the root" {
    boxed <<END
    $(declare -f payload)
    plain_root
    payload
    rmdir lower/opt
    ln -s /etc lower/lkp
    ln -s etc lower/opt
    copy rule 'tree /lkp' rule 'tree /opt'
    content_is job root/etc/scheduled/job.yaml
    content_is tool root/etc/tool/run
    [ "\$(readlink root/lkp)" = /etc ]
    absent /etc/scheduled /etc/tool
END
}

@test "a link above the root stays in the root" {
    boxed <<END
    $(declare -f payload)
    plain_root
    payload
    rmdir lower/opt
    ln -s ../../.. lower/lkp
    ln -s ../../../outside lower/opt
    mkdir -p lower/outside
    copy rule 'tree /lkp' rule 'tree /opt'
    content_is job root/scheduled/job.yaml
    content_is tool root/outside/tool/run
    absent outside/tool scheduled
END
}

@test "a link to itself, a circle of links and a dangling one are replaced by the payload's directory" {
    boxed <<END
    $(declare -f payload)
    plain_root
    payload
    rmdir lower/opt
    ln -s lkp lower/lkp
    ln -s /nowhere/at/all lower/opt
    mkdir source/srv
    ln -s one lower/two
    ln -s two lower/one
    ln -s two lower/srv
    touch source/srv/x
    copy rule 'tree /lkp' rule 'tree /opt' rule 'tree /srv'
    content_is job root/lkp/scheduled/job.yaml
    content_is tool root/opt/tool/run
    [ ! -L root/lkp ]
    [ ! -L root/opt ]
    [ ! -L root/srv ]
    stats_are 'replaced 3'
    absent root/nowhere
END
}

@test "a link to a file on the way is replaced, the file it names is not" {
    boxed <<END
    $(declare -f payload)
    plain_root
    payload
    rmdir lower/opt
    ln -s etc/passwd lower/opt
    copy rule 'tree /opt'
    content_is tool root/opt/tool/run
    content_is root:x:0:0::/root:/bin/sh root/etc/passwd
END
}

@test "/etc/systemd of the root as a link to each of those" {
    boxed <<END
    $(declare -f payload)
    plain_root
    for target in /etc ../../.. systemd /nowhere ../usr/lib /../../../outside; do
        payload
        rm -rf lower/etc/systemd
        ln -s "\$target" lower/etc/systemd
        mount_up size=16m
        copy rule 'tree /custom_bootstrap /'
        case \$target in
        /etc) place=root/etc/system ;;
        ../../..) place=root/system ;;
        ../usr/lib) place=root/usr/lib/system ;;
        *) place=root/etc/systemd/system ;;
        esac
        content_is unit \$place/job.service
        umount root
    done
END
}

@test "a chain of 40 links is followed, one of 41 is replaced" {
    boxed <<'END'
    plain_root
    ln -s ../opt lower/usr/l1
    for i in {2..41}; do
        ln -s l$((i - 1)) lower/usr/l$i
    done
    mkdir -p source/{a,b}
    touch source/a/forty source/b/more
    copy rule 'tree /a /usr/l40' rule 'tree /b /usr/l41'
    [ -e root/opt/forty ]
    [ -e root/usr/l41/more ]
    [ ! -L root/usr/l41 ]
    absent root/opt/more
END
}

@test "links in a payload are copied, not written through" {
    boxed <<'END'
    plain_root
    mkdir -p source/one source/two/way source/three
    ln -s ../../../outside source/one/way
    ln -s "$PWD/outside" source/one/absolute
    ln -s . source/one/dot
    touch source/two/way/file
    mkdir source/three/absolute
    touch source/three/absolute/file
    copy rule 'tree /one /' rule 'tree /two /' rule 'tree /three /'
    # what the first rule left are links to nothing in the new root
    [ ! -L root/way ]
    [ -f root/way/file ]
    [ ! -L root/absolute ]
    [ -f root/absolute/file ]
    [ "$(readlink root/dot)" = . ]
END
}

@test "an absolute link of an earlier rule leads to the new root's place of that name" {
    boxed <<'END'
    plain_root
    mkdir -p source/one source/two/conf
    ln -s /etc source/one/conf
    echo x >source/two/conf/rootovl-test
    copy rule 'tree /one /opt' rule 'tree /two /opt'
    content_is x root/etc/rootovl-test
    absent /etc/rootovl-test
END
}

@test "a file over a directory with something in it is refused, and nothing is lost" {
    boxed <<'END'
    plain_root
    mkdir -p lower/opt/tool/bin source/opt
    echo x >source/opt/tool
    fails 'payload /opt/tool: *directory*' rule 'tree /opt'
    grep -q '^hint: ' tmp/said
    content_is x source/opt/tool
    show
    [ -d root/opt/tool/bin ]
    # the same where a rule for one file meets it
    touch source/lib
    fails 'payload /lib to /usr: *directory*' rule 'tree /lib /usr'
END
}

@test "a file over a directory that an earlier rule filled is refused" {
    boxed <<'END'
    plain_root
    mkdir -p source/one/x source/two
    touch source/one/x/in source/two/x
    fails 'payload /two/x to /opt/x: *directory*' rule 'tree /one /opt' rule 'tree /two /opt'
END
}

@test "a file takes the place of an empty directory of the lower, and of the upper" {
    boxed <<'END'
    plain_root
    mkdir -p lower/opt/low source/one/up source/two
    echo x >source/two/low
    echo y >source/two/up
    copy rule 'tree /one /opt' rule 'tree /two /opt'
    content_is x root/opt/low
    content_is y root/opt/up
    stats_are 'replaced 1'
END
}

@test "a directory takes the place of a file, a link and a device of the lower" {
    boxed <<'END'
    plain_root
    touch lower/opt/file
    mknod lower/opt/device c 1 3
    mkdir -p source/opt/{file,device}
    touch source/opt/{file,device}/x
    copy rule 'tree /opt'
    [ -f root/opt/file/x ]
    [ -f root/opt/device/x ]
    stats_are 'replaced 2'
END
}

@test "a directory in the place of what hid a directory of the lower does not show that one" {
    boxed <<'END'
    plain_root
    mkdir -p lower/opt/{empty,gone,deep/kept} source/one source/two/{empty,gone}
    touch lower/opt/gone/old source/one/empty source/two/{empty,gone}/new
    setfattr -n user.old -v 1 lower/opt/empty
    # as a kept upper may have it: removed in an earlier boot
    mkdir up/upper/opt
    mknod up/upper/opt/gone c 0 0
    copy rule 'tree /one /opt' rule 'tree /two /opt'
    [ "$(ls root/opt/gone)" = new ]
    [ "$(ls root/opt/empty)" = new ]
    [ -d root/opt/deep/kept ]
END
}

@test "what the upper has whited out is absent" {
    boxed <<'END'
    plain_root
    mkdir -p lower/opt/dir/in source/opt source/lib/firmware lower/usr/lib/firmware
    touch lower/usr/lib/firmware/{a,b}
    mkdir -p up/upper/opt up/upper/usr/lib/firmware
    mknod up/upper/opt/dir c 0 0
    mknod up/upper/usr/lib/firmware/a c 0 0
    echo file >source/opt/dir
    echo new >source/lib/firmware/a
    echo new >source/lib/firmware/b
    copy rule 'tree /opt' rule 'missing /lib/firmware'
    content_is file root/opt/dir
    content_is new root/usr/lib/firmware/a
    content_is '' root/usr/lib/firmware/b
END
}

@test "an opaque directory of the upper hides the lower's" {
    boxed <<'END'
    plain_root
    mkdir -p lower/opt/dir/full source/opt up/upper/opt
    setfattr -n trusted.overlay.opaque -v y up/upper/opt
    echo file >source/opt/dir
    copy rule 'tree /opt'
    content_is file root/opt/dir
    [ "$(ls root/opt)" = dir ]
END
}

@test "a directory that the lower has not is opaque, one that it has is not: nobody asks for what cannot be there" {
    boxed <<'END'
    plain_root
    mkdir -p source/etc/new/deep source/opt lower/opt
    echo file >source/opt/file
    copy rule 'tree /etc' rule 'tree /opt'
    opaque() { getfattr --absolute-names --only-values -n trusted.overlay.opaque "up/upper/$1" 2>/dev/null || :; }
    [ "$(opaque etc/new)" = y ]
    [ -z "$(opaque etc/new/deep)" ]
    [ -z "$(opaque opt)" ]
    [ -d root/etc/new/deep ]
END
}

@test "the payload may reach a directory by two ways at once" {
    boxed <<'END'
    plain_root
    # /usr/self is /usr again, and /usr/lib/up the root
    ln -s /usr lower/usr/self
    ln -s ../.. lower/usr/lib/up
    mkdir -p source/all/usr/{self/share,share,lib/up/usr/share}
    touch source/all/usr/self/share/1 source/all/usr/share/2 source/all/usr/lib/up/usr/share/3
    copy rule 'tree /all /'
    [ "$(cd root/usr/share && echo *)" = '1 2 3' ]
    [ -L root/usr/self ]
    [ -L root/usr/lib/up ]
END
}

@test "a file cannot take the place of the directory it came through" {
    boxed <<'END'
    plain_root
    mkdir -p lower/opt/x
    ln -s ../../opt lower/opt/x/back
    mkdir -p source/all/opt/x/back
    touch source/all/opt/x/back/x
    fails 'payload /all/opt/x/back/x to *: *directory*' rule 'tree /all /'
END
}

@test "a rule's source does not lead out of the initramfs" {
    boxed <<'END'
    plain_root
    mkdir -p source/opt
    ln -s ../../outside source/way
    ln -s "$PWD/outside" source/absolute
    copy rule 'tree /way/file /opt/1' rule 'tree /absolute/file /opt/2' rule 'tree /way /opt/3'
    absent root/opt/1 root/opt/2
    [ "$(readlink root/opt/3)" = ../../outside ]
    fails 'payload /self/x: Too many levels of symbolic links' \
        rule "$(ln -s self source/self; echo tree /self/x)"
END
}

@test "trees of 1,000 directories deep are copied" {
    boxed <<'END'
    plain_root
    mkdir source/opt
    perl -e 'chdir "source/opt"; for (1 .. 1000) { mkdir "d"; chdir "d" } open F, ">", "file"'
    copy rule 'tree /opt'
    [ "$(find root/opt -type d | wc -l)" -eq 1001 ]
    [ "$(find root/opt -type f -printf x)" = x ]
    absent source/opt
END
}

@test "a path longer than the kernel names is refused in one line that can be read" {
    boxed <<'END'
    plain_root
    mkdir source/opt
    perl -e 'chdir "source/opt"; for (1 .. 2100) { mkdir "d"; chdir "d" }'
    fails 'payload /opt/d/d*: a path in it is longer than 4095 bytes' rule 'tree /opt'
    [ "$(head -c 400 tmp/said | wc -l)" -ge 2 ]
END
}
