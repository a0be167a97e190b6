# SPDX-License-Identifier: GPL-2.0-or-later
# Names and host files as Compass-CI and LKP have them.

# shellcheck disable=SC2154 # stderr is of bats
bats_require_minimum_version 1.5.0

load hosts

setup() {
    hosts_test
}

@test "hosts: a host file of Compass-CI's needs no .yaml, and is found by the names that its launcher makes" {
    local name
    printf '%s\n' 'provider: qemu' 'nr_cpu: 3' 'memory: 5G' >"$HOSTS/vm-2p8g"
    for name in vm-2p8g vm-2p8g-1 vm-2p8g.yuchuan-766969 vm-2p8g.a-b.example.org-7; do
        run plan "$name"
        echo "$output"
        [ "$status" -eq 0 ]
        [[ $output == *'-smp 3'* ]]
        [[ $output == *'-m 5120M'* ]]
    done
}

@test "hosts: the file with the longest name counts, and one with .yaml before one without" {
    echo 'memory: 1G' >"$HOSTS/vm-2p8g"
    echo 'memory: 2G' >"$HOSTS/vm-2p8g.yaml"
    plan vm-2p8g.a-1 | grep -e '-m 2048M'
    echo 'memory: 3G' >"$HOSTS/vm-2p8g.a"
    plan vm-2p8g.a-1 | grep -e '-m 3072M'
    echo 'memory: 4G' >"$HOSTS/vm-2p8g.a-1"
    plan vm-2p8g.a-1 | grep -e '-m 4096M'
    plan vm-2p8g.b-1 | grep -e '-m 2048M'
}

@test "hosts: without a file the names that were tried are said, and the name says the size" {
    run --separate-stderr plan vm-1p2g.a-1
    [ "$status" -eq 0 ]
    [[ $output == *'-m 2048M'* ]]
    [ "$stderr" = "testbox: vm-1p2g.a-1: no host file; looked for $HOSTS/vm-1p2g.a-1.yaml, $HOSTS/vm-1p2g.a-1,\
 $HOSTS/vm-1p2g.a.yaml, $HOSTS/vm-1p2g.a, $HOSTS/vm-1p2g.yaml, $HOSTS/vm-1p2g" ]
}

@test "hosts: a name without a size and without a file is refused, with the names that were tried" {
    run --separate-stderr plan box-1
    [ "$status" -eq 121 ]
    [[ $stderr == *"no host file; looked for $HOSTS/box-1.yaml, $HOSTS/box-1, $HOSTS/box.yaml, $HOSTS/box: host box-1: how many processors and how much memory?"* ]]
}

@test "hosts: disks of a host file are those of its keys; the script's comments may ask for more" {
    printf '%s\n' 'hdd_partitions: /dev/vdb' 'rootfs_disk:' '  - /dev/vda' >"$HOSTS/vm-1p1g"
    run plan vm-1p1g-1
    [ "$(grep -c '^disk: .*fresh, 131072 MiB' <<<"$output")" = 2 ]
    printf '%s\n' '#!ipxe' '# nr_disk=3' '# disk_size=20' 'kernel vmlinuz' boot >"$SCRIPT"
    run plan vm-1p1g-1
    [ "$(grep -c '^disk: .*fresh, 131072 MiB' <<<"$output")" = 1 ]
    [ "$(grep -c '^disk: .*fresh, 20480 MiB' <<<"$output")" = 3 ]
}
