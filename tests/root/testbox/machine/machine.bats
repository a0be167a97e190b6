#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# testbox with real machines, which are tiny: how they end, and what is left of them.

# shellcheck disable=SC2030,SC2031 # every test is a shell of its own
bats_require_minimum_version 1.5.0
. "$BATS_TEST_DIRNAME/../machine.bash"

setup_file() {
    make_tiny debian-12
}

setup() {
    export TESTBOX_STATE=$BATS_TEST_TMPDIR/state
}

teardown() {
    local pid
    if [[ -z ${BATS_TEST_COMPLETED:-} ]]; then
        tail -n 20 "$TESTBOX_STATE"/*/console.log "$BATS_TEST_TMPDIR"/*.out 2>/dev/null
    fi
    for pid in $(processes); do
        kill -KILL "$pid" 2>/dev/null || true
    done
    [[ -z ${OTHER:-} ]] || kill "$OTHER"
    lab_stop
}

up() { # NAME [WORDS]
    wait_line "$BATS_TEST_TMPDIR/$1.out" "tiny: ${2:-is up}" 300 "$LAUNCHER"
}

@test "testbox: a machine that switches itself off ends with 0, and its console is logged with times" {
    script halt tiny=halt
    "$TESTBOX" run --kvm no -v -n vm-1p1g-1 "$BATS_TEST_TMPDIR/halt.ipxe" \
        >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/errors" </dev/null
    grep -q 'tiny: is up' "$BATS_TEST_TMPDIR/out"
    grep -qx 'vm-1p1g-1: running' "$BATS_TEST_TMPDIR/errors"
    "$TESTBOX" log vm-1p1g-1 | grep -qE '^20[0-9-]{8} [0-9:]{8}\.[0-9]{3} tiny: is up$'
    [[ $(stat -c %a "$TESTBOX_STATE/vm-1p1g-1/console.log") == 600 ]]
    nothing_left vm-1p1g-1
}

@test "testbox: a kernel's panic ends the machine with 123 and its name; so does a dead init" {
    script panic tiny=panic
    run -123 "$TESTBOX" run --kvm no -n vm-1p1g-1 "$BATS_TEST_TMPDIR/panic.ipxe"
    [[ $output == *'vm-1p1g-1: kernel panic'* ]]
    "$TESTBOX" log vm-1p1g-1 | grep -q 'sysrq triggered crash'
    script die 'tiny=die panic=0'
    run -123 "$TESTBOX" run --kvm no -n vm-1p1g-1 "$BATS_TEST_TMPDIR/die.ipxe"
    [[ $output == *'kernel panic'* ]]
    nothing_left vm-1p1g-1
}

@test "testbox: words of a panic that the kernel did not write end nothing" {
    script words 'tiny=halt say=job:_Kernel_panic_-_not_syncing'
    "$TESTBOX" run --kvm no -n vm-1p1g-1 "$BATS_TEST_TMPDIR/words.ipxe"
    "$TESTBOX" log vm-1p1g-1 | grep -q ' job: Kernel panic - not syncing$'
}

@test "testbox: a boot that says that it failed ends with 118 and that line; a root in emergency mode too; --keep-failed keeps it" {
    local say
    for say in 'rootovl:_failed:_mount lower:_x_(y)' 'rootovl:_failed,_powering_off:_plan:_x' 'You_are_in_emergency_mode._x'; do
        say=${say// /_}
        script fail "tiny=$([[ $say == *powering* ]] && echo halt || echo stay) say=$say"
        run -118 "$TESTBOX" run --kvm no -n vm-1p1g-1 "$BATS_TEST_TMPDIR/fail.ipxe"
        [[ ${lines[-1]} == "testbox: vm-1p1g-1: ${say//_/ }; $BATS_TEST_TMPDIR/fail.ipxe ended after "*" s (testbox log vm-1p1g-1)" ]]
        nothing_left vm-1p1g-1
    done
    script fail 'tiny=echo say=rootovl:_failed:_mount_lower:_x'
    launch vm-1p1g-1 fail --keep-failed
    wait_line "$BATS_TEST_TMPDIR/vm-1p1g-1.out" \
        '^vm-1p1g-1: rootovl: failed: mount lower: x; kept: testbox console vm-1p1g-1, testbox stop --machine vm-1p1g-1$' 300 "$LAUNCHER"
    # It is there, and hears what is typed; what it was shows when it ends.
    echo hello | "$TESTBOX" console vm-1p1g-1 >"$BATS_TEST_TMPDIR/watched" 3>&- &
    wait_line "$TESTBOX_STATE/vm-1p1g-1/console.log" 'tiny: heard hello' 60
    "$TESTBOX" stop --machine vm-1p1g-1
    status_of "$LAUNCHER"
    [[ $STATUS == 143 ]]
    nothing_left vm-1p1g-1
}

@test "testbox: words of a failed boot that rootovl did not write end nothing" {
    script words 'tiny=halt say=job:_rootovl:_failed:_mount_lower:_x'
    "$TESTBOX" run --kvm no -n vm-1p1g-1 "$BATS_TEST_TMPDIR/words.ipxe"
    nothing_left vm-1p1g-1
}

@test "testbox: a failed boot that reboots is tried again, five times at most" {
    mkdir "$BATS_TEST_TMPDIR/hosts"
    echo 'disks: [{size: 1M}]' >"$BATS_TEST_TMPDIR/hosts/vm-1p1g.yaml"
    script again tiny=again
    "$TESTBOX" run --kvm no -n vm-1p1g-1 --hosts "$BATS_TEST_TMPDIR/hosts" "$BATS_TEST_TMPDIR/again.ipxe"
    [[ $("$TESTBOX" log vm-1p1g-1 | grep -c 'tiny: is up') == 2 ]]
    nothing_left vm-1p1g-1
    script loop 'tiny=reboot say=rootovl:_failed,_rebooting:_plan:_x'
    run -118 "$TESTBOX" run --kvm no -n vm-1p1g-1 "$BATS_TEST_TMPDIR/loop.ipxe"
    [[ $output == *'vm-1p1g-1: rootovl: failed, rebooting: plan: x; '* ]]
    [[ $("$TESTBOX" log vm-1p1g-1 | grep -c 'tiny: is up') == 5 ]]
    nothing_left vm-1p1g-1
}

# bats test_tags=slow
@test "testbox: a root that waits at login: with no job ends with 119, after a minute of silence; one with a job does not" {
    script idle 'tiny=login say=rootovl:_root_ready_in_1.0_s:_x,_no_unit_enabled'
    run -119 "$TESTBOX" run --kvm no -n vm-1p1g-1 "$BATS_TEST_TMPDIR/idle.ipxe"
    [[ $output == *'vm-1p1g-1: login: with no job: '* ]]
    nothing_left vm-1p1g-1
    script busy 'tiny=login say=rootovl:_root_ready_in_1.0_s:_x,_job.service'
    run -124 "$TESTBOX" run --kvm no -n vm-1p1g-1 --timeout 75 "$BATS_TEST_TMPDIR/busy.ipxe"
    nothing_left vm-1p1g-1
}

@test "testbox: the deadline ends a machine with 124" {
    script stay tiny=stay
    launch vm-1p1g-1 stay --timeout 4
    status_of "$LAUNCHER"
    [[ $STATUS == 124 ]]
    grep -q 'vm-1p1g-1: deadline' "$BATS_TEST_TMPDIR/vm-1p1g-1.out"
    nothing_left vm-1p1g-1
}

# closed_to_others NAME: no other user opens, and so locks, what is in the state folder, or sees what runs.
closed_to_others() {
    local nobody=(setpriv --reuid nobody --regid nogroup --clear-groups) open
    open=$(find "$TESTBOX_STATE" -perm /077 ! -type l ! -path '*/run/console' ! -path '*/cache/*')
    [[ -z $open ]] || {
        echo "$open"
        return 1
    }
    chmod 755 "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR"
    cp "$TESTBOX" "$BATS_TEST_TMPDIR/testbox"
    run ! "${nobody[@]}" flock --shared --nonblock "$TESTBOX_STATE/$1/lock" true
    [[ $output == *'Permission denied'* ]]
    run -121 "${nobody[@]}" "$BATS_TEST_TMPDIR/testbox" list
    [[ $output == "testbox: $TESTBOX_STATE: Permission denied (these testboxes are another user's; ask as that user or root)" ]]
    # A state folder that another user may enter hides the names' folders all the same.
    chmod 755 "$TESTBOX_STATE"
    run ! "${nobody[@]}" flock --shared --nonblock "$TESTBOX_STATE/$1/lock" true
    run -121 "${nobody[@]}" "$BATS_TEST_TMPDIR/testbox" list
    [[ $output == "testbox: $TESTBOX_STATE/$1/lock: Permission denied ("* ]]
    run -121 "${nobody[@]}" "$BATS_TEST_TMPDIR/testbox" log "$1"
    [[ $output == "testbox: $TESTBOX_STATE/$1/console.log: Permission denied ("* ]]
}

@test "testbox: folders of an earlier version are closed to others; a state folder with other things in it is not" {
    local box=$TESTBOX_STATE/vm-1p1g-1
    script halt tiny=halt
    umask 022
    mkdir -p "$box" "$TESTBOX_STATE/cache"
    touch "$box/lock"
    "$TESTBOX" run --dry-run --kvm no -n vm-1p1g-1 "$BATS_TEST_TMPDIR/halt.ipxe"
    [[ $(stat -c %a "$TESTBOX_STATE" "$box" "$box/lock") == $'700\n700\n600' ]]
    chmod 755 "$TESTBOX_STATE" "$box"
    mkdir "$TESTBOX_STATE/www"
    "$TESTBOX" run --dry-run --kvm no -n vm-1p1g-1 "$BATS_TEST_TMPDIR/halt.ipxe"
    [[ $(stat -c %a "$TESTBOX_STATE" "$box") == $'755\n700' ]]
}

# What ran as root, with all rights, and a password among its arguments.
qemu_has_no_rights() {
    local pid qemu=
    for pid in $(processes); do
        [[ $(comm "$pid") != qemu-system* ]] || qemu=$pid
        run ! grep -a S3CRET "/proc/$pid/cmdline"
    done
    grep -E '^(Uid|Cap|NoNewPrivs|Seccomp):' "/proc/$qemu/status"
    run ! grep -E '^(Uid|Gid):.*\b0\b' "/proc/$qemu/status"
    [[ $(grep -cE '^Cap(Inh|Prm|Eff|Bnd|Amb):\s0+$' "/proc/$qemu/status") == 5 ]]
    grep -qE '^NoNewPrivs:\s1$' "/proc/$qemu/status"
    grep -qE '^Seccomp:\s2$' "/proc/$qemu/status"
    grep -qE '^Max core file size +0 +0 ' "/proc/$qemu/limits"
}

@test "testbox: one launcher a name; list shows it, stop ends it" {
    script stay 'tiny=stay root=cifs://fs/os,user=lkp,password=S3CRET'
    launch vm-1p1g-1 stay
    up vm-1p1g-1
    qemu_has_no_rights
    run -125 "$TESTBOX" run --kvm no -n vm-1p1g-1 "$BATS_TEST_TMPDIR/stay.ipxe"
    [[ $output == *"vm-1p1g-1: process $LAUNCHER runs it already"* ]]
    [[ $("$TESTBOX" list) =~ ^vm-1p1g-1\ +"$LAUNCHER"\ +[0-9]+\ s\ \ running$ ]]
    closed_to_others vm-1p1g-1
    "$TESTBOX" stop vm-1p1g-1
    status_of "$LAUNCHER"
    [[ $STATUS == 143 ]]
    nothing_left vm-1p1g-1
    run -121 "$TESTBOX" stop vm-1p1g-1
    [[ $output == *'vm-1p1g-1: not running'* ]]
}

@test "testbox: stop signals the launcher, and nobody who has come to its number" {
    local pid lock stopping
    script stay tiny=stay
    launch vm-1p1g-1 stay
    up vm-1p1g-1
    # The launcher is gone, the guard not yet, and the number has been given away.
    for pid in $(processes); do
        [[ $(comm "$pid") != testbox-guard ]] || kill -STOP "$pid"
    done
    kill -KILL "$LAUNCHER"
    status_of "$LAUNCHER"
    sleep 1000 >/dev/null 2>&1 3>&- &
    OTHER=$!
    lock=$(<"$TESTBOX_STATE/vm-1p1g-1/lock")
    [[ $lock =~ ^$LAUNCHER\ [0-9]+$ ]]
    echo "$OTHER ${lock#* }" 1<>"$TESTBOX_STATE/vm-1p1g-1/lock"
    # What it does between two looks is seen often enough for several of them.
    ASAN_OPTIONS=detect_leaks=0 strace -qq -o "$BATS_TEST_TMPDIR/looks" -e trace=clock_nanosleep \
        "$TESTBOX" stop vm-1p1g-1 3>&- &
    stopping=$!
    wait_line "$BATS_TEST_TMPDIR/looks" . 120 "$stopping" 4
    kill -0 "$OTHER"
    for pid in $(processes); do
        [[ $(comm "$pid") != testbox-guard ]] || kill -CONT "$pid"
    done
    wait "$stopping"
    nothing_left vm-1p1g-1
}

@test "testbox: several watch a console, one types on it" {
    script echo tiny=echo
    launch vm-1p1g-1 echo
    up vm-1p1g-1
    "$TESTBOX" console vm-1p1g-1 </dev/null >"$BATS_TEST_TMPDIR/watched" 2>&1 3>&- &
    local watcher=$!
    # It is heard once it watches: what it types comes back.
    coproc TYPIST { exec "$TESTBOX" console vm-1p1g-1 3>&-; }
    local typist=$TYPIST_PID begun=$SECONDS
    exec {from}<&"${TYPIST[0]}" {to}>&"${TYPIST[1]}"
    echo hello >&"$to"
    timeout 60 grep -q -m 1 'tiny: heard hello' <&"$from"
    wait_line "$TESTBOX_STATE/vm-1p1g-1/console.log" 'tiny: heard hello' 60
    # The other one may have come later than the first word.
    until wait_line "$BATS_TEST_TMPDIR/watched" 'tiny: heard hello' 1; do
        ((SECONDS < begun + 20))
        echo hello >&"$to"
    done
    printf '\x1d' >&"$to"
    wait "$typist"
    "$TESTBOX" stop vm-1p1g-1
    wait "$watcher"
    nothing_left vm-1p1g-1
}

@test "testbox: fresh disks are empty at every run, kept ones are not, thin ones show their base, which stays as it is" {
    local dir=$BATS_TEST_TMPDIR base
    mkdir "$dir/hosts"
    for base in b n; do
        head -c 1M /dev/zero | tr '\0' $base >"$dir/$base.img"
    done
    qemu-img create -q -f qcow2 -b "$dir/b.img" -F raw "$dir/q.qcow2"
    sha256sum "$dir"/[bnq].* >"$dir/sums"
    lab_start
    nbd_start "$dir" qemu --shared=4 --format=raw --export-name=os/disk "$dir/n.img"
    printf '%s\n' 'disks:' '  - size: 1M' '  - {size: 2M, keep: yes}' "  - base: $dir/b.img" "  - base: $dir/q.qcow2" \
        '  - base: nbd://127.0.0.1/os/disk' '  - {base: nbd://127.0.0.1/os/disk, size: 2M}' >"$dir/hosts/vm-1p1g.yaml"
    script disks tiny=disks
    for _ in 1 2; do
        lab env TESTBOX_STATE="$TESTBOX_STATE" "$TESTBOX" run --kvm no --hosts "$dir/hosts" -n vm-1p1g-1 "$dir/disks.ipxe"
    done
    "$TESTBOX" log vm-1p1g-1 | grep -o 'tiny: vd.*' >"$dir/disks"
    diff - "$dir/disks" <<<'tiny: vda 2048 ....
tiny: vdb 4096 kept
tiny: vdc 2048 bbbb
tiny: vdd 2048 bbbb
tiny: vde 2048 nnnn
tiny: vdf 4096 nnnn'
    sha256sum --check --quiet "$dir/sums"
    nothing_left vm-1p1g-1
    # An export that is not there, and a server that is gone.
    sed -i 's,os/disk,os/none,' "$dir/hosts/vm-1p1g.yaml"
    run -121 lab env TESTBOX_STATE="$TESTBOX_STATE" "$TESTBOX" run --kvm no --hosts "$dir/hosts" -n vm-1p1g-1 "$dir/disks.ipxe"
    [[ $output == *'disk nbd://127.0.0.1/os/none: it cannot be made (Requested export not available)' ]]
    nbd_stop "$dir"
    run -121 lab env TESTBOX_STATE="$TESTBOX_STATE" "$TESTBOX" run --kvm no --hosts "$dir/hosts" -n vm-1p1g-1 "$dir/disks.ipxe"
    [[ $output == *'disk nbd://127.0.0.1/os/none: it cannot be made ('*'Connection refused'* ]]
    nothing_left vm-1p1g-1
}

@test "testbox: no testbox takes the name of what all of them share" {
    local name
    mkdir "$BATS_TEST_TMPDIR/hosts"
    script halt tiny=halt
    for name in cache kvm; do
        printf '%s\n' 'nr_cpu: 1' 'memory: 1G' >"$BATS_TEST_TMPDIR/hosts/$name.yaml"
        run -121 "$TESTBOX" run --kvm no --hosts "$BATS_TEST_TMPDIR/hosts" -n $name "$BATS_TEST_TMPDIR/halt.ipxe"
        [[ $output == "testbox: \"$name\": what all testboxes share has this name (take another)" ]]
        [[ ! -e $TESTBOX_STATE/$name ]]
    done
}

@test "testbox: a base that is not there fails before anything runs, and leaves nothing" {
    mkdir "$BATS_TEST_TMPDIR/hosts"
    echo 'disks: [{size: 1G}, {base: /no/such.qcow2}]' >"$BATS_TEST_TMPDIR/hosts/vm-1p1g.yaml"
    script halt tiny=halt
    run -121 "$TESTBOX" run --kvm no --hosts "$BATS_TEST_TMPDIR/hosts" -n vm-1p1g-1 "$BATS_TEST_TMPDIR/halt.ipxe"
    [[ $output == *"disk /no/such.qcow2: it cannot be made (Could not open '/no/such.qcow2': No such file or directory)" ]]
    nothing_left vm-1p1g-1
}

@test "testbox: disks that the host has no room for are refused before they are made" {
    script halt tiny=halt '# nr_disk=23'$'\n''# disk_size=16T'
    run -121 "$TESTBOX" run --kvm no -n vm-1p1g-1 "$BATS_TEST_TMPDIR/halt.ipxe"
    [[ $output == *'disks of 385875968 MiB are asked for, and there is room for '* ]]
    nothing_left vm-1p1g-1
}

@test "testbox: QEMU's own refusal is told with its words" {
    mkdir "$BATS_TEST_TMPDIR/hosts"
    echo 'cpu: nosuchcpu' >"$BATS_TEST_TMPDIR/hosts/vm-1p1g.yaml"
    script halt tiny=halt
    run -121 "$TESTBOX" run --kvm no --hosts "$BATS_TEST_TMPDIR/hosts" -n vm-1p1g-1 "$BATS_TEST_TMPDIR/halt.ipxe"
    [[ $output == *"unable to find CPU model 'nosuchcpu'"* ]]
    nothing_left vm-1p1g-1
}

@test "testbox: more memory than the host has is refused; less is waited for, not for ever" {
    script halt tiny=halt
    run -121 "$TESTBOX" run --kvm no -n vm-1p4000g-1 "$BATS_TEST_TMPDIR/halt.ipxe"
    [[ $output == *'MiB of memory are needed'* ]]
    nothing_left vm-1p4000g-1
    # All that the host has, of which some is always in use.
    mkdir "$BATS_TEST_TMPDIR/hosts"
    echo "memory: $(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) - 257 * 1024))K" \
        >"$BATS_TEST_TMPDIR/hosts/vm-1p1g.yaml"
    launch vm-1p1g-1 halt --hosts "$BATS_TEST_TMPDIR/hosts"
    wait_line "$BATS_TEST_TMPDIR/vm-1p1g-1.out" 'waiting for memory' 60 "$LAUNCHER"
    "$TESTBOX" stop vm-1p1g-1
    status_of "$LAUNCHER"
    [[ $STATUS == 143 ]]
    nothing_left vm-1p1g-1
    # …and one that waited long enough gives up.
    run -121 "$TESTBOX" run --kvm no -n vm-1p1g-1 --memory-wait 1 --hosts "$BATS_TEST_TMPDIR/hosts" \
        "$BATS_TEST_TMPDIR/halt.ipxe"
    [[ $output == *'MiB of memory are needed'* ]]
    nothing_left vm-1p1g-1
}

# ended_at_each SIGNAL MOMENT…: the launcher gets the signal at each of these moments, and whatever it was
# doing, nothing is left. A moment: seconds after its start, or a line that it says.
ended_at_each() {
    local signal=$1 moment
    shift
    mkdir -p "$BATS_TEST_TMPDIR/hosts" "$BATS_TEST_TMPDIR/result"
    echo 'disks: [{size: 1G}]' >"$BATS_TEST_TMPDIR/hosts/vm-1p1g.yaml"
    script stay tiny=stay
    for moment; do
        echo "moment: $moment"
        rm -f "$BATS_TEST_TMPDIR"/vm-1p1g-1.out
        launch vm-1p1g-1 stay --hosts "$BATS_TEST_TMPDIR/hosts" --result "$BATS_TEST_TMPDIR/result"
        case $moment in
        [0-9]*) sleep "$moment" ;;
        *) wait_line "$BATS_TEST_TMPDIR/vm-1p1g-1.out" "$moment" 300 "$LAUNCHER" ;;
        esac
        kill "-$signal" "$LAUNCHER"
        status_of "$LAUNCHER"
        [[ $STATUS == "$((128 + $(kill -l "$signal")))" ]]
        nothing_left vm-1p1g-1
    done
}

MOMENTS=(0 0.01 0.02 0.05 0.1 0.2 'reading the host' 'choosing the processor' 'preparing the results' planning
    'looking for memory' 'making disks' 'sharing the results' starting running 0.7 'tiny: is up')

@test "testbox: SIGTERM at any moment leaves nothing" {
    ended_at_each TERM "${MOMENTS[@]}"
}

# bats test_tags=slow
# bats test_tags=slow
@test "testbox: SIGINT at any moment leaves nothing" {
    # A shell's background job ignores SIGINT unless it has job control.
    set -m
    ended_at_each INT "${MOMENTS[@]}"
}

# bats test_tags=slow
@test "testbox: kill -9 at any moment leaves nothing" {
    ended_at_each KILL "${MOMENTS[@]}"
}

@test "testbox: kill -9 of the guard or of QEMU: the rest ends too" {
    local victim pid
    mkdir "$BATS_TEST_TMPDIR/result"
    script stay tiny=stay
    for victim in testbox-guard qemu-system-x86; do
        launch vm-1p1g-1 stay --result "$BATS_TEST_TMPDIR/result"
        up vm-1p1g-1
        for pid in $(processes); do
            [[ $(comm "$pid") != "${victim:0:15}" ]] || kill -KILL "$pid"
        done
        status_of "$LAUNCHER"
        [[ $STATUS == 121 ]]
        nothing_left vm-1p1g-1
    done
}

@test "testbox: kill -9 of launcher and guard at once: the next launcher clears up" {
    local pid
    script stay tiny=stay
    script halt tiny=halt
    launch vm-1p1g-1 stay
    up vm-1p1g-1
    for pid in $(processes); do
        [[ $(comm "$pid") != testbox* ]] || kill -STOP "$pid"
    done
    for pid in $(processes); do
        [[ $(comm "$pid") != testbox* ]] || kill -KILL "$pid"
    done
    gone
    [[ -e $TESTBOX_STATE/vm-1p1g-1/run ]]
    "$TESTBOX" run --kvm no -n vm-1p1g-1 "$BATS_TEST_TMPDIR/halt.ipxe"
    nothing_left vm-1p1g-1
}

@test "testbox: serve runs one machine after the other; stop lets the running one finish, --now does not" {
    script halt tiny=halt
    "$TESTBOX" serve --kvm no -v vm-1p1g-1 "file://$BATS_TEST_TMPDIR/halt.ipxe" \
        </dev/null >"$BATS_TEST_TMPDIR/served" 2>&1 3>&- &
    LAUNCHER=$!
    wait_line "$BATS_TEST_TMPDIR/served" '^job .* status -1' 300 "$LAUNCHER"
    wait_line "$BATS_TEST_TMPDIR/served" '^vm-1p1g-1: running' 300 "$LAUNCHER"
    "$TESTBOX" stop vm-1p1g-1
    status_of "$LAUNCHER"
    [[ $STATUS == 0 ]]
    # Each machine that began has ended by itself.
    [[ $(grep -c 'reboot: Power down' "$BATS_TEST_TMPDIR/served") == "$(grep -c 'tiny: is up' "$BATS_TEST_TMPDIR/served")" ]]
    nothing_left vm-1p1g-1

    script stay tiny=stay
    "$TESTBOX" serve --kvm no -v vm-1p1g-1 "file://$BATS_TEST_TMPDIR/stay.ipxe" \
        </dev/null >"$BATS_TEST_TMPDIR/vm-1p1g-1.out" 2>&1 3>&- &
    LAUNCHER=$!
    up vm-1p1g-1
    "$TESTBOX" stop --now vm-1p1g-1
    status_of "$LAUNCHER"
    [[ $STATUS == 0 ]]
    nothing_left vm-1p1g-1
}

@test "testbox: stop --shutdown presses the power button; stop --machine ends a job's machine, and serve goes on" {
    script button tiny=button
    launch vm-1p1g-1 button
    up vm-1p1g-1 'hears the button'
    "$TESTBOX" stop --shutdown vm-1p1g-1
    status_of "$LAUNCHER"
    [[ $STATUS == 143 ]]
    grep -q 'tiny: the power button' "$BATS_TEST_TMPDIR/vm-1p1g-1.out"
    nothing_left vm-1p1g-1
    run -121 "$TESTBOX" stop --machine vm-1p1g-1
    [[ $output == *'vm-1p1g-1: not running'* ]]
    run -122 "$TESTBOX" stop --now --machine vm-1p1g-1

    "$TESTBOX" serve --kvm no -v vm-1p1g-1 "file://$BATS_TEST_TMPDIR/button.ipxe" \
        </dev/null >"$BATS_TEST_TMPDIR/vm-1p1g-1.out" 2>&1 3>&- &
    LAUNCHER=$!
    up vm-1p1g-1 'hears the button'
    "$TESTBOX" stop --machine vm-1p1g-1
    wait_line "$BATS_TEST_TMPDIR/vm-1p1g-1.out" '^job .* status -1 .*: ended by testbox stop$' 60 "$LAUNCHER"
    wait_line "$BATS_TEST_TMPDIR/vm-1p1g-1.out" 'tiny: hears the button' 300 "$LAUNCHER" 2
    "$TESTBOX" stop --shutdown vm-1p1g-1
    status_of "$LAUNCHER"
    [[ $STATUS == 0 ]]
    [[ $(grep -c 'tiny: the power button' "$BATS_TEST_TMPDIR/vm-1p1g-1.out") == 1 ]]
    nothing_left vm-1p1g-1
}

@test "testbox: serve reports a boot that failed, and asks for the next job" {
    script fail 'tiny=stay say=rootovl:_failed:_mount_lower:_x'
    "$TESTBOX" serve --kvm no -v vm-1p1g-1 "file://$BATS_TEST_TMPDIR/fail.ipxe" \
        </dev/null >"$BATS_TEST_TMPDIR/served" 2>&1 3>&- &
    LAUNCHER=$!
    wait_line "$BATS_TEST_TMPDIR/served" '^job .* status -1 .*: rootovl: failed: mount lower: x$' 300 "$LAUNCHER"
    wait_line "$BATS_TEST_TMPDIR/served" 'tiny: is up' 300 "$LAUNCHER" 2
    "$TESTBOX" stop --now vm-1p1g-1
    status_of "$LAUNCHER"
    nothing_left vm-1p1g-1
}

# with_kvm COMMAND…: where /dev/kvm can be opened, systemd runs, and QEMU and busctl are those of
# $BATS_TEST_TMPDIR/bin.
with_kvm() {
    # shellcheck disable=SC2016 # the inner shell expands
    TESTBOX_STATE=$TESTBOX_STATE PATH=$BATS_TEST_TMPDIR/bin:$PATH unshare --mount bash -euc '
        dev=$1 && shift
        mkdir -p "$dev"
        for name in null zero full random urandom; do
            touch "$dev/$name"
            mount --bind "/dev/$name" "$dev/$name"
        done
        touch "$dev/kvm" && chmod 666 "$dev/kvm"
        mount --rbind "$dev" /dev
        mount -t tmpfs tmpfs /run
        mkdir -p /run/systemd/system
        exec "$@"' - "$BATS_TEST_TMPDIR/dev" "$@"
}

@test "testbox: KVM is used only where a few instructions of ours have run under it; a failure is believed for an hour" {
    local boot_id
    boot_id=$(</proc/sys/kernel/random/boot_id)
    mkdir "$BATS_TEST_TMPDIR/bin"
    script halt tiny=halt
    # A host on which machines under KVM do nothing.
    printf '%s\n' '#!/bin/sh' "echo probed >>$BATS_TEST_TMPDIR/probes" 'exit 0' >"$BATS_TEST_TMPDIR/bin/qemu-system-x86_64"
    chmod 755 "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR/bin/qemu-system-x86_64"
    touch "$BATS_TEST_TMPDIR/probes" && chmod 666 "$BATS_TEST_TMPDIR/probes"
    run -121 with_kvm "$TESTBOX" run -n vm-1p1g-1 "$BATS_TEST_TMPDIR/halt.ipxe"
    [[ $output == *'vm-1p1g-1: /dev/kvm is there, and a machine under it did not boot: without KVM'* ]]
    grep -qxE "$boot_id hangs [0-9]+" "$TESTBOX_STATE/kvm"
    with_kvm "$TESTBOX" run --dry-run -n vm-1p1g-1 "$BATS_TEST_TMPDIR/halt.ipxe" | grep -q -e '-accel tcg'
    [[ $(wc -l <"$BATS_TEST_TMPDIR/probes") == 2 ]] # the probe, and the machine
    # One on which they run (here without KVM, but the same instructions); it is asked again after an hour.
    cat >"$BATS_TEST_TMPDIR/bin/qemu-system-x86_64" <<STUB
#!/bin/bash
for word; do
    case \$word in kvm) word=tcg ;; host) word=max ;; esac
    words+=("\$word")
done
exec $(command -v qemu-system-x86_64) "\${words[@]}"
STUB
    echo "$boot_id hangs $(($(cut -d . -f 1 /proc/uptime) - 3601))" >"$TESTBOX_STATE/kvm"
    printf '%s\n' '#!/bin/sh' "echo \"\$@\" >>$BATS_TEST_TMPDIR/scopes" >"$BATS_TEST_TMPDIR/bin/busctl"
    chmod 755 "$BATS_TEST_TMPDIR/bin/busctl"
    with_kvm "$TESTBOX" run -n vm-1p1g-1 "$BATS_TEST_TMPDIR/halt.ipxe"
    [[ $(<"$TESTBOX_STATE/kvm") == "$boot_id works" ]]
    # The machine, and not the probe, got its limits: 1 GiB, 2304 MiB and the initrd; one processor.
    [[ $(<"$BATS_TEST_TMPDIR/scopes") =~ \
        StartTransientUnit\ .*\ testbox-vm-1p1g-1-([0-9]+)\.scope\ fail\ 6\ PIDs\ au\ 1\ ([0-9]+)\ MemoryMax\ t\ ([0-9]+)\ .*TasksMax\ t\ 257\ IOWeight\ t\ 50\  ]]
    [[ ${BASH_REMATCH[1]} == "${BASH_REMATCH[2]}" ]]
    ((BASH_REMATCH[3] / 1048576 == 1024 + 2304 + $(stat -c %s "$TINY") / 1048576))
    with_kvm "$TESTBOX" run --dry-run -n vm-1p1g-1 "$BATS_TEST_TMPDIR/halt.ipxe" | grep -q -e '-accel kvm'
    nothing_left vm-1p1g-1
}

@test "testbox: the machine is of the kernel's architecture; a host that says another one is none for it" {
    local kernel=$BATS_TEST_TMPDIR/vmlinuz hosts=$BATS_TEST_TMPDIR/hosts
    mkdir "$hosts"
    # The head of an arm64 image (Documentation/arch/arm64/booting.rst).
    (head -c 56 /dev/zero && printf 'ARM\x64' && head -c 1000 /dev/zero) >"$kernel"
    KERNEL=$kernel script arm
    run -0 "$TESTBOX" run --dry-run -n vm-1p1g-1 --hosts "$hosts" "$BATS_TEST_TMPDIR/arm.ipxe"
    [[ $output == *'kernel line: console=ttyAMA0'*'qemu-system-aarch64'* ]]
    echo 'arch: amd64' >"$hosts/vm-1p1g.yaml"
    run -121 "$TESTBOX" run --dry-run -n vm-1p1g-1 --hosts "$hosts" "$BATS_TEST_TMPDIR/arm.ipxe"
    [[ $output == *"host vm-1p1g-1: it is of architecture amd64, and the kernel of arm64 (the host's file says arch:)" ]]
    # What is compressed does not say: the host does.
    gzip -n "$kernel"
    KERNEL=$kernel.gz script arm
    run -0 "$TESTBOX" run --dry-run -n vm-1p1g-1 --hosts "$hosts" "$BATS_TEST_TMPDIR/arm.ipxe"
    [[ $output == *'qemu-system-x86_64'* ]]
    echo 'arch: arm64' >"$hosts/vm-1p1g.yaml"
    run -0 "$TESTBOX" run --dry-run -n vm-1p1g-1 --hosts "$hosts" "$BATS_TEST_TMPDIR/arm.ipxe"
    [[ $output == *'qemu-system-aarch64'* ]]
    nothing_left vm-1p1g-1
}

@test "testbox: a personality that is not acknowledged, in time or at all, ends the run with nothing left" {
    script stay tiny=stay
    script halt tiny=halt
    run -121 "$TESTBOX" run --kvm no -n vm-1p1g-1 --ack-wait 3 --personality hostname=a \
        "$BATS_TEST_TMPDIR/stay.ipxe"
    [[ $output == *'the personality was not acknowledged within 3 s'* ]]
    nothing_left vm-1p1g-1
    run -121 "$TESTBOX" run --kvm no -n vm-1p1g-1 --personality hostname=a "$BATS_TEST_TMPDIR/halt.ipxe"
    [[ $output == *'had not acknowledged its personality'* ]]
    nothing_left vm-1p1g-1
    script refuse tiny=refuse
    # The boot's own line may still come, but is not waited for for ever.
    run -118 "$TESTBOX" run --kvm no -n vm-1p1g-1 --ack-wait 300 --personality hostname=a "$BATS_TEST_TMPDIR/refuse.ipxe"
    [[ $output == *'vm-1p1g-1: the personality was refused: as it was asked to; '* ]]
    nothing_left vm-1p1g-1
}

@test "testbox: with --result a job that says nothing is 120, and an old status does not count" {
    mkdir "$BATS_TEST_TMPDIR/result"
    echo 5 >"$BATS_TEST_TMPDIR/result/exit-status"
    script halt tiny=halt
    run -120 "$TESTBOX" run --kvm no -n vm-1p1g-1 --result "$BATS_TEST_TMPDIR/result" "$BATS_TEST_TMPDIR/halt.ipxe"
    [[ $output == *'ended without a status of the job: it vanished'* ]]
    nothing_left vm-1p1g-1
}

# What a machine of ill will left in the folder of results does no harm on this host.
results_are_harmless() {
    local result=$BATS_TEST_TMPDIR/result
    find "$result" -printf '%P %y %m\n' | sort
    [[ $(cat "$result/program" "$result/deep/closed/program") == program*program ]]
    [[ $(stat -c '%a %U' "$result/program" "$result/deep/closed/program") == "${1:-755} root"$'\n'"${1:-755} root" ]]
    [[ $(readlink "$result/link") == /etc/shadow ]]
    [[ -z $(find "$result" -perm /6000 -o -type b -o -type c) ]]
    [[ $(stat -c %a "$result") == 751 ]]
}

@test "testbox: results by virtiofs and by 9p, with the job's exit status; no setuid and no device comes to this host" {
    local share result=$BATS_TEST_TMPDIR/result
    mkdir "$BATS_TEST_TMPDIR/hosts"
    for share in virtiofs 9p; do
        [[ $share == virtiofs ]] || make_tiny debian-12-full # the other has no 9p
        rm -rf "$result"
        mkdir -m 751 "$result"
        # What was there before is no better.
        cp /bin/true "$result/true"
        setcap cap_net_raw+ep "$result/true"
        echo "share: $share" >"$BATS_TEST_TMPDIR/hosts/vm-1p1g.yaml"
        script results tiny=results
        run -5 "$TESTBOX" run --kvm no --hosts "$BATS_TEST_TMPDIR/hosts" -n vm-1p1g-1 --result "$result" \
            "$BATS_TEST_TMPDIR/results.ipxe"
        # What serves 9p makes no setuid file in the first place.
        if [[ $share == virtiofs ]]; then
            [[ $output == *"$result: from 2 files setuid, setgid or capabilities were taken"* ]]
            results_are_harmless
        else
            [[ $output == *'chmod: program: Operation not permitted'* ]] || "$TESTBOX" log vm-1p1g-1 | grep 'program: Operation not permitted'
            # The file from before lost its capability when it became QEMU's user's.
            [[ $output != *'capabilities were taken'* ]]
            results_are_harmless 644
        fi
        [[ -z $(find "$result" ! -user root -o ! -group root) ]]
        [[ -z $(getcap "$result/true") ]]
        # The machine could not make one in the first place.
        [[ $(cat "$result/mknod") == refused ]]
        nothing_left vm-1p1g-1
    done
}

@test "testbox: a machine's setuid program is nobody's on this host while it runs; kill -9 of the launcher leaves the results harmless" {
    local result=$BATS_TEST_TMPDIR/result pid
    mkdir -m 751 "$result"
    cp /usr/bin/id "$result/id"
    script results 'tiny=results say=stay'
    launch vm-1p1g-1 results --result "$result"
    wait_line "$BATS_TEST_TMPDIR/vm-1p1g-1.out" 'tiny: results are there' 300 "$LAUNCHER"
    # Root of the machine has opened the folder to all, and its user on this host comes.
    [[ $(stat -c '%a %u' "$result" "$result/id") == $'4755 2130706432\n4755 2130706432' && -u $result/program ]]
    chmod 755 "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR"
    [[ $(setpriv --reuid nobody --regid nogroup --clear-groups "$result/id" -u) == 2130706432 ]]
    for pid in $(processes); do
        [[ $(comm "$pid") != virtiofsd ]] || [[ $(awk '/^Uid:/ { print $2, $3, $4, $5 }' "/proc/$pid/status") == \
            '2130706432 2130706432 2130706432 2130706432' ]]
    done
    kill -KILL "$LAUNCHER"
    status_of "$LAUNCHER"
    nothing_left vm-1p1g-1
    results_are_harmless
}

@test "testbox: results without end end their machine; what was there before does not count" {
    local result=$BATS_TEST_TMPDIR/result
    mkdir "$BATS_TEST_TMPDIR/hosts"
    mkdir -m 751 "$result"
    head -c 8M /dev/urandom >"$result/before"
    echo 'results_size: 4M' >"$BATS_TEST_TMPDIR/hosts/vm-1p1g.yaml"
    script fill tiny=fill
    run -121 "$TESTBOX" run --kvm no --hosts "$BATS_TEST_TMPDIR/hosts" -n vm-1p1g-1 --result "$result" \
        "$BATS_TEST_TMPDIR/fill.ipxe"
    [[ $output == *"testbox: vm-1p1g-1: $result: the machine's results take more than 4 MiB (\"results_size:\" in the host file says how much they may take)" ]]
    [[ -s $result/deep/1 && $(stat -c '%a %U' "$result" "$result/deep/1") == $'751 root\n644 root' ]]
    nothing_left vm-1p1g-1
}

@test "testbox: results too deep to be looked through stay closed, and that is told" {
    local result=$BATS_TEST_TMPDIR/result
    mkdir -m 755 "$result"
    mkdir -p "$result/$(printf 'd/%.0s' {1..600})"
    script halt tiny=halt
    run -120 "$TESTBOX" run --kvm no -n vm-1p1g-1 --result "$result" "$BATS_TEST_TMPDIR/halt.ipxe"
    [[ $output == *"$result: not opened to others again: File name too long"* ]]
    [[ $(stat -c %a "$result") == 700 ]]
}

@test "testbox: without root results go to a folder of one's own, by virtiofs and by 9p" {
    local share user=(setpriv --reuid nobody --clear-groups "$BATS_TEST_TMPDIR/testbox" run --kvm no -n vm-1p1g-1 --result "$BATS_TEST_TMPDIR/result"
        --hosts "$BATS_TEST_TMPDIR/hosts")
    mkdir -m 777 "$BATS_TEST_TMPDIR/result" "$BATS_TEST_TMPDIR/state"
    mkdir "$BATS_TEST_TMPDIR/hosts"
    chmod 755 "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR"
    chown nobody "$BATS_TEST_TMPDIR/state"
    make_tiny debian-12-full
    # Others may not be able to enter the folder that all of this lies in.
    cp "$TESTBOX" "$BATS_TEST_TMPDIR/testbox"
    cp "$KERNEL" "$BATS_TEST_TMPDIR/vmlinuz"
    chmod 644 "$TINY" "$BATS_TEST_TMPDIR/vmlinuz"
    KERNEL=$BATS_TEST_TMPDIR/vmlinuz script results tiny=results
    run -121 "${user[@]}" "$BATS_TEST_TMPDIR/results.ipxe"
    [[ $output == *"$BATS_TEST_TMPDIR/result: it belongs to another user, "* ]]
    chown nobody "$BATS_TEST_TMPDIR/result"
    for share in virtiofs 9p; do
        printf '%s\n' "share: $share" 'disks: [{size: 1M}]' 'nics: [user]' >"$BATS_TEST_TMPDIR/hosts/vm-1p1g.yaml"
        run -5 "${user[@]}" "$BATS_TEST_TMPDIR/results.ipxe"
        # Not even setuid to this user.
        [[ $output != *'files setuid, setgid'* ]]
        [[ $(stat -c '%a %U' "$BATS_TEST_TMPDIR/result" "$BATS_TEST_TMPDIR/result/program") == $'777 nobody\n644 nobody' ]]
        nothing_left vm-1p1g-1
        rm -r "$BATS_TEST_TMPDIR"/result/*
    done
    # Its state is in the user's own folder, if nothing else is said.
    unset TESTBOX_STATE
    XDG_STATE_HOME=$BATS_TEST_TMPDIR/state run -5 "${user[@]}" "$BATS_TEST_TMPDIR/results.ipxe"
    export TESTBOX_STATE=$BATS_TEST_TMPDIR/state/testbox
    [[ -s $TESTBOX_STATE/vm-1p1g-1/console.log ]]
    nothing_left vm-1p1g-1
    # What it may not do is told.
    echo 'nics: [{bridge: br0}]' >"$BATS_TEST_TMPDIR/hosts/vm-1p1g.yaml"
    run -121 setpriv --reuid nobody --clear-groups "$BATS_TEST_TMPDIR/testbox" run --kvm no -n vm-1p1g-1 \
        --hosts "$BATS_TEST_TMPDIR/hosts" "$BATS_TEST_TMPDIR/results.ipxe"
    [[ $output == *'vm-1p1g-1: bridge br0: '*' (a tap on a bridge needs root)' ]]
    nothing_left vm-1p1g-1
}

@test "testbox: root works in no folder that another user owns, or could put another one in the place of" {
    mkdir -p "$TESTBOX_STATE/vm-1p1g-1/run"
    script halt tiny=halt
    chown nobody "$TESTBOX_STATE"
    run -121 "$TESTBOX" run --dry-run --kvm no -n vm-1p1g-1 "$BATS_TEST_TMPDIR/halt.ipxe"
    [[ $output == "testbox: $TESTBOX_STATE/vm-1p1g-1: user 65534 owns $TESTBOX_STATE, and could put another folder there"* ]]
    chown root "$TESTBOX_STATE"
    chown nobody "$TESTBOX_STATE/vm-1p1g-1"
    run -121 "$TESTBOX" run --dry-run --kvm no -n vm-1p1g-1 "$BATS_TEST_TMPDIR/halt.ipxe"
    [[ $output == "testbox: $TESTBOX_STATE/vm-1p1g-1: it belongs to another user (run it as that user, or TESTBOX_STATE= names another place)" ]]
    [[ -d $TESTBOX_STATE/vm-1p1g-1/run ]]
    chown root "$TESTBOX_STATE/vm-1p1g-1"
    run -0 "$TESTBOX" run --dry-run --kvm no -n vm-1p1g-1 "$BATS_TEST_TMPDIR/halt.ipxe"
}

@test "testbox job: without root a job runs on a shared root, with a disk, the user network and results; stop ends it" {
    local top=$BATS_TEST_TMPDIR version user pid
    version=${KERNEL##*/vmlinuz-}
    mkdir -p "$top"/root/{boot,etc} "$top/root/lib/modules/$version/kernel" "$top/hosts"
    mkdir "$top/state"
    chown nobody "$top/state"
    chmod 755 "$top" "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR"
    # Others may not be able to enter the folder that all of this lies in.
    install -m 755 "$TESTBOX" "$top/testbox"
    install -m 644 "$KERNEL" "$top/root/boot/vmlinuz-$version"
    install -m 644 "$TINY" "$top/root/boot/initramfs.lkp-$version.img"
    echo 'of a user' >"$top/root/etc/name"
    printf '%s\n' 'suite: probe' 'result_root: result/probe/0' >"$top/job.yaml"
    printf '%s\n' '#!/bin/sh' 'run_job() { :; }' '"$@"' >"$top/job.sh"
    echo 'disks: [{size: 1M}]' >"$top/hosts/vm-1p1g.yaml"
    user=(setpriv --reuid nobody --regid nogroup --clear-groups "$top/testbox")
    "${user[@]}" job -v --kvm no -n vm-1p1g-1 --hosts "$top/hosts" --rootfs "$top/root" --script "$top/job.sh" \
        --append 'nowatchdog tiny=root say=stay' "$top/job.yaml" </dev/null >"$top/out" 2>&1 3>&- &
    pid=$!
    wait_line "$top/out" 'tiny: it cannot be written to' 300 "$pid"
    grep 'tiny: the root is of a user' "$top/out"
    [[ $(stat -c '%a %U' "$TESTBOX_STATE/vm-1p1g-1/results/probe/0") == '700 nobody' ]]
    [[ $(cat "$top/root/etc/name") == 'of a user' ]]
    "${user[@]}" stop vm-1p1g-1
    status_of "$pid"
    [[ $STATUS -eq 143 ]]
    gone
    [[ ! -e $TESTBOX_STATE/vm-1p1g-1/run ]]
    [[ -z $(find "$TESTBOX_STATE" ! -user nobody) ]]
}

