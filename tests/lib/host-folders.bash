# SPDX-License-Identifier: GPL-2.0-or-later
# Folders of the host for a machine: what QEMU needs for them is put behind $DEVICES.
#
#   host_virtiofs DIR FOLDER TAG     virtiofsd in the lab; its files are in DIR
#   host_9p FOLDER TAG               by QEMU itself
# shellcheck shell=bash

. "${BASH_SOURCE[0]%/*}/lab.bash"
. "${BASH_SOURCE[0]%/*}/events.bash"

host_virtiofs() {
    local dir=$1
    lab /usr/lib/qemu/virtiofsd --socket-path="$dir/fs.sock" -o source="$2" -o sandbox=chroot \
        -o cache=always >"$dir/virtiofsd.log" 2>&1 3>&- &
    wait_line "$dir/virtiofsd.log" 'Waiting for vhost-user' 60 "$!"
    DEVICES+=" -chardev socket,id=fs,path=$dir/fs.sock -device vhost-user-fs-pci,chardev=fs,tag=$3"
    DEVICES+=' -object memory-backend-memfd,id=mem,size=2G,share=on -numa node,memdev=mem'
}

host_9p() {
    DEVICES+=" -virtfs local,path=$1,mount_tag=$2,security_model=passthrough,readonly=on"
}
