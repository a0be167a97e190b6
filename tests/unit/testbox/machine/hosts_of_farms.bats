# SPDX-License-Identifier: GPL-2.0-or-later
# Each host file of a real tree: LKP_TREE=DIR names a copy of lkp-tests, Compass-CI's or LKP's own.
# bats file_tags=slow

load hosts

setup() {
    [ -n "${LKP_TREE:-}" ] || skip 'LKP_TREE names no tree of lkp-tests'
    hosts_test
    HOSTS=$LKP_TREE/hosts
}

@test "hosts: every host file of lkp-tests is read" {
    local file name n=0 refused=0
    for file in "$HOSTS"/*; do
        name=${file##*/}
        n=$((n + 1))
        for name in "$name" "$name-1" "$name.some-host.example.org-766969"; do
            run plan "$name"
            [ "$status" -eq 0 ] || {
                echo "$output"
                refused=$((refused + 1))
            }
            ! grep 'no host file' <<<"$output"
        done
    done
    echo "# $n host files, $refused refused" >&3
    [ "$n" -gt 0 ] && [ "$refused" -eq 0 ]
}
