# SPDX-License-Identifier: GPL-2.0-or-later
"""The figures and the phases as text."""

HEAD = ("figure", "ours", "baseline", "ratio", "of the pairs", "n", "goal")


def number(value):
    """Three digits of it, or all where it is larger."""
    if value is None:
        return "-"
    if value >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.{2 if value < 10 else 1}f}"


def amount(value, unit):
    """With its unit; what is counted is whole."""
    return f"{number(value)} {unit}" if unit not in ("calls", "packets") else f"{value:,.0f} {unit}".replace(",", " ")


def ratio(value):
    return "-" if value is None else f"{value:.3f}"


def goal(figure):
    if figure.get("goal") is None:
        return ""
    if "goal_value" in figure:
        met = figure["ours"] <= figure["goal_value"]
    else:
        met = figure["ratio"] is not None and figure["ratio"] <= figure["goal"]
    shown = f"{number(figure['goal_value'])} {figure['unit']}" if "goal_value" in figure else f"{figure['goal']:g}"
    return f"{shown} {'met' if met else 'MISSED'}"


def row(name, figure):
    spread = figure["spread"]["ratio"]
    return (
        name,
        amount(figure["ours"], figure["unit"]),
        amount(figure["baseline"], figure["unit"]),
        ratio(figure["ratio"]),
        f"{spread[0]:.2f}-{spread[1]:.2f}" if spread else "-",
        str(figure["n"]),
        goal(figure),
    )


def lines(rows):
    widths = [max(len(cells[i]) for cells in rows) for i in range(len(rows[0]))]
    for cells in rows:
        shown = [cells[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(cells[1:-1], widths[1:-1])]
        yield "  ".join(shown + [cells[-1]]).rstrip()


def figures(results):
    """The table of all figures, a line each."""
    return list(lines([HEAD] + [row(name, figure) for name, figure in results.items()]))


def phases(kind, ours, theirs):
    """Where the time goes: the seconds of each phase, ours and theirs."""
    rows = [(f"phases, {kind}", "ours", "baseline", "")]
    rows += [(name, f"{a:.2f} s", f"{b:.2f} s", "") for (name, a), (_, b) in zip(ours, theirs)]
    rows.append(("in all", f"{sum(a for _, a in ours):.2f} s", f"{sum(b for _, b in theirs):.2f} s", ""))
    return list(lines(rows))
