# SPDX-License-Identifier: GPL-2.0-or-later
# Boots of both sides, by turns.
# shellcheck shell=bash

# say TEXT: what the user waits for.
say() {
    printf 'bench: %s\n' "$*"
}

# A figure goes on without what failed; `run` tells at its end, and ends with an error.
FAILURES=()
fails() {
    say "FAILED $1: $2"
    FAILURES+=("$1")
}

# boot DIR SIDE KIND PAYLOAD [INITRD…]: one machine, from its start to its end; its console with the
# host's time in front of each line is in DIR/console.times, its network traffic in DIR/wire.pcap.
#   BOOT_CLOCK=host      its clock is the host's; else it counts its instructions (see machine -i)
#   BOOT_DELAY=N         its server is so many milliseconds away (see farm_far)
boot() {
    local dir=$1 side=$2 kind=$3 payload=$4 image cgz status=0 machine clock=-i
    local card=user,id=net,model=virtio-net-pci far=
    shift 4
    image=$(farm_image "$side") && cgz=$(farm_payload "$payload") || return
    rm -rf "$dir"
    mkdir -p "$dir"
    echo "$(<"$cgz.files")" >"$dir/payload.files"
    : >"$dir/console.log"
    if [[ -n ${BOOT_DELAY:-} ]]; then
        far=$(farm_far "$BOOT_DELAY" "$dir") || return
        card=none
    fi
    [[ ${BOOT_CLOCK:-} != host ]] || clock=
    # shellcheck disable=SC2086 # no word where there is none
    lab "$LIB/machine" $clock -t "${BOOT_SECONDS:-600}" -m "${BOOT_MEMORY:-2G}" -n "$card" \
        -x "$far -object filter-dump,id=wire,netdev=net,file=$dir/wire.pcap" \
        "$dir" "$KERNEL" "$JOB_LINE $(farm_words "$side")$(farm_root "$kind")" "$image" "$cgz" "$@" \
        </dev/null >"$dir/machine.log" 2>&1 &
    machine=$!
    tail -n +1 -f --pid=$machine "$dir/console.log" 2>/dev/null | "$TOP/tests/bench/stamp" >"$dir/console.times"
    wait "$machine" || status=$?
    rm -f "$dir/initrd"
    ((status == 10)) || {
        echo "the machine ended by $(<"$dir/end"), not by its reboot; see $dir"
        return 1
    }
    "$TOP/tests/bench/read-boot" "$dir"
}

# series NAME KIND PAYLOAD [INITRD…]: $PAIRS pairs of boots; what each came to is in
# $BENCH/NAME/SIDE-N/boot.json. THEIRS=SIDE: what ours is compared with (theirs);
# none: ours alone.
series() {
    local name=$1 n side dir said
    shift
    [[ ! -e $BENCH/$name/series ]] || return 0 # another figure has had it in this run
    [[ -n $LAB_PID ]] || farm_start
    mkdir -p "$BENCH/$name"
    for ((n = 1; n <= PAIRS; n++)); do
        for side in $(sides "$n"); do
            [[ $side == ours || ${THEIRS:-} != none ]] || continue
            dir=$BENCH/$name/$side-$n
            if said=$(boot "$dir" "${side/theirs/${THEIRS:-theirs}}" "$@" 2>&1); then
                say "$name, pair $n of $PAIRS, $side: $said"
            else
                fails "$name/$side-$n" "$said"
            fi
        done
    done
    touch "$BENCH/$name/series"
}

# Who goes first changes from pair to pair.
sides() {
    if (($1 % 2)); then echo ours theirs; else echo theirs ours; fi
}
