#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# One cell of the matrix, "SUITE ARCH LOWER" in $CELL; `run` beside this file starts it once for each.

BATS_TEST_DIRNAME=${BATS_TEST_DIRNAME%/*}/vm
. "$BATS_TEST_DIRNAME/matrix.bash"

@test "matrix: the cell boots to its job" {
    local words
    read -ra words <<<"$CELL"
    # Other programs may run on this machine: that it boots is what counts.
    END_SECONDS=120 matrix_cell "${words[@]}"
    fact uptime >"$CELL_SECONDS"
}
