"""The five classes of records and how their hole positions are drawn.

The class means and variances are those of the paper's Table 1, the shapes those of its Figure 2. Each record draws its
own mean, variances, correlation and number of holes around them, because real records vary. Lengths are in um.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triptych.simulate.shapes import Shape, candy, gaussian, heavy_tailed

Pair = tuple[float, float]

MEDIAN_HOLES, LOG_SD_HOLES = 500, 0.5
HOLES = (120, 2500)  # fewest and most
CORRELATION_SD, MAX_CORRELATION = 0.2, 0.6


@dataclass(frozen=True)
class ClassSpec:
    """The distribution of the records of one class.

    Attributes:
        count: number of records of the class in the paper's data set (Table 1).
        mean: um, x and y.
        mean_sd: um, standard deviation per axis of a record's mean around the class's mean.
        variances: um^2, x and y, with the probability of each pair; a class may be stretched along either axis.
        size_sd: standard deviation of the log of the factor of both variances.
        stretch_sd: standard deviation of the log of the factor that multiplies one variance and divides the other.
        shape: the shape of the cloud.
    """

    count: int
    mean: Pair
    mean_sd: float
    variances: tuple[tuple[float, Pair], ...]
    size_sd: float
    stretch_sd: float
    shape: Shape


CLASS_SPECS: dict[str, ClassSpec] = {
    "normal": ClassSpec(225, (0.04, -0.05), 0.9, ((1.0, (3.71, 3.52)),), 0.28, 0.15, gaussian),
    "type-1": ClassSpec(92, (2.73, 0.59), 1.8, ((1.0, (7.38, 5.52)),), 0.35, 0.22, candy),
    "type-2": ClassSpec(44, (6.43, -3.21), 2.7, ((1.0, (8.27, 8.63)),), 0.38, 0.25, gaussian),
    "type-3": ClassSpec(50, (-1.10, 0.65), 1.8, ((0.62, (10.4, 4.5)), (0.38, (4.4, 9.6))), 0.35, 0.28, gaussian),
    "type-4": ClassSpec(44, (-0.21, -0.01), 1.8, ((1.0, (9.44, 8.77)),), 0.38, 0.25, heavy_tailed),
}
CLASSES: tuple[str, ...] = tuple(CLASS_SPECS)


def draw_points(label: str, rng: np.random.Generator) -> NDArray[np.float64]:
    """The hole positions of one new record of class `label`, [n, 2] in um, y upwards."""
    spec = CLASS_SPECS[label]
    n = int(np.clip(np.exp(rng.normal(np.log(MEDIAN_HOLES), LOG_SD_HOLES)), *HOLES))
    mean = rng.normal(spec.mean, spec.mean_sd)
    sd = np.sqrt(_draw_variances(spec, rng))
    correlation = np.clip(rng.normal(0.0, CORRELATION_SD), -MAX_CORRELATION, MAX_CORRELATION)
    points = spec.shape(n, rng)
    points /= points.std(axis=0)
    points[:, 1] = correlation * points[:, 0] + np.sqrt(1 - correlation**2) * points[:, 1]
    return mean + sd * points


def _draw_variances(spec: ClassSpec, rng: np.random.Generator) -> NDArray[np.float64]:
    """One record's variances (x, y), um^2."""
    choice = rng.choice(len(spec.variances), p=[probability for probability, _ in spec.variances])
    size, stretch = rng.normal(0.0, spec.size_sd), rng.normal(0.0, spec.stretch_sd)
    factors: NDArray[np.float64] = np.exp(size + np.array([stretch, -stretch]))
    return np.asarray(spec.variances[choice][1]) * factors
