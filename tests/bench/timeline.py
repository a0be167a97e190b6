# SPDX-License-Identifier: GPL-2.0-or-later
"""When things happened in a boot, in seconds since the kernel's start, from what the machine wrote.

Three sources, one clock: the console (lines of the kernel, printk.time), the journal
(journalctl -o short-monotonic), and rootovl's report, where there is one.
"""
import json
import re

KERNEL_LINE = re.compile(r"\[ *(\d+\.\d{6})\] (.*)")
JOURNAL_LINE = re.compile(r"^\[ *(\d+\.\d{6})\] \S+ ([^:\[ ]+)(?:\[\d+\])?: (.*)")

# What is said last where no systemd ran before the root's: the short way's end.
SHORT_SWITCH = r"^(rootovl(\[\d+\])?: )?root ready in "

# The phases of a boot: the name, and the mark that ends it. A phase begins where the one before it ended.
PHASES = [
    ("kernel", "init"),
    ("udev and network", "address"),
    ("mount of the root", "mounted"),
    ("overlay", "payload begins"),
    ("payload", "payload ends"),
    ("to switch_root", "switch root"),
    ("systemd of the root", "root's systemd"),
    ("start of the root", "job"),
]


class Incomplete(Exception):
    """A mark of a boot is not there."""


def kernel_lines(console):
    """(seconds, text) of each line of the kernel's log on the console. systemd writes to the same console,
    so that a line may begin within another."""
    for line in console.splitlines():
        found = KERNEL_LINE.search(line)
        if found:
            yield float(found[1]), found[2].rstrip()


def journal_lines(journal):
    """(seconds, who, text) of each line of journalctl -o short-monotonic."""
    for line in journal.splitlines():
        found = JOURNAL_LINE.match(line)
        if found:
            yield float(found[1]), found[2], found[3].rstrip()


def first(lines, regex, after=0.0):
    """The seconds of the first line from `after` on that the expression matches, or None."""
    return next((line[0] for line in lines if line[0] >= after and re.search(regex, line[-1])), None)


def section(verdict, name):
    """The lines between "--- name" and "---" of what the job said."""
    found = re.search(rf"^--- {name}\n(.*?)^---$", verdict, re.M | re.S)
    return found[1] if found else ""


def steps(verdict):
    """[(name, start, end)] of the steps of rootovl's report; none where there is no report."""
    report = json.loads(section(verdict, "report").strip() or "{}")
    return [
        (one["step"], one["start_ms"] / 1000, (one["start_ms"] + one["length_ms"]) / 1000)
        for one in report.get("steps", [])
    ]


def marks(console, verdict):
    """The seconds of each mark. console and verdict: the text of the two serial ports."""
    kernel = list(kernel_lines(console))
    journal = list(journal_lines(section(verdict, "journal")))
    ours = {name: (start, end) for name, start, end in steps(verdict)}
    found = {
        "init": first(kernel, r"^Run /init as init process"),
        "address": first(journal + kernel, r"DHCPv4 address .* acquired|^bound to "),
        "switch root": first(journal, r"^Switching root") or first(journal + kernel, SHORT_SWITCH),
        "job": first(kernel, r"^bench: job$"),
        "packet": first(kernel, r"^bench: packet$"),
        "end": first(kernel, r"^bench: end$"),
        "restart": first(kernel, r"^reboot: Restarting system"),
    }
    if found["switch root"]:
        found["root's systemd"] = first(journal, r"^systemd \d+.* running in system mode", found["switch root"])
    if ours:
        found["mounted"] = ours.get("mount lower", (None, None))[1]
        found["payload begins"], found["payload ends"] = ours.get("copy payload", (None, None))
    else:
        found["mounted"] = first(journal, r"^Finished dracut-initqueue")
        found["payload begins"] = first(kernel, r"^bench: payload begins$")
        found["payload ends"] = first(kernel, r"^bench: payload ends$")
    return found


def phases(found):
    """[(name, start, end)] of PHASES. Raises Incomplete."""
    start, result = 0.0, []
    for name, mark in PHASES:
        end = found.get(mark)
        if end is None:
            raise Incomplete(f"\"{mark}\" never came")
        result.append((name, start, max(start, end)))
        start = max(start, end)
    return result


def units(journal):
    """{name: (start, end)}: how long the units of the initramfs were starting. An oneshot is started when
    it is finished."""
    begun, spans = {}, {}
    for seconds, who, text in journal_lines(journal):
        if who != "systemd":
            continue
        if re.match(r"^Switching root", text):
            break
        found = re.match(r"^(Starting|Started|Finished) (\S+\.service)", text)
        if found and found[1] == "Starting":
            begun[found[2]] = seconds
        elif found and found[2] in begun:
            spans.setdefault(found[2], (begun[found[2]], seconds))
    return spans


def host_seconds(times, text):
    """The host's seconds at which the kernel wrote a line, or None. times: the console with the host's time in
    front of each line."""
    for line in times.splitlines():
        host, _, rest = line.partition(" ")
        found = KERNEL_LINE.search(rest)
        if found and found[2].rstrip() == text:
            return float(host)
    return None


def peak(verdict, begin, end):
    """By how many bytes more memory was in use at the peak between two times than before the first: of
    lines "memory SECONDS KIBIBYTES", what was left then. None where nobody watched."""
    watched = [(float(at), int(left)) for at, left in re.findall(r"^memory (\d+\.\d+) (\d+)$", verdict, re.M)]
    before = [left for at, left in watched if at <= begin]
    during = [left for at, left in watched if begin < at <= end]
    if not before or not during:
        return None
    return max(0, before[-1] - min(during)) * 1024
