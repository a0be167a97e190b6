#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# initrd-builder watch: roots come, change, fail and go; it is ended and killed.

# shellcheck disable=SC2119 # working_dracut needs nothing
bats_require_minimum_version 1.5.0

. "$BATS_TEST_DIRNAME/../../../lib/events.bash"
. "$BATS_TEST_DIRNAME/../fake_dracut.bash"

setup() {
    TOP=$(realpath "$BATS_TEST_DIRNAME/../../../..")
    BUILDER=${PROGRAMS:-$TOP/build/asan}/initrd-builder
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir os tmp
    export TMPDIR=$PWD/tmp
    WATCH=
}

teardown() {
    if [[ -n $WATCH ]]; then
        kill "$WATCH" 2>/dev/null || true
        tail --pid="$WATCH" -f /dev/null
    fi
    if [[ -e said ]]; then
        cat said
    fi
}

# watch OPTION…: starts it on os/; what it says is in the file said.
watch() {
    "$BUILDER" watch --engine none --settle 1 "$@" os >>said 2>&1 3>&- &
    WATCH=$!
    said '^watching os: '
}

# said REGEX: waits for that line.
said() {
    wait_line said "$1" 60 "$WATCH"
}

# said_times N REGEX: that many lines, now.
said_times() {
    [ "$(grep -cE -- "$2" said)" -eq "$1" ]
}

# What it said so far counts no more.
heard() {
    : >said
}

# How many were built at once, at most, by what was said.
most_at_once() {
    awk '/: building$/ { if (++n > most) most = n } /: (built|failed|current)/ { n-- } END { print most }' said
}

# new_root NAME: it comes whole, by a rename, as from a copy beside.
new_root() {
    small_root "$PWD/tmp-root"
    mkdir -p "$(dirname "os/$1")"
    mv tmp-root "os/$1"
}

