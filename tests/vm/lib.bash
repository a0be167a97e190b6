# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests in machines share: a lab each, a root on a server in it, a machine that boots it,
# and what must hold of every good boot and of every failed one.
# shellcheck shell=bash
# shellcheck disable=SC2034 # some are for the tests

LIB=$BATS_TEST_DIRNAME/../lib
. "$LIB/server-smb.bash"
. "$LIB/server-nfs.bash"

setup() {
    machine_setup
}
machine_setup() {
    DIR=$BATS_TEST_TMPDIR
    VM=$DIR/vm
    JOB=$DIR/job
    EXPORT=$DIR/os
    mkdir -p "$VM" "$EXPORT"
    lab_start
}

teardown() {
    machine_teardown
}
machine_teardown() {
    if [[ -z ${BATS_TEST_COMPLETED:-} && -e $VM/console.log ]]; then
        echo "--- ended: $(cat "$VM/end" 2>/dev/null || echo not)"
        tail -n 50 "$VM/console.log" | tr -d '\r' | sed 's/\x1b\[[0-9;?]*[A-Za-z]//g'
        echo '--- verdict'
        tail -n 60 "$VM/verdict.log" | tr -d '\r'
    fi
    lab_stop
}

# serve_smb KIND ROOT PATH: the root tree ROOT as //SERVER/os/PATH.
serve_smb() {
    smb_configure "$DIR" "$1"
    offer "$2" "$3"
    smb_share "$DIR" os "$EXPORT"
    smb_start "$DIR"
}

# serve_nfs ROOT PATH: the same as SERVER:$EXPORT/PATH.
serve_nfs() {
    nfs_configure "$DIR"
    offer "$1" "$2"
    nfs_export "$DIR" "$EXPORT/$2"
    nfs_start "$DIR"
}

# Puts a view of a root tree where the server serves it, and notes what is written to it from now on. PREPARE
# is a command that changes it: later, a server may still tell of it as it was.
offer() {
    ROOT=$("$LIB/rootfs" "$1") || return 1
    LOWER=$EXPORT/$2
    mkdir -p "$LOWER"
    lab_overlay "$ROOT" "$LOWER"
    ${PREPARE:-:}
    lab_settle "$LOWER"
}

# A job as LKP brings it: the job, LKP's sources with the addon, more of everything that can be copied.
make_job() {
    local addon=$JOB/lkp/lkp/src/rootfs/addon/etc/systemd/system
    mkdir -p "$JOB/lkp/scheduled" "$JOB/opt/payload/closed" "$addon"
    echo 'suite: probe' >"$JOB/lkp/scheduled/job.yaml"
    install -m 755 "$LIB/guest/probe.sh" "$JOB/lkp/scheduled/job.sh"
    echo poweroff >"$JOB/lkp/scheduled/end"
    printf '%s\n' '[Unit]' 'Description=LKP bootstrap' '[Service]' \
        'ExecStart=/lkp/scheduled/job.sh' '[Install]' 'WantedBy=multi-user.target' \
        >"$addon/lkp-bootstrap.service"
    (
        cd "$JOB/opt/payload" || exit
        echo plain >plain
        chmod 640 plain
        ln plain hard-link
        ln -s ../elsewhere/dangling soft-link
        install -m 4755 /bin/true setuid
        chmod 711 closed
        mknod device c 1 3
        mkfifo fifo
        : >'name with blank and é'
    )
}

# make_result_job STATUS: a job under testbox(8), with its folder of results, that ends with this status,
# and the machine with it.
make_result_job() {
    local addon=$JOB/lkp/lkp/src/rootfs/addon/etc/systemd/system
    mkdir -p "$JOB/lkp/scheduled" "$addon"
    printf 'suite: result\nstatus: %s\n' "$1" >"$JOB/lkp/scheduled/job.yaml"
    install -m 755 "$LIB/guest/result-job.sh" "$JOB/lkp/scheduled/job.sh"
    printf '%s\n' '[Unit]' 'SuccessAction=poweroff' 'FailureAction=poweroff' '[Service]' \
        'ExecStart=/lkp/scheduled/job.sh' '[Install]' 'WantedBy=multi-user.target' \
        >"$addon/lkp-bootstrap.service"
}

