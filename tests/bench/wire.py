# SPDX-License-Identifier: GPL-2.0-or-later
"""What a machine sent and received, from QEMU's filter-dump: a pcap file whose clock stands still
until the machine runs, and counts from a whole second."""
import json
import struct


def packets(path):
    """(seconds of the file's clock, bytes on the wire) of each packet of a pcap file."""
    with open(path, "rb") as file:
        head = file.read(24)
        if len(head) < 24 or head[:4] not in (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4"):
            raise ValueError(f"{path}: not a pcap file")
        order = "<" if head[0] == 0xD4 else ">"
        while len(head := file.read(16)) == 16:
            seconds, micros, kept, length = struct.unpack(order + "IIII", head)
            file.seek(kept, 1)
            yield seconds + micros / 1e6, length


def event(qmp, name):
    """The host's seconds of the first event of this name in QEMU's QMP log, or None."""
    for line in qmp.splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict) and said.get("event") == name:
            return said["timestamp"]["seconds"] + said["timestamp"]["microseconds"] / 1e6
    return None


def host_offset(begun, first_packet, qmp):
    """What to add to a packet's seconds to get the host's. The file's clock stood at a whole second,
    cut off from the time when QEMU opened it, until the machine was let go. begun: shortly before that.
    Where a second began in between, the first packet tells: none comes before the card is switched on."""
    resumed = event(qmp, "RESUME")
    switched_on = event(qmp, "NIC_RX_FILTER_CHANGED") or resumed
    whole = int(resumed)
    if whole > int(begun) and first_packet + resumed - whole < switched_on - 0.005:
        whole -= 1
    return resumed - whole


def total(listed, until=None):
    """{"packets", "bytes"} of the packets up to a time, or of all."""
    wanted = [length for seconds, length in listed if until is None or seconds <= until]
    return {"packets": len(wanted), "bytes": sum(wanted)}
