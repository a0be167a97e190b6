# SPDX-License-Identifier: GPL-2.0-or-later
"""What a machine sent and received, from QEMU's filter-dump: a pcap file whose clock is the machine's,
and counts from another time than the kernel's."""
import json
import struct

DISCARD = 9 # the port of the job's packet


def frames(path):
    """(seconds of the file's clock, bytes on the wire, what was kept of them) of each packet of a pcap file."""
    with open(path, "rb") as file:
        head = file.read(24)
        if len(head) < 24 or head[:4] not in (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4"):
            raise ValueError(f"{path}: not a pcap file")
        order = "<" if head[0] == 0xD4 else ">"
        while len(head := file.read(16)) == 16:
            seconds, micros, kept, length = struct.unpack(order + "IIII", head)
            yield seconds + micros / 1e6, length, file.read(kept)


def packets(path):
    """(seconds of the file's clock, bytes on the wire) of each packet of a pcap file."""
    return [(seconds, length) for seconds, length, _ in frames(path)]


def is_marker(frame):
    """Is it UDP over IPv4 to the port for what nobody reads?"""
    return frame[12:14] == b"\x08\x00" and frame[23:24] == b"\x11" and frame[36:38] == struct.pack(">H", DISCARD)


def marker(path):
    """The seconds of the file's clock at which the job sent its packet, or None."""
    return next((seconds for seconds, _, frame in frames(path) if is_marker(frame)), None)


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


def total(listed, until=None):
    """{"packets", "bytes"} of the packets up to a time, or of all."""
    wanted = [length for seconds, length in listed if until is None or seconds <= until]
    return {"packets": len(wanted), "bytes": sum(wanted)}
