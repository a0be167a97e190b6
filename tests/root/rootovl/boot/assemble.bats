#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The executor: a whole plan on directories of this machine, and each of its steps failing in turn.
# shellcheck disable=SC2030,SC2031 # bats runs each test in a subshell

bats_require_minimum_version 1.5.0
load ../assemble

setup() {
    assemble_setup
}

@test "a plan makes a root: an overlay with the payload in it" {
    export AFTER='findmnt -no FSTYPE sysroot; cat sysroot/lkp/scheduled/job.yaml sysroot/opt/tool;
        cat sysroot/etc/fstab; readlink sysroot/live/image;
        ls sysroot/etc/systemd/system/multi-user.target.wants; touch sysroot/etc/new && ls lower/etc'
    assemble 'job=/lkp/scheduled/job.yaml'
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = ready ]
    [[ $output == *"mounts: 3"* ]]
    [[ $output == *$'overlay\njob\ntool\n'* ]]
    [[ $output == *'# rootovl: UUID=x / ext4'* ]]
    [[ $output == *'/data ext4 defaults,nofail,x-systemd.device-timeout=30s 0 2'* ]]
    [[ $output == *$'/run/rootovl/lower\nlkp-bootstrap.service\nfstab\nos-release'* ]]
    [ ! -e source/opt/tool ]
}

@test "the report of a good boot tells every step and what was copied" {
    assemble ''
    sed '1d;/^mounts:/,$d' <<<"$output" >report.json
    [ "$(jq -r .result report.json)" = ready ]
    [ "$(jq -r '[.steps[].result] | unique | join(" ")' report.json)" = 'done' ]
    [ "$(jq '.steps | length' report.json)" -eq 10 ]
    [[ $(jq -r .machine_id report.json) == 'the root has no /etc/machine-id: one was made '* ]]
    [ "$(jq .payload.files report.json)" -eq 2 ]
    [ "$(jq -r '.units[0]' report.json)" = lkp-bootstrap.service ]
    [ "$(jq -r '.disabled[]' report.json)" = '/etc/fstab: UUID=x on /: the root is here already' ]
}

@test "a job= that neither payload nor root has is warned of" {
    assemble 'job=/lkp/scheduled/other.yaml'
    [ "$status" -eq 0 ]
    sed -n '/^{/,/^}/p' <<<"$output" | jq -r '.warnings[]' | grep -qx 'job=/lkp/scheduled/other.yaml: .*'
}

# warned TEXT: the boot is good, its report has the warning.
warned() {
    [ "$status" -eq 0 ]
    sed -n '/^{/,/^}/p' <<<"$output" | jq -r '.warnings[]' | grep -qxF "$1"
}

@test "a job that nothing starts is warned of: no unit, a unit without its program, a script that cannot be run" {
    local unit=source/lkp/lkp/src/rootfs/addon/etc/systemd/system
    rm lower/usr/lib/systemd/system/lkp-bootstrap.service
    assemble 'user=lkp'
    warned 'nothing starts the job: neither the payload nor the root has lkp-bootstrap.service (bring it in /lkp/USER/src/rootfs/addon, or name the unit that starts the job by rootovl.enable=)'
    mkdir -p "$unit" source/lkp/scheduled
    printf '[Service]\nExecStart=/usr/bin/none\n' >"$unit/lkp-bootstrap.service"
    echo job >source/lkp/scheduled/job.yaml
    echo 'echo' >source/lkp/scheduled/job.sh
    assemble 'user=lkp job=/lkp/scheduled/job.yaml'
    warned 'nothing starts the job: neither the payload nor the root has /usr/bin/none, the ExecStart= of lkp-bootstrap.service (bring the program, or correct the unit)'
    warned '/lkp/scheduled/job.sh: it does not begin with #!, so the kernel cannot run it (begin it with #!/bin/sh)'
}

@test "what a drop-in file makes a unit start is not taken for missing" {
    local unit=source/lkp/lkp/src/rootfs/addon/etc/systemd/system/lkp-bootstrap.service
    mkdir -p "$unit.d"
    printf '[Service]\nExecStart=/usr/bin/none\n' >"$unit"
    printf '[Service]\nExecStart=\nExecStart=/usr/bin/true\n' >"$unit.d/start.conf"
    assemble 'user=lkp'
    [ "$status" -eq 0 ]
    [[ $output != *'nothing starts the job'* ]]
}

