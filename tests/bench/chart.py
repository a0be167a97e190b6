# SPDX-License-Identifier: GPL-2.0-or-later
"""An SVG that shows where the time of a boot goes: for each kind of root two bars, ours over theirs."""
from html import escape

COLOURS = ["#8da0cb", "#fc8d62", "#e5c494", "#a6d854", "#66c2a5", "#b3b3b3", "#e78ac3", "#ffd92f"]
LEFT, WIDTH, BAR, GAP = 150, 900, 26, 8


def text(x, y, said, anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>'


def bar(y, label, phases, scale):
    x, drawn = LEFT, [text(LEFT - 8, y + BAR - 8, label, "end")]
    for colour, (name, seconds) in zip(COLOURS, phases):
        width = seconds * scale
        drawn.append(
            f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{colour}">'
            f"<title>{escape(name)}: {seconds:.2f} s</title></rect>"
        )
        if width > 26:
            drawn.append(text(x + width / 2, y + BAR - 8, f"{seconds:.1f}", "middle"))
        x += width
    drawn.append(text(x + 6, y + BAR - 8, f"{sum(seconds for _, seconds in phases):.1f} s"))
    return drawn


def legend(y, names):
    drawn, x = [], 10
    for colour, name in zip(COLOURS, names):
        drawn.append(f'<rect x="{x}" y="{y}" width="12" height="12" fill="{colour}"/>')
        drawn.append(text(x + 17, y + 11, name))
        x += 34 + 7 * len(name)
    return drawn


def svg(roots):
    """roots: {kind: {"ours": [(phase, seconds)], "baseline": [(phase, seconds)]}}. Returns the file's text."""
    longest = max(sum(s for _, s in side) for sides in roots.values() for side in sides.values())
    scale = (WIDTH - 60) / longest
    drawn, y = legend(10, [name for name, _ in next(iter(roots.values()))["ours"]]), 46
    for kind, sides in roots.items():
        for side in ("ours", "baseline"):
            drawn += bar(y, f"{kind}, {side}", sides[side], scale)
            y += BAR + 2
        y += GAP
    every = next((step for step in (1, 2, 5, 10, 20, 50) if longest / step <= 12), 100)
    for second in range(0, int(longest) + 1, every):
        x = LEFT + second * scale
        drawn.append(f'<line x1="{x:.1f}" y1="40" x2="{x:.1f}" y2="{y}" stroke="#00000022"/>')
        drawn.append(text(x, y + 14, f"{second} s", "middle"))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH}" height="{y + 24}" '
            'font-family="sans-serif" font-size="12">',
            '<rect width="100%" height="100%" fill="white"/>',
            *drawn,
            "</svg>\n",
        ]
    )
