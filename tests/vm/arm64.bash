# SPDX-License-Identifier: GPL-2.0-or-later
# Images of arm64, made in a container of that architecture, whatever this machine is.
# shellcheck shell=bash

# arm64_engine DIR: buildah, with its storage and its runtime files in DIR, and the base of the container.
arm64_engine() {
    export STORAGE_DRIVER=vfs CONTAINERS_STORAGE_CONF=$1/storage.conf XDG_RUNTIME_DIR=$1/run ROOTOVL_BASE
    mkdir -p "$1"
    printf '[storage]\ndriver = "vfs"\ngraphroot = "%s"\nrunroot = "%s"\n' "$1/storage" "$1/run" \
        >"$CONTAINERS_STORAGE_CONF"
    ROOTOVL_BASE=$("$LIB/rootfs" trixie-arm64)
}

# arm64_image ROOT lean|lean-live: prints the path of its image. The container, the storage of buildah and the
# image stay below build/ for the next run.
arm64_image() {
    local kept=$BUILD/arm64 tree with=() inputs
    tree=$("$LIB/rootfs" "$1") || return 1
    [[ $2 != lean-live ]] || with=(--with live)
    (
        exec {lock}>"$BUILD/arm64.lock"
        flock "$lock"
        arm64_engine "$kept"
        # buildah makes all of it at each call, and each compiler runs by qemu-user.
        inputs=$(cd "$TOP" && container/inputs; stat -c %Z "$ROOTOVL_BASE")
        if [[ $(cat "$kept/inputs" 2>/dev/null) != "$inputs" ]]; then
            logged "$kept/container.log" make -s -C "$TOP" container ENGINE=buildah ARCH=arm64 || exit 1
            echo "$inputs" >"$kept/inputs"
        fi
        logged "$kept/build.log" "$BUILD/initrd-builder" build --engine buildah --cache "$kept/cache" \
            "${with[@]}" -o "$kept/$2-$1" "$tree"
    ) || return 1
    echo "$kept/$2-$1"/initramfs.lkp-*.img
}
