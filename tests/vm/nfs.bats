#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Roots on a real NFS server.

. "$BATS_TEST_DIRNAME/lib.bash"

@test "nfs: version 3, and the boot figure: no phase takes longer than before" {
    local boots
    serve_nfs debian-12 debian/12
    make_job
    MACHINE_OPTIONS='-i -t 900' boot lean debian-12 "$JOB_LINE root=nfs:$SERVER:$EXPORT/debian/12:vers=3"
    END_SECONDS=60 good_boot nfs
    [[ $(fact lower_options) == *vers=3,* && $(fact lower_options) == *nolock* ]]
    # A busy host lets the machine wait for its server, which takes longer and never shorter: one good boot of
    # three is enough.
    for boots in 1 2 3; do
        PYTHONDONTWRITEBYTECODE=1 run "$BATS_TEST_DIRNAME/../bench/hold" "$BATS_TEST_DIRNAME/boot-figure" "$VM"
        echo "$output"
        ((status != 0 && boots < 3)) || break
        MACHINE_OPTIONS='-i -t 900' boot lean debian-12 "$JOB_LINE root=nfs:$SERVER:$EXPORT/debian/12:vers=3"
        wait_line "$VM/verdict.log" '^done=' 1000 "$MACHINE"
        ends_with poweroff
    done
    grep '^figure: ' <<<"$output" | sed 's/^/# /' >&3
    ((status == 0))
}

# bats test_tags=slow
@test "nfs: the version is negotiated, Debian 13" {
    serve_nfs debian-13 debian/13
    make_job
    # ENXIO in some kernels
    # shellcheck disable=SC2016 # the guest expands
    echo 'say link "$(mv /etc/mtab /etc/mtab.moved 2>&1 && readlink /etc/mtab.moved)"' \
        >"$JOB/lkp/scheduled/extra"
    boot lean debian-13 "$JOB_LINE root=$SERVER:$EXPORT/debian/13"
    good_boot nfs4
    [[ $(fact link) == *proc/self/mounts ]]
    [[ $(fact lower_options) == *vers=4.1,* ]]
}

# bats test_tags=slow
@test "nfs: version 4.2, by /dev/nfs with nfsroot=" {
    serve_nfs debian-12 debian/12
    make_job
    boot lean debian-12 "$JOB_LINE root=/dev/nfs nfsroot=$SERVER:$EXPORT/debian/12,vers=4.2"
    good_boot nfs4
    [[ $(fact lower_options) == *vers=4.2,* ]]
}

# bats test_tags=slow
@test "nfs: an export that is not there" {
    serve_nfs debian-12 debian/12
    pack_witness
    boot lean debian-12 "$JOB_LINE root=nfs:$SERVER:/nowhere" "$DIR/witness.cgz"
    ends_with poweroff
    failed_to_shell 'mount lower' "nfs $SERVER:/nowhere: "
}

# bats test_tags=slow
@test "nfs: the server restarts in mid-job, and the job goes on" {
    serve_nfs debian-12 debian/12
    make_job
    cp "$BATS_TEST_DIRNAME/read-on.sh" "$JOB/lkp/scheduled/extra"
    boot lean debian-12 "$JOB_LINE root=nfs:$SERVER:$EXPORT/debian/12:vers=3"
    wait_line "$VM/verdict.log" '^half=way' 1000 "$MACHINE"
    nfs_stop "$DIR"
    lab sh -c "echo seen >'$LOWER/restarted'"
    nfs_start "$DIR"
    wait_line "$VM/verdict.log" '^done=' 1000 "$MACHINE"
    ends_with poweroff
    facts after_restart seen read_failed '' job started
}

@test "nfs: a server that waits for its clients after a restart: the console says so, and the boot goes on" {
    # As mktemp(1) makes directories.
    prepare() {
        lab chmod 700 "$LOWER"
    }
    nfs_configure "$DIR"
    sed -i 's/Graceless = true;/Graceless = false; Grace_Period = 60; Lease_Lifetime = 30;/' "$DIR/nfs/ganesha.conf"
    PREPARE=prepare offer debian-12 debian/12
    nfs_export "$DIR" "$EXPORT/debian/12"
    # A client of before, which will not come back.
    mkdir -p "$DIR/nfs/recovery/v4recov/node0/::ffff:10.0.2.99-(5:other)"
    nfs_start "$DIR"
    make_job
    # shellcheck disable=SC2016 # the guest expands
    echo 'say nobody "$(su -s /bin/sh nobody -c "stat -c %a / && cat /etc/hostname" | xargs)"' >"$JOB/lkp/scheduled/extra"
    # One of the image's own files, of another version.
    mkdir -p "$JOB/usr/lib/rootovl"
    (cat "$BATS_TEST_DIRNAME/../../src/rootovl/payload.conf" && echo '# of before') >"$JOB/usr/lib/rootovl/payload.conf"
    boot lean debian-12 "$JOB_LINE root=nfs:$SERVER:$EXPORT/debian/12"
    wait_line "$VM/console.log" \
        "^rootovl: waiting for nfs $SERVER:$EXPORT/debian/12: check lower has no answer of the server \(1[0-9] s; .*grace period" \
        1000 "$MACHINE"
    wait_line "$VM/verdict.log" '^done=' 1000 "$MACHINE"
    ends_with poweroff
    facts root_type overlay system running bootstrap active nobody '755 testbox'
    section report | jq -r '.warnings[]' | grep -q '^/ in the lower has mode 700: only root may pass it'
    local replaced='a later initrd replaced files of the image that this boot rests on: /usr/lib/rootovl/payload.conf (initrd-builder verify tells which initrd)'
    console_lines | grep -qxF "$replaced"
    section report | jq -r '.warnings[]' | grep -qxF "$replaced"
}