@test "testbox: the ISO of a personality is one small file with a label, and goes with the run" {
    script stay tiny=stay
    launch vm-1p1g-1 stay --personality 'hostname=box,ip=10.1.2.3/16,password=S3CRET'
    up vm-1p1g-1
    cp "$TESTBOX_STATE/vm-1p1g-1/run/personality.iso" "$BATS_TEST_TMPDIR/iso"
    run ! grep -raq S3CRET "$TESTBOX_STATE" "/proc/$LAUNCHER/cmdline"
    "$TESTBOX" stop vm-1p1g-1
    [[ $(blkid -o value -s LABEL "$BATS_TEST_TMPDIR/iso") == ROOTOVL ]]
    # A file lies on an ISO as it is.
    grep -aq 'hostname=box$' "$BATS_TEST_TMPDIR/iso"
    grep -aq '^ip=10.1.2.3/16$' "$BATS_TEST_TMPDIR/iso"
    grep -aq '^password=.y.' "$BATS_TEST_TMPDIR/iso"
}

@test "testbox: results that cannot be removed are no results of the next job" {
    local i deep
    deep=$(printf 'd%.0s' {1..200})
    mkdir -p "$TESTBOX_STATE/vm-1p1g-1/result"
    (
        cd "$TESTBOX_STATE/vm-1p1g-1/result"
        for ((i = 0; i < 30; i++)); do
            mkdir "$deep"
            cd -P "./$deep" 2>/dev/null || break
        done
    )
    echo 'suite: none' >"$BATS_TEST_TMPDIR/job.yaml"
    run -121 "$TESTBOX" job -n vm-1p1g-1 --rootfs / "$BATS_TEST_TMPDIR/job.yaml"
    [[ $output == *"vm-1p1g-1/result: File exists (empty it by rm -r)" ]]
    rm -r "$TESTBOX_STATE/vm-1p1g-1/result"
}

