# SPDX-License-Identifier: GPL-2.0-or-later
# podman and buildah with a state of a test's own; docker is in docker.bash.
# shellcheck shell=bash

# containers_here DIR: where nothing of the machine is.
containers_here() {
    local driver=overlay
    [[ $(stat -f -c %T "$1") != overlayfs ]] || driver=vfs # an overlay is no upper of another
    export STORAGE_DRIVER=$driver CONTAINERS_STORAGE_CONF=$1/storage.conf XDG_RUNTIME_DIR=$1/run
    export CONTAINERS_CONF=$1/containers.conf
    printf '[storage]\ndriver = "%s"\ngraphroot = "%s"\nrunroot = "%s"\n' "$driver" "$1/storage" "$1/run" \
        >"$CONTAINERS_STORAGE_CONF"
    # Whoever may not raise limits runs podman with those that are.
    printf '[containers]\ndefault_ulimits = []\n[engine]\nevents_logger = "file"\n' >"$CONTAINERS_CONF"
}

# The runtimes refuse the control groups of both versions at once: in the lab there is one.
one_cgroup_version() {
    if lab mountpoint -q /sys/fs/cgroup/unified; then
        lab umount /sys/fs/cgroup/unified
    fi
}
