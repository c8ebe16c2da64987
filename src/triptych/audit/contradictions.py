"""Records whose numbers contradict one another or their plot.

1. What reading found: a printed table that contradicts itself or its plot (`reading.checks`), and was not repaired.
2. The numbers of a manifest are not checked by reading. Here, the rings must sum to the total.
3. For all records with moments and a plot, four comparisons of numbers and plot are made: the ratio of the sigmas, the
   scale of the plot by both sigmas, and the two means. How much they usually differ is learned from the data set as
   the median and a robust standard deviation. A record that differs by more than `audit.deviations` of them, and by
   more than the tolerance of a digitised plot, contradicts its plot.

The total is not compared with the number of dots: dots overlap, so their number is not known well enough.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from triptych.audit.finding import Finding
from triptych.preparation.prepared import Prepared
from triptych.reading import PlotMeasures
from triptych.reading.rings import solve_rings
from triptych.records.fields import MEAN_X, MEAN_Y, SIGMA_X, SIGMA_Y, TOTAL, ring_bounds

CONTRADICTS = re.compile(r"printed, but |by the counts printed|printed for .* which cannot exceed|they put the holes")
NORMAL_MAD = 1.4826  # standard deviations in the median absolute deviation of a normal distribution
LEAST = 10  # records from which the usual difference is learned; with fewer, nothing is compared
USUAL_SCALE = 0.1  # greatest robust standard deviation of the log scale for one common scale of the plots
ADVICE = "Compare the printed numbers with the plot; correct the manifest, or leave the record out"


@dataclass(frozen=True)
class _Pair:
    """The moments of a record and its plot."""

    plot: PlotMeasures
    sigma_x: float
    sigma_y: float
    mean_x: float
    mean_y: float

    @property
    def stretch(self) -> float:
        """The logarithm of sigma x to sigma y by the numbers, less that by the plot."""
        return math.log(self.sigma_x / self.plot.sigma_x) - math.log(self.sigma_y / self.plot.sigma_y)

    @property
    def log_scale(self) -> float:
        """The logarithm of micrometres per radius by both sigmas."""
        return (math.log(self.sigma_x / self.plot.sigma_x) + math.log(self.sigma_y / self.plot.sigma_y)) / 2

    def off(self, mean: float, centroid: float) -> float:
        """The mean less the plot's centroid, in radii."""
        return mean / math.exp(self.log_scale) - centroid


@dataclass(frozen=True)
class _Comparison:
    """One comparison of numbers and plot.

    Attributes:
        names: the compared fields.
        difference: of one record.
        tolerance: the least difference from the usual one that is a contradiction.
        most_spread: the greatest usual spread with which records are compared.
        words: what is given and what is shown, in words, from the record and the usual difference.
    """

    names: str
    difference: Callable[[_Pair], float]
    tolerance: float
    most_spread: float
    words: Callable[[_Pair, float], str]


def _ratio_words(pair: _Pair, _: float) -> str:
    shown = pair.plot.sigma_x / pair.plot.sigma_y
    return f"their ratio is {pair.sigma_x / pair.sigma_y:.2f}, but {shown:.2f} in the plot"


def _scale_words(pair: _Pair, usual: float) -> str:
    times = math.exp(pair.log_scale - usual)
    return f"{pair.sigma_x:g} and {pair.sigma_y:g} um are {times:.2f} times what the plot shows at its usual scale"


def _mean_words(pair: _Pair, mean: float, centroid: float) -> str:
    return f"{mean:g} um is given, but the plot shows {centroid * math.exp(pair.log_scale):.2f} um"


_SIGMAS = f"{SIGMA_X}, {SIGMA_Y}"
_COMPARISONS = (
    _Comparison(_SIGMAS, lambda pair: pair.stretch, 0.15, math.inf, _ratio_words),
    _Comparison(_SIGMAS, lambda pair: pair.log_scale, 0.25, USUAL_SCALE, _scale_words),
    _Comparison(
        MEAN_X,
        lambda pair: pair.off(pair.mean_x, pair.plot.centroid_x),
        0.035,
        math.inf,
        lambda pair, usual: _mean_words(pair, pair.mean_x, pair.plot.centroid_x + usual),
    ),
    _Comparison(
        MEAN_Y,
        lambda pair: pair.off(pair.mean_y, pair.plot.centroid_y),
        0.035,
        math.inf,
        lambda pair, usual: _mean_words(pair, pair.mean_y, pair.plot.centroid_y + usual),
    ),
)


def contradiction_findings(prepared: Sequence[Prepared], deviations: float) -> list[Finding]:
    """One finding for each record with contradictions, in the order of the records."""
    found: dict[int, list[str]] = defaultdict(list)
    for row, item in enumerate(prepared):
        found[row] += [problem for problem in item.reading.problems if CONTRADICTS.search(problem)]
        if item.record.readings:
            found[row] += ring_contradictions(item.reading.values)
    for row, words in plot_contradictions(prepared, deviations):
        found[row].append(words)
    return [
        Finding(
            kind="contradictions",
            records=(prepared[row].record.id,),
            sure="likely",
            words="; ".join(dict.fromkeys(words)),
            advice=ADVICE,
        )
        for row, words in sorted(found.items())
        if words
    ]


def ring_contradictions(values: Mapping[str, float | str]) -> list[str]:
    """Why the total and the rings among `values` contradict one another; empty if they do not, or without rings."""
    counts = {
        bounds: float(v) for name, v in values.items() if (bounds := ring_bounds(name)) and not isinstance(v, str)
    }
    total = values.get(TOTAL)
    number = None if total is None or isinstance(total, str) else float(total)
    faults = solve_rings(counts, number).faults if counts else []
    return [fault.replace("printed", "given") for fault in faults if CONTRADICTS.search(fault)]


def plot_contradictions(prepared: Sequence[Prepared], deviations: float) -> list[tuple[int, str]]:
    """The records (indices) whose moments contradict their plot, and the contradiction in words."""
    pairs = {row: pair for row, item in enumerate(prepared) if (pair := _pair(item))}
    if len(pairs) < LEAST:
        return []
    found = []
    for comparison in _COMPARISONS:
        values = np.array([comparison.difference(pair) for pair in pairs.values()])
        usual = float(np.median(values))
        spread = NORMAL_MAD * float(np.median(np.abs(values - usual)))
        if spread > comparison.most_spread:  # the plots have several scales
            continue
        limit = max(deviations * spread, comparison.tolerance)
        for (row, pair), value in zip(pairs.items(), values.tolist(), strict=True):
            if abs(value - usual) > limit:
                found.append((row, f"{comparison.names}: {comparison.words(pair, usual)}"))
    return found


def _pair(item: Prepared) -> _Pair | None:
    """The moments of a record and its plot; None if one of them is missing or a sigma is not positive."""
    plot = item.reading.plot
    values = [item.reading.values.get(name) for name in (SIGMA_X, SIGMA_Y, MEAN_X, MEAN_Y)]
    numbers = [float(value) for value in values if value is not None and not isinstance(value, str)]
    if plot is None or len(numbers) < len(values) or min(numbers[:2]) <= 0 or min(plot.sigma_x, plot.sigma_y) <= 0:
        return None
    return _Pair(plot, *numbers)
