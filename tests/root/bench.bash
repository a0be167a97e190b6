# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of whole runs of the bench share, and those of what it refuses.
# shellcheck shell=bash disable=SC2034 # for those who source this

BENCHMARK=$BATS_TEST_DIRNAME/../bench/run

setup() {
    [[ $(id -u) == 0 ]] || skip 'needs root'
    export BENCH=$BATS_TEST_TMPDIR/bench
}
