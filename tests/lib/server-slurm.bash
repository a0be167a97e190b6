# SPDX-License-Identifier: GPL-2.0-or-later
# A real Slurm of one node, in a lab: munged, slurmctld and slurmd, with all their files in the
# test's directory.
# shellcheck shell=bash

. "${BASH_SOURCE[0]%/*}/lab.bash"

# slurm_start DIR CPUS: returns when the node takes jobs. SLURM_CONF is set.
slurm_start() {
    local dir=$1/slurm host
    host=$(uname -n)
    host=${host%%.*}
    mkdir -p "$dir"/{state,spool}
    # It finds no address, not even a numeric one, where there is only loopback (AI_ADDRCONFIG).
    lab_bridge slurm 10.9.0.1/24
    (umask 077 && head -c 128 /dev/urandom >"$dir/munge.key")
    export SLURM_CONF=$dir/slurm.conf
    cat >"$SLURM_CONF" <<END
ClusterName=lab
SlurmctldHost=$host(10.9.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.log
NodeName=node0 NodeHostname=$host NodeAddr=10.9.0.1 CPUs=$2 State=UNKNOWN
PartitionName=all Nodes=node0 Default=YES MaxTime=10 State=UP
END
    # --force: it dislikes that others can write above its files (/tmp).
    slurm_daemon "$dir/munged.log" munged --foreground --force --socket="$dir/munge.socket" \
        --key-file="$dir/munge.key" --log-file="$dir/munged.log" --pid-file="$dir/munged.pid" --seed-file="$dir/munge.seed"
    # shellcheck disable=SC2016 # the inner shell expands
    timeout 60 bash -c 'until [[ -S $1 ]]; do sleep 0.1; done' bash "$dir/munge.socket"
    slurm_daemon "$dir/slurmctld.out" slurmctld -D
    slurm_daemon "$dir/slurmd.out" slurmd -D -N node0
    # The node is idle for the controller when it has registered.
    lab timeout 120 bash -c 'until sinfo --noheader --format=%t | grep -qx idle; do sleep 0.2; done' || {
        tail -n 20 "$dir"/*.log "$dir"/*.out
        return 1
    }
}

# slurm_daemon LOG COMMAND…: it ends with the lab.
slurm_daemon() {
    lab "${@:2}" </dev/null >>"$1" 2>&1 3>&- &
    disown
}