# held_at_memory NAME: the lock on what machines were promised stands still, and so does a launcher, between
# preparing its folders and serving them. let_go ends that.
held_at_memory() {
    mkdir -p "$TESTBOX_STATE"
    (
        exec 9>"$TESTBOX_STATE/.memory.lock"
        flock 9
        echo held >"$BATS_TEST_TMPDIR/held"
        exec sleep 1000
    ) >/dev/null 2>&1 3>&- &
    OTHER=$!
    wait_line "$BATS_TEST_TMPDIR/held" held 60 "$OTHER"
}

let_go() {
    kill "$OTHER"
    OTHER=
}

is_held() { # NAME
    until [[ $(cat "$TESTBOX_STATE/$1/run/doing" 2>/dev/null) == 'looking for memory' ]]; do kill -0 "$LAUNCHER"; done
}

# swap STEP: what has the name is another folder from now on, by a link.
swap() {
    mv "$1" "$1.mine"
    ln -s "$BATS_TEST_TMPDIR/victim" "$1"
}

# victim FOLDER FILE: a folder of the host's that has what the attacker wants, below `victim`.
victim() {
    mkdir -p "$BATS_TEST_TMPDIR/victim/$1"
    chmod 700 "$BATS_TEST_TMPDIR/victim/$1"
    echo victim >"$BATS_TEST_TMPDIR/victim/$1/$2"
    cp /bin/true "$BATS_TEST_TMPDIR/victim/$1/su"
    chmod 4755 "$BATS_TEST_TMPDIR/victim/$1/su"
    (cd "$BATS_TEST_TMPDIR/victim" && find . -printf '%P %m %U %G %T@ %s\n' | sort) >"$BATS_TEST_TMPDIR/victim.was"
}

