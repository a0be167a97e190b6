#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Where the container's base comes from: a real registry, or mmdebstrap; what is built from it by
# podman and by docker, and by watch in docker's container.
#
# docker and the registry are in a lab, which has no other network.
# bats file_tags=slow

bats_require_minimum_version 1.5.0

. "$BATS_TEST_DIRNAME/../../../lib/lab.bash"
. "$LIB/docker.bash"
. "$LIB/containers.bash"

BUILDER=${PROGRAMS:-$TOP/build/asan}/initrd-builder
DEBIAN=docker.io/library/debian:trixie-slim
MIRROR=127.0.0.1:5000

setup_file() {
    local base
    base=$("$LIB/rootfs" trixie-builder)
    lab_start
    registry_start "$BATS_FILE_TMPDIR"
    DOCKER_IN=lab docker_start "$BATS_FILE_TMPDIR" --registry-mirror "http://$MIRROR"
    export DOCKER_HOST
    tar --one-file-system --numeric-owner -C "$base" -c . |
        docker import - $MIRROR/library/debian:trixie-slim >/dev/null
    docker push -q $MIRROR/library/debian:trixie-slim
    docker rmi -f $MIRROR/library/debian:trixie-slim >/dev/null
    "$TOP/container/make" >"$BATS_FILE_TMPDIR/made"
}

teardown_file() {
    lab_stop
}

# registry_start DIR: one that holds nothing yet, in the lab.
registry_start() {
    cat >"$1/registry.yml" <<END
version: 0.1
storage: {filesystem: {rootdirectory: $1/registry}}
http: {addr: $MIRROR}
END
    # shellcheck disable=SC2016 # the inner shell expands
    lab sh -c 'echo $$ >"$1/registry.pid"; exec docker-registry serve "$1/registry.yml"' sh "$1" \
        >"$1/registry.log" 2>&1 3>&- &
    wait_line "$1/registry.log" 'listening on' 60 $! || {
        cat "$1/registry.log"
        return 1
    }
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir tmp os
    export ROOTOVL_CACHE=$PWD/cache TMPDIR=$PWD/tmp
}

# A test that failed leaves them running.
teardown() {
    local pid
    for pid in ${watch:-} ${events:-}; do
        kill "$pid" 2>/dev/null || true
    done
}

# What a build needs of a root, as os/NAME.
kernel_root() {
    local root
    root=$("$LIB/rootfs" debian-12)
    mkdir -p "$1.new/usr/lib" "$1.new/boot"
    ln -s usr/lib "$1.new/lib"
    cp -a "$root/usr/lib/modules" "$1.new/usr/lib/"
    cp "$root"/boot/config-* "$1.new/boot/"
    mv "$1.new" "$1"
}

@test "containers: the base is Debian's image where a registry is reachable, and that is said" {
    [ "$(head -n 1 "$BATS_FILE_TMPDIR/made")" = "container: the base is $DEBIAN" ]
    [[ $(tail -n 1 "$BATS_FILE_TMPDIR/made") == 'container: localhost/rootovl-builder:'*' is made (docker)' ]]
    # Another registry's, by its name.
    run -0 env ROOTOVL_BASE=$MIRROR/library/debian:trixie-slim "$TOP/container/make" docker
    [ "${lines[0]}" = "container: the base is the image $MIRROR/library/debian:trixie-slim" ]
    run ! env ROOTOVL_BASE=$MIRROR/nowhere:1 "$TOP/container/make" docker
    echo "$output"
    [[ $output == *nowhere* ]]
}

# as_the_unit COMMAND…: with what initrd-builder-watch@.service has and leaves it: NoNewPrivileges=,
# ProtectHome=, PrivateTmp= (but for /tmp, where the tests are), and the little environment of a service.
as_the_unit() {
    # shellcheck disable=SC2016 # the inner shell expands
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        DOCKER_HOST="$DOCKER_HOST" CONTAINERS_STORAGE_CONF="${CONTAINERS_STORAGE_CONF:-}" \
        setpriv --no-new-privs unshare --mount sh -ec '
            for home in /home /root; do
                mount --bind "$home" "$home"
                mount -o remount,bind,ro "$home"
            done
            mount -t tmpfs -o mode=1777 tmp /var/tmp
            exec "$@"' sh "$@"
}

