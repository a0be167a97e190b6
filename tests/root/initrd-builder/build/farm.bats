#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The Job of docs/builder-farm.md, as it stands there: its container is made and run by docker as a
# kubelet would, with its command, its mounts and its limits, a container for each index.
# bats file_tags=slow

bats_require_minimum_version 1.5.0

. "$BATS_TEST_DIRNAME/../../../lib/place.bash"
. "$BATS_TEST_DIRNAME/../../../lib/events.bash"
. "$BATS_TEST_DIRNAME/../../../lib/docker.bash"

PAGE=$TOP/docs/builder-farm.md

teardown() {
    docker_stop
}

# indented REGEX: the indented text of the page from that line to the next that is not.
indented() {
    sed -nE "/^    $1/,/^[^ ]/{/^[^ ]/q;s/^    //;p}" "$PAGE"
}

# What a build needs of a root, of the test root NAME.
kernel_root() {
    local root
    root=$("$LIB/rootfs" "$1")
    mkdir -p "$2/usr/lib" "$2/boot"
    ln -s usr/lib "$2/lib"
    cp -a "$root/lib/modules" "$2/usr/lib/"
    cp "$root"/boot/config-* "$2/boot/"
}

# As a kubelet does: the image's user, no more rights than any container.
run_index() {
    local command
    eval "command=($(jq -r '.command | @sh' job.json))"
    docker run --rm --name "index-$1" --network=none --env "JOB_COMPLETION_INDEX=$1" \
        --cpus "$(jq -r .limits.cpu job.json)" --memory "$(jq -r '.limits.memory | sub("i$"; "")' job.json)" \
        --volume "$PWD/os:$(jq -r .mounts.os job.json)" --volume "$PWD/cache:$(jq -r .mounts.cache job.json)" \
        "$(jq -r .image job.json)" "${command[@]}"
}

@test "farm: Kubernetes' Job is one by its API, and its container builds, an index for each root" {
    cd "$BATS_TEST_TMPDIR"
    indented 'apiVersion: batch' >job.yaml
    run -0 --separate-stderr "$LIB/kubernetes-job" job.yaml
    echo "$output" >job.json
    for root in 11 12 13; do
        kernel_root "debian-$root" "os/debian/amd64/$root"
    done
    mkdir cache

    docker_start "$PWD"
    ROOTOVL_BASE=$("$LIB/rootfs" trixie-builder) "$TOP/container/make" docker
    indented 'FROM ' >Containerfile
    mkdir source
    git -C "$TOP" ls-files -z | tar -C "$TOP" --null -T - -c | tar -C source -x
    rm source/.dockerignore
    docker build --network=host -q -t "$(jq -r .image job.json)" -f Containerfile source

    for index in 0 1 2; do
        run_index "$index" >"said-$index" 2>&1 &
        pids[index]=$!
    done
    for index in 0 1 2; do
        wait "${pids[index]}" || status=$?
        cat "said-$index"
        [ "${status:-0}" -eq 0 ]
    done
    for root in 11 12 13; do
        ls "os/debian/amd64/$root/boot/"initramfs.lkp-*.img
    done
    ls cache/userspace-*
}
