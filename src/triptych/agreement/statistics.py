"""The statistics of attribute agreement analysis (AIAG, "Measurement systems analysis", 4th edition, chapter III.C).

Agreement is the share of items on which all labels are equal, with an exact binomial interval. Against a reference,
effectiveness is the share of items that an appraiser labelled rightly in all trials. A miss (escape) is a defective
item called normal, a false alarm (overkill) a normal item called defective, counted over all trials. Their usual limits
are those of the manual. Kappa corrects for agreement by chance; it is second, because it depends on how frequent the
classes are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from triptych.agreement.ratings import Ratings
from triptych.decision.bounds import least_records
from triptych.decision.outcomes import Rate

LIMITS: Mapping[str, tuple[float, float]] = {  # acceptable and marginal, as rates of errors
    "effectiveness": (0.10, 0.20),
    "miss": (0.02, 0.05),
    "false alarm": (0.05, 0.10),
}
MOST_CONFUSED = 5  # pairs of classes that are listed


@dataclass(frozen=True)
class Figure:
    """One share with its verdict.

    Attributes:
        what: what it is the share of, such as `within anna`.
        rate: the count and the number of items or labels.
        verdict: `acceptable`, `marginal`, `not acceptable`, or that the interval shows none of these, and how many
            items without an error would show an acceptable rate; empty for a share without usual limits.
    """

    what: str
    rate: Rate
    verdict: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"what": self.what, **self.rate.to_json(), "verdict": self.verdict}


@dataclass(frozen=True)
class Agreement:
    """The analysis.

    Attributes:
        figures: the shares.
        kappas: Cohen's kappa of each pair and of each appraiser with the reference (first trials), and Fleiss' kappa
            over all labels; None if it is undefined.
        confused: the pairs of labels that disagree most, with their number.
        disputed: the items on which not all labels are equal.
    """

    figures: list[Figure]
    kappas: dict[str, float | None]
    confused: list[tuple[str, str, int]]
    disputed: list[str]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "figures": [figure.to_json() for figure in self.figures],
            "kappa": self.kappas,
            "confused": [list(pair) for pair in self.confused],
            "disputed": self.disputed,
        }


def analyse(ratings: Ratings, normal: str | None) -> Agreement:
    """Analyse `ratings`; `normal` is the class of good items."""
    names = list(ratings.trials)
    rows = {name: list(zip(*ratings.trials[name], strict=True)) for name in names}  # the labels of each item
    repeated = [name for name in names if len(ratings.trials[name]) > 1]
    figures = [_share(f"within {name}", [_equal(row) for row in rows[name]]) for name in repeated]
    for one, other in combinations(names, 2):
        pairs = zip(rows[one], rows[other], strict=True)
        figures.append(_share(f"between {one} and {other}", [_equal((*a, *b)) for a, b in pairs]))
    together = [tuple(label for name in names for label in rows[name][i]) for i in range(len(ratings.items))]
    if len(names) > 2:
        figures.append(_share("between all", [_equal(row) for row in together]))
    if ratings.reference is not None:
        figures += _against(ratings, rows, ratings.reference, normal)
    truth: Sequence[Sequence[str]] = [(label,) for label in ratings.reference or ()] or [()] * len(together)
    whole = [(*row, *true) for row, true in zip(together, truth, strict=True)]
    return Agreement(
        figures,
        _kappas(ratings, together),
        _confused(ratings, together),
        [item for item, row in zip(ratings.items, whole, strict=True) if not _equal(row)],
    )


def _against(
    ratings: Ratings, rows: Mapping[str, Sequence[Sequence[str]]], truth: Sequence[str], normal: str | None
) -> list[Figure]:
    """Each appraiser against the reference, and all together."""
    figures = []
    for name, labels in rows.items():
        right = [_equal((*row, true)) for row, true in zip(labels, truth, strict=True)]
        figures.append(_judged(f"{name}: effectiveness", right, "effectiveness"))
        if normal is not None:
            single = [(label, true) for row, true in zip(labels, truth, strict=True) for label in row]
            misses = [label == normal for label, true in single if true != normal]
            alarms = [label != normal for label, true in single if true == normal]
            figures.append(_judged(f"{name}: miss (escape)", misses, "miss"))
            figures.append(_judged(f"{name}: false alarm (overkill)", alarms, "false alarm"))
    if len(rows) > 1:
        every = [all(_equal((*labels[i], true)) for labels in rows.values()) for i, true in enumerate(truth)]
        figures.append(_share("all against the reference", every))
    return figures


def _equal(labels: Sequence[str]) -> bool:
    return len(set(labels)) == 1


def _share(what: str, hits: Sequence[bool]) -> Figure:
    return Figure(what, Rate(sum(hits), len(hits)))


def _judged(what: str, hits: Sequence[bool], kind: str) -> Figure:
    """A share with the verdict that its interval allows."""
    figure = _share(what, hits)
    if not hits:
        return Figure(what, figure.rate, "there are no such items")
    interval = figure.rate.interval()
    low, high = (interval.low, interval.high) if kind != "effectiveness" else (1 - interval.high, 1 - interval.low)
    good, fair = LIMITS[kind]
    if high <= good:
        verdict = "acceptable"
    elif low > fair:
        verdict = "not acceptable"
    elif high <= fair and low > good:
        verdict = "marginal"
    else:
        needed = least_records(good, 0.975)
        verdict = f"not shown; {needed} needed"
    return Figure(what, figure.rate, verdict)


def _kappas(ratings: Ratings, together: Sequence[Sequence[str]]) -> dict[str, float | None]:
    first = {name: trials[0] for name, trials in ratings.trials.items()}
    found = {f"{a} and {b}": cohen_kappa(first[a], first[b]) for a, b in combinations(first, 2)}
    if ratings.reference is not None:
        found |= {f"{name} and the reference": cohen_kappa(labels, ratings.reference) for name, labels in first.items()}
    if len(together[0]) > 1:
        found["all labels (Fleiss)"] = fleiss_kappa(together)
    return found


def cohen_kappa(one: Sequence[str], other: Sequence[str]) -> float | None:
    """Cohen's kappa of two lists of n labels; None if both have a single label throughout."""
    n, a, b = len(one), Counter(one), Counter(other)
    chance = sum(a[label] * b[label] for label in a) / n**2
    seen = sum(x == y for x, y in zip(one, other, strict=True)) / n
    return None if chance == 1 else (seen - chance) / (1 - chance)


def fleiss_kappa(rows: Sequence[Sequence[str]]) -> float | None:
    """Fleiss' kappa of n items with the same number of labels each; None if all labels are the same."""
    n, m = len(rows), len(rows[0])
    counts = [Counter(row) for row in rows]
    total: Counter[str] = sum(counts, Counter())
    chance = sum((count / (n * m)) ** 2 for count in total.values())
    seen = sum(sum(c * (c - 1) for c in row.values()) for row in counts) / (n * m * (m - 1))
    return None if chance == 1 else (seen - chance) / (1 - chance)


def _confused(ratings: Ratings, together: Sequence[Sequence[str]]) -> list[tuple[str, str, int]]:
    """The pairs of labels that were given to one item most often."""
    found: Counter[tuple[str, str]] = Counter()
    for i, row in enumerate(together):
        labels = {*row, ratings.reference[i]} if ratings.reference is not None else set(row)
        found.update(combinations(sorted(labels), 2))
    return [(a, b, count) for (a, b), count in found.most_common(MOST_CONFUSED)]
