#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The pure parts of the bench: what it reads of a boot, what it makes of many, and how it shows that.

setup() {
    export PYTHONPATH=$BATS_TEST_DIRNAME/../bench PYTHONDONTWRITEBYTECODE=1
    cd "$BATS_TEST_TMPDIR" || return
}

# python: runs what is on standard input.
python() {
    python3 -W error -
}

@test "bench: a timeline is read of a console, a journal and a report" {
    cat >console <<'END'
[    0.000000] Linux version 6.1.0
[    3.470090] Run /init as init process
[  OK  ] Started a thing[   17.334428] bench: job
[   22.741630] bench: end
[   24.616045] reboot: Restarting system
END
    cat >verdict <<'END'
--- journal
[    3.731823] localhost systemd[1]: systemd 252.39-1~deb12u2 running in system mode (+PAM)
[    4.100000] localhost systemd[1]: Starting rootovl.service - Root file system...
[    7.512418] localhost systemd-networkd[95]: ens2: DHCPv4 address 10.0.2.15/24, gateway 10.0.2.2 acquired
[    8.638188] localhost systemd[1]: Finished rootovl.service - Root file system.
[    9.311732] localhost systemd[1]: Switching root.
[    9.979900] testbox systemd[1]: systemd 252.39-1~deb12u2 running in system mode (+PAM)
[   10.100000] testbox systemd[1]: Starting other.service - Of the root...
[   10.200000] testbox systemd[1]: Finished other.service - Of the root.
---
--- report
{"steps": [{"step": "mount lower", "start_ms": 5933, "length_ms": 1721},
 {"step": "copy payload", "start_ms": 7691, "length_ms": 762}]}
---
END
    python <<'END'
import timeline
verdict = open("verdict").read()
marks = timeline.marks(open("console").read(), verdict)
assert marks["init"] == 3.47009 and marks["job"] == 17.334428, marks
assert marks["restart"] == 24.616045 and marks["root's systemd"] == 9.9799, marks
phases = timeline.phases(marks)
assert [name for name, _, _ in phases] == [name for name, _ in timeline.PHASES]
assert phases[0] == ("kernel", 0.0, 3.47009) and phases[-1][2] == 17.334428, phases
assert phases[4] == ("payload", 7.691, 8.453), phases
assert timeline.units(timeline.section(verdict, "journal")) == {"rootovl.service": (4.1, 8.638188)}
END
}

@test "bench: a timeline of the short way, which speaks to the kernel's log and has one systemd" {
    python <<'END'
import timeline
console = """[    3.400000] Run /init as init process
[    4.100000] systemd-networkd[70]: ens2: DHCPv4 address 10.0.2.15/24, gateway 10.0.2.2 acquired from 10.0.2.2
[    5.200000] rootovl: root ready in 1.8 s: cifs //10.0.2.2/os/debian/12 ro + tmpfs 1.0G, lkp-bootstrap.service
[    9.000000] bench: job
"""
verdict = "--- journal\n[    5.600000] testbox systemd[1]: systemd 252.39-1~deb12u2 running in system mode (+PAM)\n---\n"
verdict += '--- report\n{"steps": [{"step": "mount lower", "start_ms": 4200, "length_ms": 100},'
verdict += ' {"step": "copy payload", "start_ms": 4500, "length_ms": 500}]}\n---\n'
marks = timeline.marks(console, verdict)
ends = [end for _, _, end in timeline.phases(marks)]
assert ends == [3.4, 4.1, 4.3, 4.5, 5.0, 5.2, 5.6, 9.0], ends
END
}

@test "bench: a boot without one of the marks is none, and the mark is named" {
    python <<'END'
import timeline
marks = timeline.marks("[    3.470090] Run /init as init process\n", "")
try:
    timeline.phases(marks)
except timeline.Incomplete as reason:
    assert str(reason) == '"address" never came', reason
else:
    raise SystemExit("a boot without an address counted")
END
}

@test "bench: the host's time of a line of the kernel, wherever on its line it stands" {
    python <<'END'
import timeline
times = "1000.5 [    0.100000] early\n1004.1 [  OK  ] Started[    3.000000] bench: job\r\n1009.0 [    9.000000] bench: job\n"
assert timeline.host_seconds(times.replace("\r", ""), "bench: job") == 1004.1
assert timeline.host_seconds("nothing\n", "bench: job") is None
END
}

