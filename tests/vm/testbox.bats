#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# testbox boots a root over CIFS: its personality, its results, its job's exit status.

bats_require_minimum_version 1.5.0
. "$BATS_TEST_DIRNAME/lib.bash"

TESTBOX=$BUILD/testbox

@test "testbox: hostname, address and password of a personality, results by virtiofs, the job's exit status" {
    local image kernel status=0 hash
    serve_smb compass debian-12 debian/12
    make_result_job 7
    "$LIB/pack" "$JOB" "$DIR/job.cgz"
    image=$("$LIB/image" lean debian-12)
    kernel=$(echo "$BUILD"/roots/debian-12/boot/vmlinuz-*)
    mkdir "$DIR/result"
    printf '%s\n' '#!ipxe' "initrd file://$image" "initrd file://$DIR/job.cgz" \
        "kernel file://$kernel $JOB_LINE root=cifs://$SERVER/os/debian/12,$CIFS1" boot >"$DIR/job.ipxe"
    lab env TESTBOX_STATE="$DIR/state" "$TESTBOX" run -n vm-1p2g-3 --kvm no --timeout 300 \
        --result "$DIR/result" --personality 'hostname=box-seven,ip=10.99.7.7/24,password=S3CRET,Word' \
        "$DIR/job.ipxe" >"$DIR/said" 2>&1 3>&- || status=$?
    cp "$DIR/state/vm-1p2g-3/console.log" "$VM/" || true
    : >"$VM/verdict.log"
    cat "$DIR/said"
    [[ $status == 7 ]]
    [[ $(cat "$DIR/result/exit-status") == 7 ]]
    [[ $(cat "$DIR/result/hostname") == box-seven && $(cat "$DIR/result/etc-hostname") == box-seven ]]
    grep -qw 10.99.7.7 "$DIR/result/addresses"
    hash=$(cut -d : -f 2 "$DIR/result/shadow")
    # shellcheck disable=SC2016 # perl's own
    [[ $hash == '$y$'* && $(perl -e 'print crypt("S3CRET,Word", $ARGV[0])' "$hash") == "$hash" ]]
    [[ $(cat "$DIR/result/shadow-mode") == "$(stat -c '%a' "$ROOT/etc/shadow") root:shadow" ]]
    # The medium is gone before the root runs, and the password stands nowhere.
    grep -q 'No medium' "$DIR/result/cd-errors"
    grep -q ' testbox: the personality is acknowledged$' "$DIR/state/vm-1p2g-3/console.log"
    run ! grep -raq -e S3CRET -e "${hash:0:20}" "$DIR/state" "$DIR/said" "$DIR/result/cmdline"
    [[ ! -e $DIR/state/vm-1p2g-3/run ]]
    server_untouched
}

@test "testbox job: a job file and a root's folder are enough; the root is shared, and nothing can write to it" {
    local image status=0
    ROOT=$("$LIB/rootfs" debian-12)
    make_result_job 3
    image=$("$LIB/image" lean debian-12)
    lab env TESTBOX_STATE="$DIR/state" "$TESTBOX" job -n vm-1p2g-4 --kvm no --timeout 300 \
        --rootfs "$ROOT" --image "$image" --lkp-src "$JOB/lkp/lkp/src" --script "$JOB/lkp/scheduled/job.sh" \
        "$JOB/lkp/scheduled/job.yaml" >"$DIR/said" 2>&1 3>&- || status=$?
    cp "$DIR/state/vm-1p2g-4/console.log" "$VM/" || true
    : >"$VM/verdict.log"
    cat "$DIR/said"
    [[ $status == 3 ]]
    [[ $(tail -n 1 "$DIR/said") == "$DIR/state/vm-1p2g-4/result" ]]
    [[ $(cat "$DIR/state/vm-1p2g-4/result/exit-status") == 3 ]]
    [[ -s $DIR/state/vm-1p2g-4/result/lower-errors && ! -e $ROOT/etc/written ]]
    [[ ! -e $DIR/state/vm-1p2g-4/run ]]
}
