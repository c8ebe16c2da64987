"""Task-specific data augmentation that keeps the outline of a record's point cloud (beyond the paper).

The paper draws new records from a Gaussian for each class. This loses slim cores, wings and heavy tails. Here, a new
record has the outline of one training record and similar moments:

1. Draw points from the record's digitised plot, standardised to mean 0, variance 1 and no correlation.
2. Mirror them and exchange their axes at random.
3. Give them new moments m' = mu + sqrt(1 - h^2) (m - mu) + h e, where m are the moments of the record, mu is their mean
   in its class, and e is noise with their covariance in the class. The class keeps this mean and covariance.
4. Compute readings and plot from the points.

A new record has readings and a plot, but no picture.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triptych.augment.source import Drawn, Source, ring_edges
from triptych.records.fields import MEAN_X, MEAN_Y, MOMENTS, SIGMA_X, SIGMA_Y, TOTAL, point_readings

Floats = NDArray[np.float64]

KERNEL = 0.7  # h; 0 keeps the record's moments, 1 draws them from the class
MAX_CORRELATION = 0.97
DOTS = (30, 5000)  # smallest and largest number in a drawn record


@dataclass(frozen=True)
class _Cloud:
    """One training record's dots and moments.

    Attributes:
        origin: index of the record among the sources.
        source: the record.
        below: share of the dots in each non-empty cell of its plot and all cells before it, [n]; ends with 1.
        places: centres of these cells, [n, 2], standardised and decorrelated.
        cell: size of a cell in x and y, in standard deviations.
        moments: mean x and y, log sigma x and y, artanh of the correlation, log of the number of dots.
        scale: micrometres (or other units of the moments) per outer radius of the plot.
    """

    origin: int
    source: Source
    below: Floats
    places: Floats
    cell: Floats
    moments: Floats
    scale: float


class Resample:
    """Draws records with the outline of a training record and similar moments."""

    factor = 9.0

    def draw(self, sources: Sequence[Source], count: int, rng: np.random.Generator) -> Iterator[Drawn]:
        """`count` new records, in the class proportions of the `sources` with a plot; none if there are none."""
        clouds = [cloud for i, source in enumerate(sources) if (cloud := _cloud_of(i, source))]
        spreads = {label: _spread_of(label, clouds) for label in sorted({cloud.source.label for cloud in clouds})}
        edges = ring_edges(sources)
        order = rng.permutation(len(clouds)).tolist()
        for i in range(count if clouds else 0):
            cloud = clouds[order[i % len(order)]]
            yield _draw(cloud, spreads[cloud.source.label], edges, rng)


@dataclass(frozen=True)
class _Spread:
    """The mean of a class's moments, [6], and a square root of their covariance, [6, 6]."""

    mean: Floats
    root: Floats


def _spread_of(label: str, clouds: Sequence[_Cloud]) -> _Spread:
    rows = np.array([cloud.moments for cloud in clouds if cloud.source.label == label])
    mean = rows.mean(axis=0)
    _, sizes, axes = np.linalg.svd((rows - mean) / math.sqrt(max(len(rows) - 1, 1)), full_matrices=False)
    return _Spread(mean, axes.T * sizes)


def _cloud_of(origin: int, source: Source) -> _Cloud | None:
    """The cloud of a record; None without a plot, or if its dots are not spread along both axes."""
    density = source.density
    if density is None or np.count_nonzero(density) < 3:
        return None
    rows, columns = np.nonzero(density)
    share = density[rows, columns].astype(np.float64)
    share /= share.sum()
    side = len(density)
    places = np.stack([(columns + 0.5) / side * 2 - 1, 1 - (rows + 0.5) / side * 2], axis=1)
    mean = share @ places
    sigma = np.sqrt(share @ (places - mean) ** 2)
    if sigma.min() < 1 / side:
        return None
    x, y = ((places - mean) / sigma).T
    rho = float(np.clip(share @ (x * y), -MAX_CORRELATION, MAX_CORRELATION))
    numbers = {name: value for name, value in source.readings.items() if isinstance(value, float)}
    known = all(name in numbers for name in MOMENTS) and min(numbers[SIGMA_X], numbers[SIGMA_Y]) > 0
    scale = source.um_per_radius or 1.0
    if known:
        scale = source.um_per_radius or math.sqrt(numbers[SIGMA_X] * numbers[SIGMA_Y] / sigma.prod())
        mean, sigma = (np.array([numbers[a], numbers[b]]) for a, b in ((MEAN_X, MEAN_Y), (SIGMA_X, SIGMA_Y)))
    else:
        mean, sigma = mean * scale, sigma * scale
    dots = float(np.clip(numbers.get(TOTAL, source.dots), *DOTS))
    below = share.cumsum()
    return _Cloud(
        origin=origin,
        source=source,
        below=below / below[-1],
        places=np.stack([x, (y - rho * x) / math.sqrt(1 - rho * rho)], axis=1),
        cell=2 / side * scale / sigma,
        moments=np.array([*mean, *np.log(sigma), math.atanh(rho), math.log(dots)]),
        scale=scale,
    )


def _draw(cloud: _Cloud, spread: _Spread, edges: Sequence[float], rng: np.random.Generator) -> Drawn:
    noise = spread.root @ rng.standard_normal(spread.root.shape[1])
    moments = spread.mean + math.sqrt(1 - KERNEL**2) * (cloud.moments - spread.mean) + KERNEL * noise
    count = round(math.exp(np.clip(moments[5], *np.log(DOTS))))
    cells = cloud.below.searchsorted(rng.random(count), side="right")  # `choice`, which would sum the shares every time
    points = cloud.places[cells] + rng.uniform(-0.5, 0.5, size=(count, 2)) * cloud.cell
    if rng.random() < 0.5:
        points = points[:, ::-1]
    x, y = (points * rng.choice([-1.0, 1.0], size=2)).T
    rho = math.tanh(moments[4])
    points = moments[:2] + np.exp(moments[2:4]) * np.stack([x, rho * x + math.sqrt(1 - rho * rho) * y], axis=1)
    found = point_readings(points, edges)
    own = cloud.source.readings
    readings = {**own, **{name: value for name, value in found.items() if name in own}}
    return Drawn(cloud.origin, readings, _map(points, cloud))


def _map(points: Floats, cloud: _Cloud) -> NDArray[np.float32]:
    """The share of `points` [n, 2] in each cell of the plot, like `PlotMeasures.density`."""
    assert cloud.source.density is not None
    side = len(cloud.source.density)
    column, row = np.floor((points.T / cloud.scale * ((1,), (-1,)) + 1) / 2 * side).astype(np.int64)
    inside = (column >= 0) & (column < side) & (row >= 0) & (row < side)
    counted = np.bincount((row * side + column)[inside], minlength=side * side)
    return (counted / len(points)).reshape(side, side).astype(np.float32)