@test "bench: a capture's packets are counted up to a time" {
    python <<'END'
import struct, wire
def pcap(order, listed):
    head = struct.pack(order + "IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65536, 1)
    return head + b"".join(struct.pack(order + "IIII", s, u, 2, n) + b"xx" for s, u, n in listed)
listed = [(100, 250000, 60), (101, 0, 1514), (102, 0, 40)]
for order in "<>":
    open("pcap", "wb").write(pcap(order, listed) + b"cut")
    packets = list(wire.packets("pcap"))
    assert packets == [(100.25, 60), (101.0, 1514), (102.0, 40)], packets
assert wire.total(packets, 101.0) == {"packets": 2, "bytes": 1574}
assert wire.total(packets) == {"packets": 3, "bytes": 1614}

# The job's packet: UDP over IPv4 to port 9, among others.
def packet(kind, protocol, port):
    return bytes(12) + struct.pack(">H9xB10xHH", kind, protocol, 1000, port) + bytes(8)
frames = [packet(0x86DD, 17, 9), packet(0x800, 6, 9), packet(0x800, 17, 53), packet(0x800, 17, 9)]
with open("marked", "wb") as file:
    file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65536, 1))
    for second, frame in enumerate(frames):
        file.write(struct.pack("<IIII", second, 500000, len(frame), len(frame)) + frame)
assert wire.marker("marked") == 3.5, wire.marker("marked")
assert wire.marker("pcap") is None
END
}

@test "bench: a figure is the medians of the pairs that are whole, and says how many they are" {
    python <<'END'
import statistic
found = statistic.compare({1: 4.0, 2: 6.0, 3: 5.0, 4: 1.0}, {1: 10.0, 2: 10.0, 3: 20.0, 5: 1.0})
assert found["ours"] == 5.0 and found["baseline"] == 10.0 and found["ratio"] == 0.5, found
assert found["n"] == 3 and found["spread"]["ours"] == [4.0, 6.0], found
assert found["spread"]["ratio"] == [0.25, 0.6], found
assert statistic.compare({1: 1.0}, {2: 1.0}) is None
assert statistic.compare({1: 1.0}, {1: 0.0})["ratio"] is None
phases = statistic.median_phases([[("a", 0, 1), ("b", 1, 4)], [("a", 0, 2), ("b", 2, 3)], [("a", 0, 5), ("b", 5, 7)]])
assert phases == [("a", 2), ("b", 2)], phases
END
}

@test "bench: the table has a line for each figure, and says which goal is missed" {
    python <<'END' >table
import table
spread = {"ours": [1, 2], "baseline": [3, 4], "ratio": [0.4, 0.6]}
figures = {
    "boot-cifs": {"unit": "s", "ours": 17.3, "baseline": 40.2, "ratio": 0.43, "n": 5, "spread": spread, "goal": 0.55},
    "image-bytes": {"unit": "MB", "ours": 16.6, "baseline": 30.1, "ratio": 0.551, "n": 1, "spread": spread, "goal": 0.4},
    "payload-big-memory": {"unit": "MB", "ours": 540, "baseline": 500, "ratio": 1.1, "n": 1, "spread": spread,
                           "goal": 532, "goal_value": 532},
    "other": {"unit": "s", "ours": 1.0, "baseline": 0.0, "ratio": None, "n": 1, "spread": {"ratio": None}, "goal": None},
}
print("\n".join(table.figures(figures)))
END
    cat table
    grep -qx 'boot-cifs  *17.3 s  *40.2 s  *0.430  *0.40-0.60  *5  0.55 met' table
    grep -q '^image-bytes .* 0.4 MISSED$' table
    grep -q '^payload-big-memory .* 532 MB MISSED$' table
    grep -q '^other  *1.00 s  *0.00 s  *-' table
}

@test "bench: the chart is whole XML, its bars as long as the phases" {
    python <<'END'
import xml.etree.ElementTree as tree
import chart
ours = [("kernel", 3.0), ("<mount> & more", 1.0)]
theirs = [("kernel", 4.0), ("<mount> & more", 6.0)]
root = tree.fromstring(chart.svg({"cifs": {"ours": ours, "baseline": theirs}, "nfs": {"ours": ours, "baseline": theirs}}))
bars = [r for r in root.iter("{http://www.w3.org/2000/svg}rect") if len(r)]
widths = [float(r.get("width")) for r in bars]
assert len(widths) == 8 and abs(widths[3] - 6 * widths[1]) < 1, widths
tops = [float(r.get("y")) for r in bars]
assert tops[0] < tops[2] < tops[4], tops
assert bars[1][0].text == "<mount> & more: 1.00 s", bars[1][0].text
END
}

@test "bench: the peak of memory is what was left before less what was left at worst meanwhile" {
    python <<'END'
import timeline
watched = "memory 1.000 900\nmemory 2.000 800\nmemory 3.000 500\nmemory 4.000 700\nmemory 5.000 100\n"
assert timeline.peak(watched, 2.5, 4.5) == 300 * 1024
assert timeline.peak(watched, 0.5, 4.5) is None
assert timeline.peak("", 1.0, 2.0) is None
END
}

@test "bench: calls of SMB and NFS are told apart by kind, whatever file they are for" {
    python <<'END'
from callnames import kind_of
for said, kind in {
    "Trans2 Request, QUERY_PATH_INFO, Query File Unix Basic, Path: /a, b": "QUERY_PATH_INFO Unix Basic",
    "Trans2 Request, FIND_FIRST2, Pattern: /etc/*": "FIND_FIRST2",
    "Read AndX Request, FID: 0x9153, 16384 bytes at offset 0": "Read",
    "Negotiate Protocol Request": "Negotiate Protocol",
    "Close Request, FID: 0x1": "Close",
    "V4 Call LOOKUP DH: 0x7133d1b0/work": "NFS4 LOOKUP",
    "V4 NULL Call": "NFS4 NULL",
    "V3 GETATTR Call, FH: 0x1": "NFS3 GETATTR",
}.items():
    assert kind_of(said) == kind, (said, kind_of(said))
END
}

