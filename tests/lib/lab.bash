# SPDX-License-Identifier: GPL-2.0-or-later
# A lab: namespaces of network, mounts and processes, in which the servers and the machine of one
# test live. Every lab has its own 127.0.0.1, so that servers take their usual ports, and its own
# /run. When it ends, or the shell that started it, the kernel ends every process and undoes every
# mount in it.
# shellcheck shell=bash

. "${BASH_SOURCE[0]%/*}/place.bash"
. "${BASH_SOURCE[0]%/*}/events.bash"

# shellcheck disable=SC2034 # for those who source this
{
    SERVER=10.0.2.2 # the lab's 127.0.0.1, as QEMU's user network shows it
    # The kernel line of a real Compass-CI job, and its options of a CIFS root.
    JOB_LINE='user=lkp job=/lkp/scheduled/job.yaml ip=dhcp rootovl ro'
    CIFS1=guest,ro,hard,vers=1.0,noacl,nouser_xattr,noserverino
}

# The process that holds the namespaces. Exported by lab_start for the tests of a file.
LAB_PID=${LAB_PID:-}

# Not from a subshell: the lab ends with the process that starts it.
lab_start() {
    local line said=
    [[ $(id -u) == 0 ]] || die "a lab of servers and machines needs root"
    coproc LAB_INIT {
        exec setpriv --pdeathsig KILL unshare --net --mount --pid --fork --kill-child --mount-proc \
            bash "$LIB/lab-init"
    } 2>&1 3>&- # 3: bats' own
    LAB_PID=$LAB_INIT_PID
    export LAB_PID
    while read -r -t 60 line <&"${LAB_INIT[0]}" && [[ $line != ready ]]; do
        said+=$line
    done
    [[ $line == ready ]] || die "cannot make namespaces: ${said:-nothing heard from lab-init}"
}

# lab COMMAND…: runs it in the lab. (--root: where all this runs by chroot, the lab is there too.)
lab() {
    nsenter --net="/proc/$LAB_PID/ns/net" --mount="/proc/$LAB_PID/ns/mnt" --root="/proc/$LAB_PID/root" \
        --wd="/proc/$LAB_PID/cwd" --pid="/proc/$LAB_PID/ns/pid_for_children" -- "$@"
}

# lab_end SIGNAL PID: sends it to a process of the lab, and waits until that is gone.
lab_end() {
    lab kill "-$1" "$2"
    lab tail --pid="$2" -f /dev/null
}

# lab_stop: ends everything in it, and waits until that is done.
lab_stop() {
    local init
    if [[ -n $LAB_PID ]]; then
        # The kernel lets the first process of a namespace end only after all others.
        init=$(cat "/proc/$LAB_PID/task/$LAB_PID/children" 2>/dev/null) || true
        [[ -z $init ]] || kill -KILL "${init% }"
        wait "$LAB_PID" 2>/dev/null || true
        LAB_PID=
    fi
}

# lab_bridge NAME ADDRESS/LENGTH…: a network of its own in the lab, with these addresses for the
# servers; the machines' ends come by lab_nic.
lab_bridge() {
    local bridge=$1 address nodad
    lab ip link add "$bridge" type bridge
    shift
    for address; do
        # No time is spent on finding out whether another has it.
        if [[ $address == *:* ]]; then nodad=nodad; else nodad=; fi
        lab ip address add "$address" dev "$bridge" $nodad
    done
    lab ip link set "$bridge" up
}

# lab_nic TAP BRIDGE [,PROPERTY…]: an end of that network for a machine, as QEMU's -nic wants it.
lab_nic() {
    lab ip tuntap add "$1" mode tap
    lab ip link set "$1" master "$2" up
    echo "tap,ifname=$1,script=no,downscript=no,model=virtio-net-pci${3:-}"
}

# lab_vlan NAME ID ADDRESS/LENGTH DIR [,PROPERTY…]: an interface of the lab that is one VLAN of a
# machine's card, which is left in $VLAN_NIC.
lab_vlan() {
    lab "$LIB/vlan-trunk" "$1" "$2" 5001 5002 </dev/null >"$4/$1.log" 2>&1 3>&- &
    disown
    wait_line "$4/$1.log" '^ready' 60 $! || die "vlan-trunk did not start: $(cat "$4/$1.log")"
    lab ip address add "$3" dev "$1"
    lab ip link set "$1" up
    # shellcheck disable=SC2034 # for the test
    VLAN_NIC=socket,udp=127.0.0.1:5001,localaddr=127.0.0.1:5002,model=virtio-net-pci${5:-}
}

# lab_overlay LOWER AT: mounts a writable view of LOWER on the directory AT, in the lab alone.
# What was written to it is what lab_written prints.
lab_overlay() {
    local layers=/run/overlays/$2
    lab mkdir -p "$layers/upper" "$layers/work" "$2"
    # nfs_export, xino: a file server in user space finds files again by their handles, and takes what
    # has another device number for another file system
    lab mount -t overlay -o \
        "lowerdir=$1,upperdir=$layers/upper,workdir=$layers/work,index=on,nfs_export=on,xino=on" lab "$2"
}

# lab_written AT: names what was written to an overlay since lab_settle.
lab_written() {
    lab find "/run/overlays/$1/upper" -mindepth 1 -newer "/run/overlays/$1/settled" -printf '/%P\n'
}

# lab_settle AT: from here on, lab_written tells of what others wrote.
lab_settle() {
    lab touch "/run/overlays/$1/settled"
}