victim_is_untouched() {
    (cd "$BATS_TEST_TMPDIR/victim" && find . -printf '%P %m %U %G %T@ %s\n' | sort) | diff "$BATS_TEST_TMPDIR/victim.was" -
}

@test "testbox: results go to the folder that was named when the launcher began, whatever has its name later" {
    local dir=$BATS_TEST_TMPDIR
    mkdir -p "$dir/sub/etc"
    victim etc exit-status
    script results tiny=results
    held_at_memory
    launch vm-1p1g-1 results --result "$dir/sub/etc"
    is_held vm-1p1g-1
    swap "$dir/sub"
    let_go
    status_of "$LAUNCHER"
    [[ $STATUS == 5 ]]
    [[ $(<"$dir/sub.mine/etc/program") == program && -z $(find "$dir/sub.mine" -perm /6000) ]]
    victim_is_untouched
    nothing_left vm-1p1g-1
}

# tiny_root DIR: a root that testbox job boots.
tiny_root() {
    local version=${KERNEL##*/vmlinuz-}
    mkdir -p "$1/boot" "$1/etc" "$1/lib/modules/$version/kernel"
    cp "$KERNEL" "$1/boot/"
    cp "$TINY" "$1/boot/initramfs.lkp-$version.img"
    echo mine >"$1/etc/name"
    echo 'suite: none' >"$BATS_TEST_TMPDIR/job.yaml"
    printf '%s\n' '#!/bin/sh' 'run_job() { :; }' '"$@"' >"$BATS_TEST_TMPDIR/job.sh"
}

# job_of ROOT [OPTION…]
job_of() {
    "$TESTBOX" job -v --kvm no -n vm-1p1g-1 --rootfs "$1" --script "$BATS_TEST_TMPDIR/job.sh" --append 'tiny=root say=stay nowatchdog rcupdate.rcu_cpu_stall_suppress=1' \
        "${@:2}" "$BATS_TEST_TMPDIR/job.yaml"
}

@test "testbox job: the root is the folder that was named when the launcher began, read-only, nosuid and nodev" {
    local dir=$BATS_TEST_TMPDIR pid mounts=
    tiny_root "$dir/sub/root"
    victim root/etc name
    held_at_memory
    job_of "$dir/sub/root" </dev/null >"$dir/out" 2>&1 3>&- &
    LAUNCHER=$!
    is_held vm-1p1g-1
    swap "$dir/sub"
    let_go
    wait_line "$dir/out" 'tiny: the root is mine' 300 "$LAUNCHER"
    wait_line "$dir/out" 'tiny: it cannot be written to' 60
    # The one of virtiofsd's two processes that serves has the folder as its root, and no other mount.
    for pid in $(processes); do
        [[ $(comm "$pid") != virtiofsd ]] || mounts+=$(awk '$5 == "/" { print " " $6 }' "/proc/$pid/mountinfo")
    done
    [[ $mounts == *' ro,nosuid,nodev'* ]]
    "$TESTBOX" stop vm-1p1g-1
    status_of "$LAUNCHER"
    [[ $STATUS == 143 ]]
    victim_is_untouched
    [[ $(<"$dir/sub.mine/root/etc/name") == mine ]]
    nothing_left_but_results
}

nothing_left_but_results() {
    rm -r "$TESTBOX_STATE/vm-1p1g-1/result"
    nothing_left vm-1p1g-1
}

@test "testbox: a folder that another user can put another one in the place of is not shared" {
    local dir=$BATS_TEST_TMPDIR
    tiny_root "$dir/sub/root"
    mkdir "$dir/sub/result"
    script halt tiny=halt
    chown nobody "$dir/sub"
    run -121 "$TESTBOX" run --kvm no -n vm-1p1g-1 --result "$dir/sub/result" "$dir/halt.ipxe"
    [[ $output == "testbox: $dir/sub/result: user 65534 owns $dir/sub, and could put another folder there (take one in a folder that only root and you may write to, or that is sticky)" ]]
    run -121 job_of "$dir/sub/root"
    [[ $output == "testbox: $dir/sub/root: user 65534 owns $dir/sub, and could put another folder there ("* ]]
    chown root "$dir/sub"
    chmod 775 "$dir/sub"
    run -121 job_of "$dir/sub/root"
    [[ $output == "testbox: $dir/sub/root: others may write to $dir/sub, and could put another folder there ("* ]]
    chmod 755 "$dir/sub"
    ln -s sub "$dir/link"
    run -121 "$TESTBOX" run --kvm no -n vm-1p1g-1 --result "$dir/link/result" "$dir/halt.ipxe"
    [[ $output == "testbox: $dir/link/result: $dir/link is a symbolic link (give the folder's own path, as readlink -f prints it)" ]]
    run -0 job_of "$dir/sub/root" --dry-run
}