has_image() {
    [ "$(ls -A "os/$1/boot")" = "initramfs.lkp-6.1.0.from
initramfs.lkp-6.1.0.img
modules-6.1.0.cgz" ]
}

@test "watch: the roots that are there get images, and so do those that come, at any depth" {
    working_dracut
    new_root debian/amd64/11
    watch
    said '^os/debian/amd64/11: built in [0-9.]+ s$'
    has_image debian/amd64/11
    new_root debian/amd64/12
    said '^os/debian/amd64/12: built in '
    has_image debian/amd64/12
    new_root suse
    said '^os/suse: built in '
    has_image suse
    # Nothing is built twice, and no line is there twice.
    said_times 3 ': building$'
    [ -z "$(sort said | uniq -d)" ]
    rm -r os/suse
    said '^os/suse: gone$'
}

@test "watch: what is current is left alone; a lost image and a new kernel are not" {
    working_dracut
    new_root a
    "$BUILDER" build --engine none os/a
    inode=$(stat -c %i os/a/boot/initramfs.lkp-6.1.0.img)
    watch
    said '^os/a: current$'
    [ "$(stat -c %i os/a/boot/initramfs.lkp-6.1.0.img)" = "$inode" ]
    rm os/a/boot/initramfs.lkp-6.1.0.img
    said '^os/a: built in '
    has_image a
    heard
    mkdir 6.2.0
    cp os/a/lib/modules/6.1.0/modules.builtin 6.2.0/
    mv 6.2.0 os/a/lib/modules/
    said '^os/a: changed, waits'
    said '^os/a: built in '
    said_times 1 ': building$'
    [ -e os/a/boot/initramfs.lkp-6.2.0.img ]
}

@test "watch: a change that is not heard of is found by the rescan" {
    working_dracut
    new_root a
    mkdir -p os/a/lib/modules/6.1.0/kernel/drivers/net
    watch --rescan 1
    said '^os/a: built in '
    heard
    # Too deep to be listened to, as what another client of a server does.
    echo x >os/a/lib/modules/6.1.0/kernel/drivers/net/new.txt
    said '^os/a: changed, waits'
    said '^os/a: built in '
}

@test "watch: a root that is still being copied is waited for" {
    local i last now
    working_dracut
    watch --settle 5
    last=${EPOCHREALTIME/./}
    small_root os/a
    # Deep in it, where nothing is heard; for longer than it must be quiet.
    for i in {1..10}; do
        now=${EPOCHREALTIME/./}
        echo "$i" >"os/a/lib/modules/6.1.0/kernel/part$i"
        if grep building said; then
            ((${EPOCHREALTIME/./} - last < 4900000)) || skip 'this machine stood still: it was quiet for 5 s'
            false
        fi
        last=$now
        sleep 0.6
    done
    said '^os/a: built in '
    gzip -dc os/a/boot/modules-6.1.0.cgz | cpio -t --quiet >list
    said_times 1 ': found, waits until it looks the same for 5 s$'
    said_times 1 ': building$'
}

@test "watch: one that comes in pieces is no root before it has lib/modules, and one then" {
    working_dracut
    watch
    mkdir -p os/deb/12/usr/lib os/deb/12/etc
    ln -s usr/lib os/deb/12/lib
    mkdir os/deb/12/usr/lib/modules
    said '^os/deb/12: waits: .*no modules of a kernel in lib/modules'
    small_root os/deb/12
    said '^os/deb/12: built in '
    run ! grep -E 'os/deb/12/usr|os/deb:' said
}

@test "watch: a root that fails stops no other, is tried again later and later, and when it changes" {
    working_dracut
    new_root bad
    : >os/bad/lib/modules/6.1.0/modules.builtin
    new_root good
    watch --retry 1
    said '^os/good: built in '
    said '^os/bad: failed after [0-9.]+ s, next try in 1 s or when it changes: .*kernel 6.1.0 has no module overlay'
    said '^os/bad: failed .* next try in 2 s '
    said '^os/bad: failed .* next try in 4 s '
    [ -e os/bad/boot/initramfs.lkp-6.1.0.log ]
    cp os/good/lib/modules/6.1.0/modules.builtin os/bad/lib/modules/6.1.0/
    said '^os/bad: built in '
    has_image bad
    said_times 1 '^os/good: building$'
}

@test "watch: no more builds run at once than it was told" {
    # The first one waits for the second.
    working_dracut "until [ \"\$(grep -c ': building' '$PWD/said')\" -ge 2 ]; do sleep 0.1; done"
    for name in a b c d e; do
        new_root "$name"
    done
    watch --jobs 2
    for name in a b c d e; do
        said "^os/$name: built in "
    done
    [ "$(most_at_once)" -eq 2 ]
}

# Starts it on roots, of which the first that builds waits in dracut for a line in `go`.
watch_held() {
    mkfifo started go
    working_dracut "if mkdir '$PWD/first' 2>/dev/null; then echo >'$PWD/started'; read -r _ <'$PWD/go'; fi"
    for name in "$@"; do
        new_root "$name"
    done
    mkdir -p victim/boot
    cp -a os/a/lib victim/
}

# swap ROOT: an owner puts a link to another root in its place.
swap() {
    mv "os/$1" moved
    ln -s "$PWD/victim" "os/$1"
}

@test "watch: a link that takes a root's place while it is built leads nowhere" {
    watch_held a
    watch
    read -r _ <started
    swap a
    echo >go
    said '^os/a: built in '
    [ -e moved/boot/initramfs.lkp-6.1.0.img ]
    [ -z "$(ls -A victim/boot)" ]
}

@test "watch: a link that takes the place of a root that waits, or of a folder above it, is not built" {
    watch_held a b user/c
    watch
    read -r _ <started
    said '^os/b: found'
    swap b
    mv os/user mine
    mkdir -p hosts
    ln -s "$PWD/victim" hosts/c
    ln -s "$PWD/hosts" os/user
    echo >go
    said '^os/a: built in '
    said '^os/b: (gone|waits: )'
    said '^os/user/c: (gone|waits: )'
    [ -z "$(ls -A victim/boot)" ]
    run ! grep -E '^os/(b|user/c): building' said
}

@test "watch: its folder is opened once; a link in its place is not followed, another folder is found by the rescan" {
    working_dracut
    new_root a
    small_root hosts/b
    watch --rescan 1
    said '^os/a: built in '
    mv os renamed
    ln -s hosts os
    said 'os: /.*/os is a symbolic link \(give the folder.s own path, '
    # It goes on with the one that it opened.
    small_root tmp-root
    mv tmp-root renamed/b
    said '^os/b: built in '
    [ -e renamed/b/boot/initramfs.lkp-6.1.0.img ]
    [ -z "$(ls -A hosts/b/boot)" ]
    small_root made-again/c
    rm os
    mv made-again os
    said '^os: is another directory now$'
    said '^os/a: gone$'
    said '^os/c: built in '
    has_image c
    said_times 1 'is another directory now$'
}

@test "watch: a folder below a link, or below a step that others may write to, is refused" {
    small_root step/os/a
    ln -s step link
    run -1 "$BUILDER" watch --engine none link/os
    [[ $output == *'/link is a symbolic link (give the folder'* ]]
    chmod 777 step
    run -1 "$BUILDER" watch --engine none step/os
    [[ $output == *'others may write to '*'/step, and could put another folder there ('* ]]
    chmod 755 step
    chown 65534 step
    run -1 "$BUILDER" watch --engine none step/os
    [[ $output == *'user 65534 owns '*'/step, and could put another folder there ('* ]]
}

@test "watch: a root where another builder is at work stops no other, and is tried again later" {
    watch_held a z
    "$BUILDER" build --engine none os/a 3>&- &
    read -r _ <started
    watch --jobs 1 --retry 1 --cache "$PWD/cache2"
    said '^os/a: busy, next try in 1 s or when it changes: .*os/a/boot: another initrd-builder is at work there$'
    said '^os/z: built in '
    said '^os/a: busy, next try in 2 s '
    echo >go
    said '^os/a: current$'
}

@test "watch: a build that takes too long is ended with all that it runs, and the next root comes first" {
    watch_held a z
    watch --jobs 1 --retry 1 --build-timeout 15
    read -r _ <started
    said '^os/a: failed after [0-9.]+ s, next try in 1 s or when it changes: a build may take 15 s \(--build-timeout\)$'
    said '^os/z: built in '
    said '^os/a: built in '
    # In the first round a came before z, in the second after it.
    [ "$(grep -o '^os/.: building' said | cut -c4 | tr -d '\n')" = aza ]
    run ! grep -l "^Name:.dracut" /proc/[0-9]*/status
}

@test "watch: a directory's name makes no line of its own" {
    local name=$'a\n<3>initrd-builder: os/prod: built\033[31m\302\233\342\200\256X'
    working_dracut
    new_root "$name"
    watch
    said '^os/a\\x0a<3>initrd-builder: os/prod: built\\x1b\[31m\\xc2\\x9b\\xe2\\x80\\xaeX: built in '
    rm -r "os/$name"
    said '^os/a\\x0a.*X: gone$'
    run ! grep -P '^<3>|[\x00-\x09\x0b-\x1f]' said
}

# nothing_left: no process of it, nothing in TMPDIR, the roots and the cache but the old image.
nothing_left() {
    [ "$(ls -A os/a/boot)" = initramfs.lkp-6.1.0.img ]
    [ "$(cat os/a/boot/initramfs.lkp-6.1.0.img)" = old ]
    [ -z "$(ls -A tmp)" ]
    [ -z "$(ls -A "$ROOTOVL_CACHE")" ]
}

# Starts it with a build that does not come to an end.
watch_stuck() {
    mkfifo started go
    fake_dracut "echo \$\$ >'$PWD/started'; read -r _ <'$PWD/go'"
    new_root a
    echo old >os/a/boot/initramfs.lkp-6.1.0.img
    watch
    read -r dracut <started
}

@test "watch: ended while it builds it leaves nothing, and the old image" {
    watch_stuck
    kill -TERM "$WATCH"
    status=0
    wait "$WATCH" || status=$?
    [ "$status" -eq 0 ]
    [ "$(tail -n 1 said)" = 'ended by a signal' ]
    nothing_left
    timeout 60 tail --pid="$dracut" -f /dev/null
}

@test "watch: killed while it builds, its builds end by themselves and leave nothing" {
    watch_stuck
    builder=$(cat "/proc/$WATCH/task/$WATCH/children")
    kill -KILL "$WATCH"
    wait "$WATCH" || true
    timeout 60 tail --pid="${builder% }" -f /dev/null
    nothing_left
    timeout 60 tail --pid="$dracut" -f /dev/null
}

@test "watch: wrong usage is exit status 2; a root itself and what is not there are 1" {
    run -2 "$BUILDER" watch
    run -2 "$BUILDER" watch os os
    for option in '--jobs 0' '--jobs x' '--settle 0' '--rescan -1' '--retry 9999' '--build-timeout 0' '--engine kaniko' --frobnicate; do
        # shellcheck disable=SC2086 # words
        run -2 "$BUILDER" watch $option os
    done
    run -1 "$BUILDER" watch --engine none nowhere
    [[ $output == *'nowhere: No such file or directory'* ]]
    small_root a
    run -1 "$BUILDER" watch --engine none a/
    [[ $output == *'a: is itself a root file system (name the directory that it is in)' ]]
    run -0 "$BUILDER" watch --help
    [[ $output == *'Exit status: 0 ended by '* ]]
}

# setting NAME: what the unit says.
setting() {
    sed -n "s/^$1=//p" "$TOP/initrd-builder/initrd-builder-watch@.service"
}

@test "watch: it works with the capabilities and the folders that its unit leaves" {
    local capabilities
    capabilities=$(setting CapabilityBoundingSet | sed 's/CAP_/+/g; s/ /,/g' | tr '[:upper:]' '[:lower:]')
    [ "$(setting NoNewPrivileges)" = yes ]
    [ "$(setting ProtectSystem)" = strict ]
    working_dracut
    mkdir "$ROOTOVL_CACHE"
    new_root a
    chown -R 65534:65534 os/a
    # shellcheck disable=SC2016 # the inner shell expands
    unshare --mount bash -euc '
        mount --make-rprivate /
        for place in os tmp cache; do
            mount --bind "$place" "$place"
        done
        mount -o remount,bind,ro "$(stat -c %m .)"
        ! touch no
        exec setpriv --no-new-privs --inh-caps=-all --bounding-set="-all,$0" "$@"' "$capabilities" \
        "$BUILDER" watch --engine none --settle 1 os >said 2>&1 3>&- &
    WATCH=$!
    said '^os/a: built in '
    has_image a
    grep -E '^(CapBnd|NoNewPrivs)' "/proc/$WATCH/status"
    [ "$(grep NoNewPrivs "/proc/$WATCH/status")" = $'NoNewPrivs:\t1' ]
}

@test "watch: its unit is one that systemd takes" {
    mkdir -p etc
    sed 's,/usr/bin/initrd-builder,/bin/true,' "$TOP/initrd-builder/initrd-builder-watch@.service" \
        >'etc/initrd-builder-watch@srv-os.service'
    run -0 systemd-analyze verify --man=no "$PWD/etc/initrd-builder-watch@srv-os.service"
    [ -z "$output" ]
}
