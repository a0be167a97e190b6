#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# initrd-builder build --slurm on a real Slurm of one node: all roots by one array job; what fails is
# told and shown; a signal cancels the job.

# shellcheck disable=SC2119,SC2154 # working_dracut needs nothing, and sets root
bats_require_minimum_version 1.5.0

. "$BATS_TEST_DIRNAME/../../../lib/server-slurm.bash"
. "$BATS_TEST_DIRNAME/../fake_dracut.bash"

setup_file() {
    BUILDER=${PROGRAMS:-$TOP/build/asan}/initrd-builder
    export TOP BUILDER
    lab_start
    slurm_start "$BATS_FILE_TMPDIR" 2
}

teardown_file() {
    lab_stop
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir tmp
    export TMPDIR=$PWD/tmp
}

# Until none runs, is cancelled or is being cleared up after.
jobs_over() {
    lab timeout 120 bash -c 'while squeue --noheader | grep -q .; do sleep 0.2; done'
}

# Here, where the job's words are to be.
here() {
    lab env -C "$PWD" "$@"
}

@test "slurm: one array job, a task a root, whatever their names; nothing is left of it" {
    working_dracut
    # shellcheck disable=SC2016 # a name that no shell may take for a command
    roots=("os/it's 12" 'os/$(touch evil)' os/c)
    for dir in "${roots[@]}"; do
        small_root "$dir"
    done
    run -0 here "$BUILDER" build --slurm --engine none "${roots[@]}"
    echo "$output"
    [[ $output =~ 's  slurm: job '([0-9]+)', 3 tasks' ]]
    job=${BASH_REMATCH[1]}
    for dir in "${roots[@]}"; do
        [ -e "$dir/boot/initramfs.lkp-6.1.0.img" ]
        [[ $output == *"$PWD/$dir: kernel 6.1.0"* ]]
    done
    jobs_over
    lab scontrol show job "$job" >job.txt
    [ "$(grep -c 'JobState=COMPLETED' job.txt)" -eq 3 ]
    [ ! -e evil ]
    run ! compgen -G 'initrd-builder-*.out'
    # What is current is told so: the options are passed on.
    run -0 here "$BUILDER" build --slurm --engine none os/c
    [[ $output == *"os/c: kernel 6.1.0: current"* ]]
    run -0 here "$BUILDER" build --slurm --force --engine none os/c
    [[ $output != *current* ]]
}

@test "slurm: a task that fails is shown and its words are kept; the others are built" {
    working_dracut
    small_root good
    small_root bad
    : >bad/lib/modules/6.1.0/modules.builtin
    mkdir -p none/lib/modules
    run -1 here "$BUILDER" build --slurm --engine none bad good none
    echo "$output"
    [ -e good/boot/initramfs.lkp-6.1.0.img ]
    [[ $output == *'kernel 6.1.0 has no module overlay'* ]]
    [[ $output =~ "initrd-builder: $PWD/bad: task "[0-9]+'_0 of slurm failed with status 1 (initrd-builder-'[0-9]+'_0.out)' ]]
    [[ $output =~ "initrd-builder: $PWD/none: task "[0-9]+'_2 of slurm failed with status 3' ]]
    grep -q 'has no module overlay' initrd-builder-*_0.out
    [ "$(compgen -G 'initrd-builder-*.out' | wc -l)" -eq 2 ]
    run -3 here "$BUILDER" build --slurm --engine none none
}

@test "slurm: ended, it cancels the job, whose task leaves the old image" {
    mkfifo started go
    fake_dracut "echo here >'$PWD/started'; read -r _ <'$PWD/go'"
    here "$BUILDER" build --slurm --engine none "$root" >said 2>&1 3>&- &
    wrapper=$!
    read -r _ <started
    lab kill -TERM "$(lab pgrep -o -f '^[^ ]+ build --slurm')"
    status=0
    wait "$wrapper" || status=$?
    cat said
    [ "$status" -eq 143 ]
    jobs_over
    lab scontrol show job | grep -q JobState=CANCELLED
    [ "$(cat "$root/boot/initramfs.lkp-6.1.0.img")" = old ]
}

@test "slurm: without one, and with a root that is not there, it is exit status 1" {
    small_root a
    run -1 here "$BUILDER" build --slurm a nowhere
    [[ $output == 'initrd-builder: nowhere: No such file or directory' ]]
    SLURM_CONF=/nonexistent run -1 here "$BUILDER" build --slurm a
    [[ $output == 'initrd-builder: sbatch: '* ]]
    run -1 here env PATH=/nonexistent "$BUILDER" build --slurm a
    [[ $output == "initrd-builder: sbatch: No such file or directory (is its package installed?)" ]]
}
