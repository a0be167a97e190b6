# SPDX-License-Identifier: GPL-2.0-or-later
# The payload: the time that copying it into the new root takes, and how much more memory that took, at
# its peak, than was in use before. A source tree of 4,300 files, and one file of 500 MB.
# shellcheck shell=bash

# The initrd that watches the memory; the same on both sides.
memory_watch() {
    local tree=$BENCH/watch units=$BENCH/watch/etc/systemd/system
    mkdir -p "$tree/bench" "$units/sysinit.target.wants" &&
        cp "$BUILD/tests/bench/guest/memory" "$tree/bench/" &&
        cp "$TOP/tests/bench/guest/memory.service" "$units/bench-memory.service" &&
        ln -sf ../bench-memory.service "$units/sysinit.target.wants/" &&
        "$LIB/pack" "$tree" "$BENCH/watch.cgz"
}

figure_payload() {
    local kind
    memory_watch || {
        fails payload 'the initrd that watches the memory was not made'
        return
    }
    for kind in files big; do
        BOOT_MEMORY=3G series "payload-$kind" cifs $kind "$BENCH/watch.cgz"
        rm -f "$BENCH/payload-$kind"/*/wire.pcap
        collect "payload-$kind-time" s "payload-$kind" .payload
        collect "payload-$kind-memory" MB "payload-$kind" .memory
    done
}
