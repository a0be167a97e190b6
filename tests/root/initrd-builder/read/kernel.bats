#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel and each of the whole initrds of tests/lib/initrd-cases.bash, alone. The damaged ones are in
# unit/initrd_cases.bats. (None of it needs rights, but it is slow, which no unit test is.)
# bats file_tags=slow

bats_require_minimum_version 1.5.0
. "$BATS_TEST_DIRNAME/../../../lib/place.bash"
. "$LIB/initrd-cases.bash"
. "$LIB/initrd-kernel.bash"

export BUILDER=$BUILD/initrd-builder

@test "initrds: the kernel takes each of the whole ones as it was made" {
    cd "$BATS_TEST_TMPDIR"
    export LC_ALL=C.UTF-8
    keep_only takes
    make_cases
    unpack_each
    each as_kernel_unpacks
}