@test "a link of the payload that leads nowhere leaves a directory of the root, and is warned of" {
    mkdir -p lower/opt/farm
    touch lower/opt/farm/file
    ln -s nowhere source/opt/farm
    assemble ''
    warned 'payload /opt/farm: the root keeps its directory /opt/farm, for this link to nowhere leads to no other directory of the payload (bring a directory in its place, or take the link away)'
}

@test "a lower that keeps no file capabilities is warned of, where it matters" {
    install -m 755 /bin/true lower/usr/bin/ping
    assemble ''
    [[ $output != *'file capabilities'* ]]
    mv lower as-it-was
    mkdir lower
    # without attributes, as CIFS and NFS are
    mount -t ramfs ramfs lower
    cp -a as-it-was/. lower/
    assemble ''
    umount lower
    [ "$status" -eq 0 ]
    sed -n '/^{/,/^}/p' <<<"$output" | jq -r '.warnings[]' |
        grep -qx 'the lower keeps no file capabilities: /usr/bin/ping may fail .*'
}

@test "the upper's root has the owner and mode of the lower's" {
    chmod 751 lower
    chown 0:12 lower
    export AFTER='stat -c "%a %g" sysroot'
    assemble ''
    [ "$status" -eq 0 ]
    grep -qx '751 12' <<<"$output"
}

@test "what is mounted over is the upper's alone, as the lower has it, and no server is asked for it" {
    mkdir -m 555 lower/proc lower/run
    touch lower/run/of-the-server
    # shellcheck disable=SC2016 # expanded later
    export AFTER='echo "mode: $(stat -c %a sysroot/proc), in it: $(ls sysroot/run)" \
        "$(getfattr -n trusted.overlay.opaque --absolute-names --only-values \
            /run/rootovl/upper/rw/proc /run/rootovl/upper/rw/run)"'
    assemble ''
    [ "$status" -eq 0 ]
    grep -qx 'mode: 555, in it:  yy' <<<"$output"
}