@test "bench: switch_root ends where the new root's init is read, not where systemd speaks of it" {
    python <<'END'
from callnames import first_read
calls = [(1.0, "Read AndX Request, FID: 0x1, 9 bytes"), (3.0, "V4 Call READLINK"), (3.5, "V4 Call READDIR FH: 0x1"),
         (4.0, "V4 Call READ StateID: 0x283c Offset: 0 Len: 16384"), (5.0, "Read AndX Request, FID: 0x1, 9 bytes")]
assert first_read(calls, 2.0, 9.0) == 4.0 and first_read(calls, 4.5, 9.0) == 5.0
assert first_read(calls, 6.0, 9.0) is None
# What comes only after the root's init has spoken is no read of it.
assert first_read(calls, 2.0, 4.0) is None
END
}

@test "bench: what a boot did not tell, or left cut off, is missing, and the report says so and fails" {
    export BENCH=$PWD PAIRS=2
    # shellcheck source=/dev/null
    . "$PYTHONPATH/samples.bash"
    mkdir -p series/{ours,theirs}-{1,2}
    echo '{"boot": 3.5}' | tee series/ours-1/boot.json series/ours-2/boot.json >series/theirs-1/boot.json
    echo '{"boot": null}' >series/theirs-2/boot.json
    printf '{"boot": 3' >series/ours-2/boot.json
    collect boot s series .boot 2>/dev/null
    [ "$(<samples)" = $'boot s ours 1 3.5\nboot s theirs 1 3.5' ]
    echo '{}' >machine.json
    run "$PYTHONPATH/report" . 2
    [ "$status" -eq 1 ]
    [[ $output == *'bench: fewer than asked for: boot: 1 of 2 pairs'*'bench: boot ratio=1.000' ]]
}

# a_boot: the logs of a boot: 4 s for the kernel, 3 for the initramfs, 2 to the job.
a_boot() {
    mkdir -p boot
    cat >boot/console.log <<'END'
[    0.000000] Linux version 6.1.0-57-cloud-amd64 (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP Debian 6.1.192-3 (2026-11-26)
[    4.000000] Run /init as init process
[    4.500000] systemd[1]: systemd 252.39-1~deb12u2 running in system mode (+PAM)
[  OK  ] Reached[    7.000000] systemd[1]: systemd 252.39-1~deb12u2 running in system mode (+PAM)
END
    echo '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}}}}' >boot/qmp.log
    printf 'job=started\nuptime=9.00\n' >boot/verdict.log
    UPDATE=1 "$PYTHONPATH/hold" figures boot
}

@test "bench: a boot is held to the figures of the same versions: 3 % more, and which phase has them" {
    a_boot
    grep -qx 'versions: Linux 6.1.192-3, systemd 252.39-1~deb12u2, QEMU 7.2.22' figures
    run "$PYTHONPATH/hold" figures boot
    [[ $status == 0 && $output == 'figure: boot: kernel 4.000 s (+0.0%), initramfs 3.000 s (+0.0%), root to job 2.000 s (+0.0%)' ]]
    sed -i 's/^initramfs: .*/initramfs: 2.920/' figures
    "$PYTHONPATH/hold" figures boot
    sed -i 's/^initramfs: .*/initramfs: 2.910/' figures
    run "$PYTHONPATH/hold" figures boot
    [[ $status == 1 && $output == *$'\n''initramfs: 3.000 s, +3.1% beside 2.910 s, allowed +3% ('* && $output != *'kernel: '* ]]
    sed -i 's/^initramfs: .*/initramfs: 3.100/' figures
    run "$PYTHONPATH/hold" figures boot
    [[ $status == 0 && $output == *'it is faster now ('* ]]
}

@test "bench: a boot of other versions is held to the figures more loosely, and that is said" {
    a_boot
    sed -i 's/QEMU .*/QEMU 8.0.0/; s/^kernel: .*/kernel: 3.700/' figures
    run "$PYTHONPATH/hold" figures boot
    [[ $status == 0 && $output == *'those of figures of Linux 6.1.192-3, '*'QEMU 8.0.0: 10% more are allowed ('* ]]
    sed -i 's/^kernel: .*/kernel: 3.600/' figures
    run "$PYTHONPATH/hold" figures boot
    [[ $status == 1 && $output == *$'\n''kernel: 4.000 s, +11.1% beside 3.600 s, allowed +10% ('* ]]
    sed -i 's/^uptime.*//' boot/verdict.log
    run "$PYTHONPATH/hold" figures boot
    [[ $status == 1 && $output == 'no job in the logs' ]]
}
