# SPDX-License-Identifier: GPL-2.0-or-later
"""The kind of a call to a file server, by the line that tshark has for it."""
import re

SMB_SUB = re.compile(r"^(?:Trans2|NT Trans|Trans) Request, ([A-Z0-9_]+)(?:, Query File (Unix \w+))?")
SMB = re.compile(r"^([A-Z][\w ]*?)(?: AndX)? Request")
RPC = re.compile(r"^V(\d) (?:(\w+) Call|Call (\w+))")


def kind_of(info):
    """"QUERY_PATH_INFO Unix Basic", "Read", "NFS3 LOOKUP": short and the same for the same kind of call."""
    if found := SMB_SUB.match(info):
        return " ".join(part for part in found.groups() if part)
    if found := SMB.match(info):
        return found[1]
    if found := RPC.match(info):
        return f"NFS{found[1]} {found[2] or found[3]}"
    return info.split(",")[0][:40] or "?"


def first_read(calls, after, before):
    """The seconds of the first call between the two that reads a file's contents, or None. calls: [(seconds,
    tshark's line)]."""
    kinds = ("Read", "NFS3 READ", "NFS4 READ", "NFS4 READ_PLUS")
    return next((at for at, info in calls if after <= at < before and kind_of(info) in kinds), None)