@test "containers: watch builds in docker's; ended while it does, it leaves no container" {
    kernel_root root-a
    cp -a root-a root-b
    # The first one ends before its image is there.
    "$BUILDER" watch --settle 1 --jobs 2 os >said 2>&1 3>&- &
    watch=$!
    wait_line said '^watching os: ' 60 "$watch"
    docker events --filter event=start --format started >seen 2>&1 3>&- &
    events=$!
    mv root-a os/a
    wait_line seen started 60 "$events"
    kill "$watch"
    status=0
    wait "$watch" || status=$?
    [ "$status" -eq 0 ]
    [ -z "$(docker ps -aq)" ]
    [ -z "$(ls -A tmp)" ]
    run ! ls os/a/boot/initramfs.lkp-*
    # Two at once, and as the unit does it.
    mv root-b os/b
    (as_the_unit "$BUILDER" watch --cache "$PWD/cache" --settle 1 --jobs 2 "$PWD/os") >said 2>&1 3>&- &
    watch=$!
    wait_line said "^$PWD/os/a: built in " 240 "$watch"
    wait_line said "^$PWD/os/b: built in " 240 "$watch"
    kill "$watch" "$events"
    wait "$watch"
    grep -q '^container docker sha256:' os/a/boot/*.from
    cmp os/a/boot/initramfs.lkp-*.img os/b/boot/initramfs.lkp-*.img
    [ -z "$(docker ps -aq)" ]
    [ -z "$(ls -A tmp)" ]
    cp cache/userspace-* "$BATS_FILE_TMPDIR/userspace"
}

@test "containers: podman takes its base from a registry, and makes the same as docker" {
    containers_here "$PWD"
    one_cgroup_version
    printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' $MIRROR >registries.conf
    export CONTAINERS_REGISTRIES_CONF=$PWD/registries.conf
    export ROOTOVL_BASE=$MIRROR/library/debian:trixie-slim
    kernel_root os/a
    run -0 lab "$TOP/container/make" podman
    [ "${lines[0]}" = "container: the base is the image $ROOTOVL_BASE" ]
    run lab "$BUILDER" build --engine podman "$PWD/os/a"
    echo "$output"
    cat os/a/boot/*.log || true
    [ "$status" -eq 0 ]
    [[ $output == *"userspace: engine podman, "*" MB, zstd"* ]]
    [ -z "$(lab podman ps -aq)" ]
    [ -z "$(ls -A tmp)" ]
    cmp cache/userspace-* "$BATS_FILE_TMPDIR/userspace"
}

@test "containers: buildah works in what the unit of watch leaves it" {
    containers_here "$PWD"
    docker save "localhost/rootovl-builder:$(dpkg --print-architecture)" -o image.tar
    buildah pull -q docker-archive:image.tar
    kernel_root os/a
    (as_the_unit "$BUILDER" watch --engine buildah --cache "$PWD/cache" --settle 1 "$PWD/os") >said 2>&1 3>&- &
    watch=$!
    wait_line said "^$PWD/os/a: (built in|failed)" 240 "$watch" || true
    kill "$watch"
    wait "$watch" || true
    cat said
    grep -q "^$PWD/os/a: built in " said
    cmp cache/userspace-* "$BATS_FILE_TMPDIR/userspace"
    [ -z "$(buildah containers -q)" ]
}

@test "containers: where no registry is reachable the base is made by mmdebstrap, and that is said" {
    lab kill "$(<"$BATS_FILE_TMPDIR/registry.pid")"
    docker rmi -f $DEBIAN >/dev/null
    run -0 "$TOP/container/make" docker
    echo "$output"
    [[ ${lines[0]} == "container: $DEBIAN: "* ]]
    [ "${lines[1]}" = 'container: the base is made by mmdebstrap' ]
    [[ ${lines[-1]} == 'container: localhost/rootovl-builder:'*' is made (docker)' ]]
}
