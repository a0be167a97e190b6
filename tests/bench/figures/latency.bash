# SPDX-License-Identifier: GPL-2.0-or-later
# Boot to job where the server is 2 and 10 ms away, each way: files beside files, and an image of the root on
# the same server beside the baseline's files, for it knows no images.
# shellcheck shell=bash

figure_latency() {
    local kind delay PAIRS=$(((PAIRS + 2) / 3)) # by this clock one is worth many
    [[ -n $LAB_PID ]] || farm_start
    farm_images || {
        fails latency "no image of the root was made; see $FARM/image.log"
        return
    }
    for delay in 2 10; do
        for kind in cifs nfs; do
            BOOT_DELAY=$delay series "latency-$kind-$delay" $kind files
            collect "latency-$kind-$delay" s "latency-$kind-$delay" .boot
            far_image $kind $delay
        done
    done
    rm -f "$BENCH"/latency-*/*/wire.pcap
}

# far_image KIND DELAY
far_image() {
    local series=latency-$1-image-$2 n
    THEIRS=none BOOT_DELAY=$2 series "$series" "$1-image" files
    for ((n = 1; n <= PAIRS; n++)); do
        cp -r "$BENCH/latency-$1-$2/theirs-$n" "$BENCH/$series/theirs-$n"
    done
    collect "$series" s "$series" .boot
}