@test "directories of the lower can be renamed (redirect_dir)" {
    mkdir lower/usr/share
    export AFTER='mv sysroot/usr/share sysroot/usr/moved && python3 -c "
import os; os.rename(\"sysroot/usr/moved\", \"sysroot/usr/again\")" && echo renamed'
    assemble ''
    grep -qx renamed <<<"$output"
}

@test "step load modules: a module that is not there" {
    assemble '' no_such_module
    refused 'load modules' 'module no_such_module: not in this image'
}

@test "step load modules: an image without what rootfs_disk= needs says how to build one" {
    export MOUNTED='modprobe -q overlay || true; [ ! -d /lib/modules ] || mount -t tmpfs none /lib/modules'
    assemble '' dm-mod
    refused 'load modules' 'module dm-mod: not in this image (build the image again: initrd-builder build --with disks)'
}

@test "step mount lower: nothing to mount" {
    rm -r lower
    assemble ''
    refused 'mount lower' 'No such file or directory'
}

@test "step mount lower: a writable lower is refused" {
    export WRITABLE=1
    assemble ''
    refused 'mount lower' 'not read-only'
}

@test "step check lower: no init" {
    rm lower/usr/lib/systemd/systemd
    assemble ''
    refused 'check lower' 'no /usr/lib/systemd/systemd and no /sbin/init in the lower: No such'
}

@test "systemd without /sbin/init, and another /sbin/init without systemd, are roots" {
    rm lower/usr/sbin/init
    assemble ''
    [ "$status" -eq 0 ]
    mv lower/usr/lib/systemd/systemd lower/usr/sbin/init
    assemble ''
    [ "$status" -eq 0 ]
}

@test "step check lower: an init that leads outside the root" {
    rm lower/usr/lib/systemd/systemd
    ln -sf ../../../../../../../../bin/true lower/usr/sbin/init
    assemble ''
    refused 'check lower' 'no /sbin/init in the lower'
}

@test "step check lower: an init that is no program" {
    chmod 644 lower/usr/lib/systemd/systemd
    assemble ''
    refused 'check lower' '/usr/lib/systemd/systemd in the lower is no program'
}

@test "step check lower: init= names another" {
    assemble 'init=/usr/bin/other'
    refused 'check lower' 'no /usr/bin/other in the lower'
}

@test "step check lower: no os-release" {
    rm lower/etc/os-release
    assemble ''
    refused 'check lower' 'no os-release'
}

@test "step check lower: root's files belong to nobody" {
    chown 65534 lower/etc
    assemble ''
    refused 'check lower' '/etc in the lower belongs to user 65534'
}

# As a server that takes root for nobody: a driver that may not pass over modes.
without_rights() {
    printf '#!/bin/sh\nexec setpriv --bounding-set -dac_override,-dac_read_search "%s" "$@"\n' "$ASSEMBLE" >nobody
    chmod +x nobody
    ASSEMBLE=$PWD/nobody
}

# The overlay needs these rights, so nothing more is shown by such a driver than that the check passed.
passed() {
    [[ ${lines[0]} == ready || ${lines[0]} == 'failed: mount root: '* ]]
}

@test "step check lower: a file that only root may read, and that the server does not let root read" {
    local file
    without_rights
    for file in shadow gshadow sudoers; do
        install -m 600 -o 65534 /dev/null "lower/etc/$file"
        echo secret >"lower/etc/$file"
        assemble ''
        refused 'check lower' "root may not read /etc/$file in the lower: Permission denied"
        [[ ${lines[0]} == *'(the server takes root for nobody: export it with no_root_squash (exports(5)), in nfs-ganesha Squash = No_Root_Squash)' ]]
        # one that all may read proves nothing, and the next is looked at
        chmod 644 "lower/etc/$file"
    done
    assemble ''
    passed
}

@test "step check lower: a home of root that the server does not let root list" {
    without_rights
    install -d -m 700 -o 65534 lower/root
    assemble ''
    refused 'check lower' 'root may not read /root in the lower: Permission denied'
    chown 0 lower/root
    assemble ''
    passed
}

@test "step mount lower: a root that the server does not let root list says what to change" {
    without_rights
    chmod 700 lower
    chown 65534 lower
    assemble ''
    refused 'mount lower' 'root may not read its /'
    [[ ${lines[0]} == *no_root_squash* ]]
}

@test "step check lower: a directory that only root may pass is refused, with its mode" {
    local path
    rm lower/lib
    mkdir lower/lib lower/var
    for path in /etc /usr /usr/lib /usr/bin /lib /var; do
        chmod 700 "lower$path"
        assemble ''
        refused 'check lower' "$path in the lower has mode 700: only root may pass it (chmod 755 it on the server)"
        chmod 711 "lower$path"
    done
    assemble ''
    [ "$status" -eq 0 ]
}

@test "a lower whose / only root may pass becomes a root that all may pass, and is warned of" {
    local mode
    # shellcheck disable=SC2016 # expanded later
    export AFTER='stat -c "mode %a" sysroot lower; setpriv --reuid 65534 --clear-groups cat sysroot/etc/os-release'
    for mode in 700 750; do
        chmod "$mode" lower
        assemble ''
        warned "/ in the lower has mode $mode: only root may pass it, so the new root's has 755 (chmod 755 it on the server)"
        [[ $output == *$'mode 755\nmode '"$mode"$'\nID=test'* ]]
    done
}

@test "step prepare disks: one that is not there does not become a tmpfs" {
    assemble 'rootovl.timeout=1 rootfs_disk=/dev/no-such-disk'
    refused 'prepare disks' 'no device /dev/no-such-disk within '
}

@test "step prepare disks: one that somebody needs" {
    local disk
    truncate -s 300M disk.img
    mkfs.ext4 -q -L home disk.img
    disk=$(losetup --find --show disk.img)
    assemble "rootfs_disk=$disk"
    losetup -d "$disk"
    refused 'prepare disks' "disk $disk: there is an ext4 file system labelled home on it"
}

@test "step mount upper: no room for its own directories" {
    assemble 'rootovl.inodes=1'
    refused 'mount upper' 'No space left'
}

@test "step copy payload: too little room" {
    head -c 200000 /dev/urandom >source/opt/big
    assemble 'rootovl.size=128K'
    refused 'copy payload' 'the upper is full'
    [[ ${lines[0]} == *rootovl.size=* ]]
}

@test "step copy payload: too few inodes" {
    touch source/opt/{1..64}
    assemble 'rootovl.inodes=40'
    refused 'copy payload' 'the upper is full'
    [[ ${lines[0]} == *rootovl.inodes=* ]]
}

@test "step copy payload: a second try after the payload was moved is refused" {
    # shellcheck disable=SC2016 # expanded later
    export AFTER='"$0" "$PWD/lower" "$PWD/source" "$PWD/sysroot" ""'
    assemble 'rootovl.enable=absent.service'
    grep -q '^failed: copy payload: the payload was moved by a try that failed (boot again)' <<<"$output"
}

@test "step copy payload: what rootovl.copy= asked for is not there" {
    assemble 'rootovl.copy=/nosuch/thing:/srv/thing'
    refused 'copy payload' 'rootovl.copy=/nosuch/thing: the payload has no such thing'
    assemble 'rootovl.copy=/opt/nosuch'
    refused 'copy payload' 'rootovl.copy=/opt/nosuch: the payload has no such thing'
}

@test "step enable units: a unit that is not there" {
    assemble 'rootovl.enable=lkp-bootstrap.service,absent.service'
    refused 'enable units' 'absent.service'
}

@test "step enable units: a unit that is masked" {
    mkdir -p lower/etc/systemd/system
    ln -s /dev/null lower/etc/systemd/system/lkp-bootstrap.service
    assemble 'rootovl.enable=lkp-bootstrap.service'
    refused 'enable units' 'masked'
}

# deferring UNIT_LINES WORDS: a boot with rootovl.defer=yes, the lines in [Unit] of the job, and more of its text.
deferring() {
    local units=lower/usr/lib/systemd/system name
    printf '[Unit]\n%b\n[Service]\nExecStart=/usr/bin/true\n%b\n[Install]\nWantedBy=multi-user.target\n' "$1" "$2" \
        >"$units/lkp-bootstrap.service"
    : >lower/usr/bin/true
    for name in getty@.service systemd-logind.service fstrim.timer e2scrub_reap.service; do
        printf '[Unit]\nDescription=%s\n' "$name" >"$units/$name"
    done
    export AFTER='cd /run/systemd/system 2>/dev/null && grep -r ^After= . | sort'
    assemble 'user=lkp rootovl.defer=yes'
    [ "$status" -eq 0 ]
    sed -n '/^{/,/^}/p' <<<"$output" >report.json
}

@test "rootovl.defer=yes: units that no job needs wait for it, by files in /run" {
    deferring '' ''
    [ "$(grep -c '/50-rootovl-defer.conf:After=lkp-bootstrap.service$' <<<"$output")" -eq 4 ]
    grep -qx './getty@.service.d/50-rootovl-defer.conf:After=.*' <<<"$output"
    [ "$(jq -r '.deferred | length' report.json)" -eq 4 ]
    [ "$(jq -r .not_deferred report.json)" = null ]
    jq -r '.deferred[]' report.json | grep -qx 'getty@.service: a login on the screen'
    [ "$(jq -r '.warnings | length' report.json)" -eq 0 ]
    assemble ''
    [[ $output != *50-rootovl-defer* ]]
}

@test "rootovl.defer=yes: what the job needs or waits for starts as ever, and the report says why" {
    mkdir -p lower/usr/lib/systemd/system/farm.target.wants
    echo '[Unit]' >lower/usr/lib/systemd/system/farm.target
    ln -s ../getty@.service lower/usr/lib/systemd/system/farm.target.wants/getty@tty1.service
    mkdir -p source/lkp/lkp/src/rootfs/addon/etc/systemd/system/e2scrub_reap.service.d
    printf '[Unit]\nBefore=network.target\n' \
        >source/lkp/lkp/src/rootfs/addon/etc/systemd/system/e2scrub_reap.service.d/order.conf
    deferring 'After=network.target\nRequires=farm.target\nWants=systemd-logind.service' ''
    [ "$(jq -r '.deferred | join(" ")' report.json)" = 'fstrim.timer: trims disks once a week' ]
    jq -r '.not_deferred[]' report.json | sort >said
    diff - said <<'END'
e2scrub_reap.service is there for network.target, for lkp-bootstrap.service
getty@.service is there for farm.target, for lkp-bootstrap.service
systemd-logind.service is there for lkp-bootstrap.service
END
}

@test "rootovl.defer=yes: nothing waits for a job whose start lasts until its end" {
    deferring '' 'Type=oneshot'
    [[ $output != *50-rootovl-defer* ]]
    [ "$(jq -r '.not_deferred[]' report.json)" = \
        'nothing waits for lkp-bootstrap.service: by its Type= it may not count as started before it is done' ]
}

@test "step make fstab safe: an fstab that is a directory" {
    rm lower/etc/fstab
    mkdir lower/etc/fstab
    assemble ''
    refused 'make fstab safe' 'fstab'
}

@test "step set machine id: an id that is a directory" {
    mkdir lower/etc/machine-id
    assemble ''
    refused 'set machine id' 'machine-id'
    assemble 'rootovl.machineid=keep'
    [ "$status" -eq 0 ]
}

@test "step leave names: /live/image is a full directory" {
    mkdir -p lower/live/image/x
    assemble ''
    refused 'leave names' '/live/image'
}

# names_told LINE…: what networkd has learned, and where the root's files of it are shown.
names_told() {
    : >empty
    # shellcheck disable=SC2016,SC2089,SC2090 # the inner shell expands
    MOUNTED='mount --bind empty /etc/resolv.conf; mkdir -p /run/systemd/netif/links /run/systemd/netif/leases
        printf "DNS=10.1.0.1\nDOMAINS=lab\nNTP=10.1.0.3\n" >/run/systemd/netif/links/2
        printf "HOSTNAME=node77\n" >/run/systemd/netif/leases/2'
    # shellcheck disable=SC2016,SC2089
    AFTER='for file in sysroot/etc/hostname sysroot/etc/resolv.conf /run/systemd/*.d/50-rootovl.conf \
        /run/chrony-dhcp/*; do echo "$file: $(grep -v "^#" "$file" | tr "\n" "|")"; done 2>&1'
    # shellcheck disable=SC2090 # the inner shell reads the quotes
    export MOUNTED AFTER
}

@test "step leave names: a root without names gets those of the network" {
    names_told
    ln -s ../run/NetworkManager/resolv.conf lower/etc/resolv.conf
    echo localhost >lower/etc/hostname
    touch lower/usr/lib/systemd/systemd-timesyncd lower/usr/sbin/chronyd
    assemble ''
    [ "$status" -eq 0 ]
    [[ $output == *'sysroot/etc/hostname: node77|'* ]]
    [[ $output == *'sysroot/etc/resolv.conf: nameserver 10.1.0.1|search lab|'* ]]
    [[ $output == *'/run/systemd/timesyncd.conf.d/50-rootovl.conf: [Time]|NTP=10.1.0.3|'* ]]
    [[ $output == *'/run/chrony-dhcp/rootovl.sources: server 10.1.0.3 iburst|'* ]]
    [[ $output == *'"host_from": "the DHCP lease"'* && $output == *'"resolv_conf": "written"'* ]]
}

@test "step leave names: a root that says its own names keeps them, but for rootovl.hostname=" {
    names_told
    echo 'nameserver 10.9.0.1' >lower/etc/resolv.conf
    echo own >lower/etc/hostname
    mkdir lower/etc/systemd
    printf '[Time]\nNTP=ntp.example\n' >lower/etc/systemd/timesyncd.conf
    touch lower/usr/lib/systemd/systemd-timesyncd
    assemble ''
    [ "$status" -eq 0 ]
    [[ $output == *'sysroot/etc/hostname: own|'* && $output == *'resolv.conf: nameserver 10.9.0.1|'* ]]
    [[ $output != *'[Time]'* && $output == *'"host_from": "the root'* ]]
    assemble rootovl.hostname=asked
    [ "$status" -eq 0 ]
    [[ $output == *'sysroot/etc/hostname: asked|'* ]]
}

@test "step leave names: where the root starts systemd-resolved, that is told of the servers" {
    names_told
    ln -s ../run/systemd/resolve/stub-resolv.conf lower/etc/resolv.conf
    printf '[Install]\nWantedBy=sysinit.target\n' >lower/usr/lib/systemd/system/systemd-resolved.service
    assemble rootovl.enable=systemd-resolved.service
    [ "$status" -eq 0 ]
    [[ $output == *'/run/systemd/resolved.conf.d/50-rootovl.conf: [Resolve]|DNS=10.1.0.1|Domains=lab|'* ]]
    [[ $output == *'"resolv_conf": "systemd-resolved got the servers"'* ]]
    # disabled, it is of no use
    assemble ''
    [ "$status" -eq 0 ]
    [[ $output == *'sysroot/etc/resolv.conf: nameserver 10.1.0.1|search lab|'* ]]
}

@test "step mount root: no sysroot" {
    rmdir sysroot
    assemble ''
    refused 'mount root' 'sysroot'
}

@test "step mount root: sysroot is taken" {
    export MOUNTED='mount -t tmpfs tmpfs sysroot'
    assemble ''
    refused 'mount root' 'something is mounted'
}

@test "rootovl.lower=mounted: what is on sysroot becomes the lower, shared as systemd makes it" {
    export WRITABLE=1 MOUNTED='mount --bind lower sysroot && mount --make-shared sysroot'
    # shellcheck disable=SC2016 # the inner shell expands
    export AFTER='echo "on the lower: $(grep -c " /run/rootovl/lower " /proc/self/mountinfo)"; cat sysroot/opt/tool; touch sysroot/etc/new;
        touch /run/rootovl/lower/etc/new; ls lower/etc; umount sysroot; ls sysroot/etc'
    assemble 'rootovl.lower=mounted root=LABEL=os'
    [ "$status" -eq 0 ]
    [[ ${lines[0]} == ready ]]
    # the lower, the upper and the root
    [[ $output == *"mounts: 3"* ]]
    [[ $output == *"on the lower: 1"* ]]
    [[ $output == *tool*"Read-only file system"* ]]
    # in the lower itself, and on sysroot below the overlay
    [ "$(grep -c '^os-release$' <<<"$output")" -eq 2 ]
    [ "$(grep -c '^new$' <<<"$output")" -eq 0 ]
}

@test "rootovl.lower=mounted: nothing is there" {
    assemble 'rootovl.lower=mounted root=LABEL=os'
    refused 'mount lower' 'mounted LABEL=os: nothing is mounted on /'
}

@test "rootovl.lower=mounted: an overlay is there" {
    export MOUNTED='mkdir /run/u /run/w && mount -t overlay -o lowerdir=lower,upperdir=/run/u,workdir=/run/w x sysroot'
    assemble 'rootovl.lower=mounted root=LABEL=os'
    [ "$status" -eq 1 ]
    [[ ${lines[0]} == 'failed: mount lower: '*' there is an overlay on '*' already'* ]]
}

@test "rootovl.lower=mounted: a boot that fails leaves what is there" {
    export MOUNTED='mount --bind lower sysroot' AFTER='findmnt -n sysroot; ls sysroot/etc'
    assemble 'rootovl.lower=mounted root=LABEL=os rootovl.enable=absent.service'
    [ "$status" -eq 1 ]
    [[ ${lines[0]} == 'failed: enable units: '* ]]
    [[ $output == *"mounts: 0"*os-release* ]]
}

# with_file SHELL: the plan of this machine, with a file of the initramfs's command line that SHELL makes.
with_file() {
    # shellcheck disable=SC2016 # the inner shell expands
    run -"$1" unshare --mount --propagation private sh -ec '
        mount -t tmpfs none /run
        mkdir -p /run/initramfs/cmdline.d
        eval "$1" >/run/initramfs/cmdline.d/50-more.conf
        exec "$2" plan' sh "$2" "${PROGRAMS:-$TOP/build/asan}/rootovl"
}

@test "cmdline.d: a file that is too large, or no text, is an error that names it" {
    local hint='(words of the kernel line, 64 KiB at most; which initrd brings it?)'
    with_file 0 'echo rootovl root=nfs:10.0.0.1:/srv'
    [[ $output == *'10.0.0.1:/srv'* ]]
    with_file 1 'head -c 70000 /dev/zero | tr "\0" " "'
    [ "$output" = "rootovl: /run/initramfs/cmdline.d/50-more.conf: File too large $hint" ]
    with_file 1 'printf "rootovl\0"'
    [ "$output" = "rootovl: /run/initramfs/cmdline.d/50-more.conf: there is a NUL in it: it is no text $hint" ]
}
