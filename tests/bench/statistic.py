# SPDX-License-Identifier: GPL-2.0-or-later
"""What many runs of two sides come to. A side's values are a dict: the number of the pair, and the value."""
from statistics import median


def compare(ours, theirs):
    """The medians, their ratio, and the spread (least and most) of the values and of the pairs' ratios.
    Only pairs of which both came count. None where there is no pair."""
    pairs = sorted(set(ours) & set(theirs))
    if not pairs:
        return None
    ours, theirs = [ours[pair] for pair in pairs], [theirs[pair] for pair in pairs]
    return {
        "ours": median(ours),
        "baseline": median(theirs),
        "ratio": ratio(median(ours), median(theirs)),
        "n": len(pairs),
        "spread": {
            "ours": [min(ours), max(ours)],
            "baseline": [min(theirs), max(theirs)],
            "ratio": spread_of_ratios(ours, theirs),
        },
    }


def ratio(ours, theirs):
    """None where there is nothing to compare with."""
    return ours / theirs if theirs else None


def spread_of_ratios(ours, theirs):
    ratios = [ratio(a, b) for a, b in zip(ours, theirs) if b]
    return [min(ratios), max(ratios)] if ratios else None


def median_phases(boots):
    """[(name, seconds)]: the median length of each phase. boots: lists of (name, start, end), all with the
    same phases."""
    return [
        (columns[0][0], median(end - start for _, start, end in columns))
        for columns in zip(*boots)
    ]