# expected_payload: what probe.sh must find of the job in the new root.
expected_payload() {
    (cd "$JOB" && find lkp opt \( -type d -printf '%p %y %m 0:0\n' \) -o \
        -printf '%p %y %m 0:0 %n %s %l\n' | LC_ALL=C sort)
}
expected_sum() {
    (cd "$JOB" && find lkp opt -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum | sha256sum)
}

# An initrd that says how a failed boot left the initramfs; see guest/initramfs.sh. On the short way the
# shell of a failed boot reads it, by the variable ENV of sh(1), which `boot` puts on the kernel line.
# WITNESS=long or stock…: as a unit, for what starts systemd; the unit itself makes a lean image do so.
pack_witness() {
    local tree=$DIR/witness units=$DIR/witness/etc/systemd/system
    mkdir -p "$tree/lab"
    cp "$LIB/guest/initramfs.sh" "$tree/lab/"
    if [[ ${WITNESS:-} == long || ${WITNESS:-} == stock* ]]; then
        mkdir -p "$units/emergency.target.wants"
        cp "$LIB/guest/initramfs.service" "$units/lab-witness.service"
        ln -s ../lab-witness.service "$units/emergency.target.wants/"
    fi
    "$LIB/pack" "$tree" "$DIR/witness.cgz"
}

# lvm of this machine, which need not have a device mapper.
lvm_here() {
    lvm "$1" --driverloaded n -qq --config 'activation{udev_sync=0 udev_rules=0}
        backup{backup=0 archive=0}' "${@:2}"
}

