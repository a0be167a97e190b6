#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Cells of the matrix that no other test boots; `make matrix` boots all of them.

. "$BATS_TEST_DIRNAME/matrix.bash"

@test "matrix: Debian 11, Linux 5.10, an erofs image by NBD" {
    matrix_cell debian-11 amd64 nbd
}

@test "matrix: Debian 13, Linux 6.12, a folder of the host by virtiofs" {
    matrix_cell debian-13 amd64 virtiofs
}
