#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A helper that crashes or is stopped leaves no mount, and what is remembered of boots that failed.
# shellcheck disable=SC2016,SC2154 # boxed expands; bats sets status, output, lines

load ../../../lib/events

setup() {
    TOP=$(realpath "$BATS_TEST_DIRNAME/../../../..")
    PROGRAMS=${PROGRAMS:-$TOP/build/asan}
    FAILING=$PROGRAMS/tests/root/rootovl/boot/failing
    export TOP PROGRAMS FAILING
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir sysroot
}

teardown() {
    [[ -z ${LOOP:-} ]] || losetup -d "$LOOP"
}

# boxed SCRIPT: in a mount namespace with a /run of its own. Only mounts of a boot are counted: those of
# others go when their folder does.
boxed() {
    run timeout 300 unshare -m bash -c "
        mount --make-rprivate / && mount -t tmpfs -o mode=755 tmpfs /run || exit 99
        ours() { grep -cE ' (/run/rootovl|$PWD)/' /proc/self/mountinfo; }
        before=\$(ours)
        $1
        echo \"mounts: \$((\$(ours) - before))\""
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "failing: a helper that ends well keeps its mounts, one that fails leaves none" {
    boxed '"$FAILING" supervise 0'
    [[ ${lines[0]} == '0 ' && $output == *'mounts: 3'* ]]
    boxed '"$FAILING" supervise 1; ls /run/rootovl'
    [[ ${lines[0]} == '1 ' && $output == *'mounts: 0'* && $output != *lower* && $output != *upper* ]]
}

@test "failing: a second try takes no root away that is ready" {
    boxed '"$FAILING" supervise 0; touch /run/rootovl/payload-moved; "$FAILING" again'
    [[ ${lines[1]} == '-'*' the payload was moved by a try that failed' && $output == *'mounts: 3'* ]]
}

@test "failing: a helper that crashes leaves no mount, and is told of by its signal" {
    boxed '"$FAILING" supervise segv'
    [[ ${lines[0]} == '-10 rootovl itself was ended by signal 11 ('* && $output == *'mounts: 0'* ]]
    boxed '"$FAILING" supervise kill'
    [[ ${lines[0]} == '-10 rootovl itself was ended by signal 9 ('* && $output == *'mounts: 0'* ]]
}

@test "failing: SIGTERM in mid-boot leaves no mount" {
    boxed '. "'"$BATS_TEST_DIRNAME"'/../../../lib/events.bash"
        "$FAILING" supervise wait >said & pid=$!
        wait_line said "^waiting" 60 $pid && kill -TERM $pid && wait $pid; cat said'
    [[ $output == *'-125 ended by a signal from outside'* && $output == *'mounts: 0'* ]]
}

@test "failing: one that stood still for longer than a server may be silent asks before it takes it for dead" {
    boxed '. "'"$BATS_TEST_DIRNAME"'/../../../lib/events.bash"
        "$FAILING" supervise wait 2 >said & pid=$!
        wait_line said "^waiting" 60 $pid
        for i in 1 2 3; do kill -STOP $pid; sleep 2.5; kill -CONT $pid; sleep 0.5; done
        kill -TERM $pid; wait $pid; cat said'
    [[ $output == *'-125 ended by a signal from outside'* && $output == *'mounts: 0'* ]]
}

@test "failing: a helper that crashes leaves no NBD device that the next try would ask" {
    boxed 'mkdir /run/rootovl; touch /run/rootovl/nbd
        "$FAILING" supervise 0; ls /run/rootovl; umount -R sysroot; "$FAILING" supervise segv; echo then; ls /run/rootovl'
    grep -qx nbd <<<"${output%then*}"
    [[ ${output#*then} != *nbd* ]]
}

@test "failing: the NBD device of a helper that crashes or fails is disconnected" {
    local how
    # The number of no device: the kernel's refusal shows that it was asked.
    for how in segv 1; do
        boxed '"$FAILING" note 1048575; "$FAILING" supervise '"$how"'; echo then; ls /run/rootovl'
        grep -q "^the kernel's NBD client: " <<<"$output"
        [[ ${output#*then} != *nbd* ]]
    done
    boxed '"$FAILING" note 1048575; "$FAILING" supervise 0; ls /run/rootovl'
    [[ $output != *"NBD client"* ]]
    grep -qx nbd <<<"$output"
}

@test "failing: mounts of others on sysroot stay" {
    boxed 'mount -t tmpfs other sysroot; (cd / && exec "$FAILING" supervise segv); findmnt -no SOURCE sysroot'
    grep -qx other <<<"$output"
}

make_disk() {
    truncate -s 300M disk
    mkfs.ext4 -q disk
    LOOP=$(losetup -f --show disk)
    export LOOP
}

@test "failing: the disk of the upper counts the boots that failed, and keeps the last ten reports" {
    make_disk
    boxed 'for i in {1..13}; do "$FAILING" keep "$LOOP" "mount lower" "cause $i"; done
        mkdir at && mount "$LOOP" at && ls at/rootovl/failed/*.json | wc -l && jq -r .failure.what at/rootovl/failed/13.json
        ls at/rootovl/failed/*.txt at/rootovl/failed/*.svg | wc -l
        for program in "$PROGRAMS/rootovl" "$TOP/build/rootovl-booted"; do
            "$program" report at/rootovl/failed/13.json | cmp - at/rootovl/failed/13.txt && echo same text
            "$program" report --svg drawn at/rootovl/failed/13.json && cmp drawn at/rootovl/failed/13.svg && echo same picture
            "$program" report --json at/rootovl/failed/13.json | cmp - at/rootovl/failed/13.json && echo same report
        done
        mv at/rootovl/failed/13.txt away; "$TOP"/build/rootovl-booted report at/rootovl/failed/13.json
        "$FAILING" tell at/rootovl; ls at/rootovl
        "$FAILING" tell at/rootovl; umount at
        "$FAILING" keep "$LOOP" plan again'
    [ "$(head -n 13 <<<"$output" | xargs)" = '1 2 3 4 5 6 7 8 9 10 11 12 13' ]
    grep -qx 10 <<<"$(sed -n 14p <<<"$output")"
    grep -qx 'cause 13' <<<"$output"
    grep -qx 20 <<<"$output"
    [ "$(grep -cE '^same (text|picture|report)$' <<<"$output")" = 6 ]
    grep -qF 'failed/13.json: there is no at/rootovl/failed/13.txt beside it' <<<"$output"
    [ "$(grep -c '^before ' <<<"$output")" = 1 ]
    grep -qx 'before    failed boots before this one: 13; the last: mount lower: cause 13' <<<"$output"
    grep -qx failed-before <<<"$output"
    [ "$(grep -v '^mounts:' <<<"$output" | tail -n 1)" = 1 ]
    [[ $output == *'mounts: 0'* ]]
}

@test "failing: a disk that cannot keep a report changes nothing, and its content stays" {
    truncate -s 16M disk
    mkswap disk >/dev/null
    sha256sum disk >sum
    LOOP=$(losetup -f --show disk)
    export LOOP
    boxed '"$FAILING" keep "$LOOP" plan text; "$FAILING" keep LABEL=nowhere plan text'
    [ "$(grep -cx 0 <<<"$output")" = 2 ]
    sha256sum -c sum
    [[ $output == *'mounts: 0'* ]]
}

@test "failing: the emergency shells show the report and the plan, without secrets" {
    cp "$BATS_TEST_DIRNAME"/../../../../modules.d/50rootovl/{emergency,show-report}.sh .
    mkdir ttys
    echo 'ttyS0                -W- (EC p a)    4:64' >consoles
    PATH=$(realpath "${PROGRAMS:-$BATS_TEST_DIRNAME/../../../../build/asan}"):$PATH
    boxed 'line="rootovl root=cifs://user:S3CRET@127.0.0.1:1/os rootovl.timeout=0"
        echo "$line" >/run/cmdline && mount --bind /run/cmdline /proc/cmdline
        rootovl plan >plan
        "$FAILING" report plan
        sh ./emergency.sh </dev/null; ROOTOVL_TTYS=ttys ROOTOVL_CONSOLES=consoles sh ./show-report.sh
        echo from dracut; cat ttys/ttyS0'
    [ "$(grep -c '^failed    mount lower: cause$' <<<"$output")" = 2 ]
    [ "$(grep -c '^    mount lower: cifs //127.0.0.1/os on /run/rootovl/lower$' <<<"$output")" = 2 ]
    [[ $output != *S3CRET* ]]
}

@test "failing: what the disk says of the boot before does not steer the terminal" {
    mkdir -p rootovl/failed
    printf '%s' '{"failure":{"step":"plan","what":"a\nroot\u001b[2J"}}' >rootovl/failed/1.json
    boxed '"$FAILING" tell rootovl'
    grep -qxF 'before    failed boots before this one: 1; the last: plan: a\x0aroot\x1b[2J' <<<"$output"
    [[ $output != *$'\e'* ]]
}