# boot IMAGE ROOT CMDLINE [INITRD…]: boots in the background, with $JOB if there is one.
# DEVICES: what the machine has besides, as QEMU's arguments.
# IMAGE and ROOT as `image` has them, or IMAGE is the path of one; the kernel is the root's.
boot() {
    local image root=$2 cmdline=$3 initrds=() kernel
    image=$1
    if [[ $image != */* ]]; then
        image=$("$LIB/image" "$1" "$root") || return 1
    fi
    shift 3
    kernel=$BUILD/roots/$root/boot/vmlinuz-$(ls "$BUILD/roots/$root/lib/modules")
    if [[ -e $JOB ]]; then
        "$LIB/pack" "$JOB" "$DIR/job.cgz"
        initrds+=("$DIR/job.cgz")
    fi
    [[ ! -e $DIR/witness ]] || cmdline+=' ENV=/lab/initramfs.sh'
    # shellcheck disable=SC2086 # options
    lab "$LIB/machine" ${MACHINE_OPTIONS:-} -x "${DEVICES:-}" "$VM" "$kernel" "$cmdline" "$image" \
        "${initrds[@]}" "$@" </dev/null >"$DIR/machine.log" 2>&1 3>&- &
    MACHINE=$!
}

# What the machine is to say is waited for as long as it lives: its deadline ends that.

# Waits for the machine's end, which must be the one that is named.
ends_with() {
    local status=0
    wait "$MACHINE" || status=$?
    [[ $(cat "$VM/end") == "$1" ]] || {
        cat "$DIR/machine.log"
        echo "the machine ended by $(cat "$VM/end") ($status), not by $1"
        return 1
    }
}

# fact NAME: what the machine said of it.
fact() {
    tr -d '\r' <"$VM/verdict.log" | sed -n "s/^$1=//p" | tail -n 1
}
facts() { # NAME VALUE…
    while (($# >= 2)); do
        [[ $(fact "$1") == "$2" ]] || {
            echo "$1 is \"$(fact "$1")\", not \"$2\""
            return 1
        }
        shift 2
    done
}
section() {
    tr -d '\r' <"$VM/verdict.log" | sed -n "/^--- $1\$/,/^---\$/{/^---/!p}"
}

# The helper's lines on the console; nothing else begins with its name and a colon. A line of the kernel
# may stand in the middle of one. The kernel's first may stand behind what firmware wrote.
console_lines() {
    tr -d '\r' <"$VM/console.log" | perl -0pe 's/(?=\[ *0\.000000\] Linux version )/\n/g; s/(?<=[^\n])(?:\[ *\d+\.\d{6}\] [^\n]*\n)+//g' |
        sed -nE 's/\x1b(\[[0-9;?]*[A-Za-z]|M)//g; s/^rootovl: //p'
}

# Everything that is promised of a good boot. $1: the type of the lower. SETUID: the mode that su has
# there, where the kernel loses it and the report must say so. UPPER_TYPE: of the upper's file system.
# END_SECONDS: how long it may take to end after its job, 20 if nothing is said.
good_boot() {
    wait_line "$VM/verdict.log" '^done=' 1000 "$MACHINE" || {
        echo 'the job did not end'
        return 1
    }
    local said end=$EPOCHREALTIME
    ends_with "$(cat "$JOB/lkp/scheduled/end")"
    local took=$(((${EPOCHREALTIME/./} - ${end/./}) / 1000000))
    echo "it ended $took s after the job"
    ((took <= ${END_SECONDS:-20}))

    facts job started root_type overlay lower_type "$1" upper_type "${UPPER_TYPE:-tmpfs}" \
        write_root ok write_lower refused old_names '/run/rootovl/lower /run/rootovl/upper' \
        system running bootstrap active data_mount '' setuid "${SETUID:-4755}"
    [[ ,$(fact lower_options), == *,ro,* ]]
    [[ -z $(section failed) ]]
    diff <(expected_payload) <(section payload)
    [[ $(fact payload_sum) == "$(expected_sum)" ]]
    good_report
    safe_fstab
    server_untouched
    [[ $1 != cifs && $1 != nfs* ]] || tops_kept
    said=$(console_lines | grep -vE '^(fetching|waiting for) ')
    [[ $(wc -l <<<"$said") == 1 && $said == "root ready in "*lkp-bootstrap.service ]]
}

good_report() {
    section report >"$DIR/report.json"
    jq -e '.result == "ready" and ([.steps[].result] | unique) == ["done"]
        and .units == ["lkp-bootstrap.service"]' "$DIR/report.json"
    if [[ -z ${SETUID:-} ]]; then
        jq -e '.warnings == []' "$DIR/report.json"
    else
        jq -r '.warnings[]' "$DIR/report.json" | grep -q 'no setuid files'
    fi
    [[ -z ${WAY:-} ]] || jq -e --arg way "$WAY" '.way == $way' "$DIR/report.json"
    section shown | grep -q '^root      ready'
    # What the initramfs said is in the root's journal.
    section journal | grep -q '^root ready in '
}

safe_fstab() {
    section fstab | grep -q '^# rootovl: UUID=.* / '
    section fstab | grep -q '^# rootovl: UUID=.* swap '
    section fstab | grep -q ' /data ext4 x-systemd.device-timeout=5s,nofail '
}

# What was known of the root's directories by listing them is what the server has.
tops_kept() {
    # shellcheck disable=SC2016 # the inner shell expands
    diff <(lab sh -c 'cd "$1" && stat -c "%A %u:%g %n" *' sh "$LOWER") <(section tops)
}

# What the machine wrote has not come to the server.
server_untouched() {
    local written
    written=$(lab_written "$LOWER")
    [[ -z $written ]] || {
        echo "written on the server: $written"
        return 1
    }
}

# Everything that is promised of a boot that failed. $1: the step, $2: a part of the cause.
failed_boot() {
    local line
    line=$(console_lines | grep '^failed')
    echo "$line"
    [[ $(grep -c . <<<"$line") == 1 ]]
    [[ $line == "failed$NEXT: $1: "*"$2"*"("*")" ]]
}

# …and of one whose emergency shell came, as the witness saw it. SERVICE: the result of the unit.
failed_to_shell() {
    NEXT='' failed_boot "$1" "$2"
    facts emergency reached root_mounts 0 sysroot empty nbd free
    [[ $(fact way) == short ]] || facts service "${SERVICE:-exit-code}"
    section report >"$DIR/report.json"
    jq -e --arg step "$1" '.result == "failed" and .failure.step == $step' "$DIR/report.json"
    section journal | grep -qF "$2"
}
