"""Task-specific data augmentation by class Gaussians (section 3.5, equations 9 and 10).

For each class, points are drawn from a bivariate normal distribution with the class's mean and covariance, and a new
record is drawn from them as a picture. Its readings are computed from the points, without OCR. The VLM and the LLM are
asked as for any other record.

The number of points is that of a random training record of the class. The absolute value of the covariance is the mean
of the absolute values in the class. Its sign is random for each record (the plus-minus of equation 9).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triptych.augment.source import Source, ring_edges
from triptych.records import Record
from triptych.records.fields import MOMENTS, TOTAL, point_readings
from triptych.simulate import LAYOUTS, draw_record, draw_style


class Gaussian:
    """Class Gaussians, as in the paper, which doubles its training set."""

    factor = 2.0

    def draw(self, sources: Sequence[Source], count: int, rng: np.random.Generator) -> Iterator[Record]:
        """`count` new records; none if no training record has a total and moments."""
        usable = [s for s in sources if all(isinstance(s.readings.get(name), float) for name in (TOTAL, *MOMENTS))]
        classes = {label: [s for s in usable if s.label == label] for label in sorted({s.label for s in usable})}
        models = {label: _class_gaussian(members) for label, members in classes.items()}
        order = rng.permutation([source.label for source in usable]).tolist()
        edges = ring_edges(usable)
        for i in range(count if usable else 0):
            label = order[i % len(order)]
            yield _draw(f"tda/{label}/{i:04d}", label, models[label], edges, rng)


@dataclass(frozen=True)
class _ClassGaussian:
    """Mu and Sigma of equation 9 in um, and the totals N of the class's records."""

    mean: NDArray[np.float64]
    variance: NDArray[np.float64]
    covariance: float
    totals: NDArray[np.int64]


def _class_gaussian(members: Sequence[Source]) -> _ClassGaussian:
    rows = np.array([[float(s.readings[name]) for name in (TOTAL, *MOMENTS)] for s in members])
    total, mean_x, mean_y, sigma_x, sigma_y = rows.T
    covariance = np.array([abs(s.correlation) for s in members]) * sigma_x * sigma_y
    return _ClassGaussian(
        mean=np.array([mean_x.mean(), mean_y.mean()]),
        variance=np.array([(sigma_x**2).mean(), (sigma_y**2).mean()]),
        covariance=float(covariance.mean()),
        totals=total.astype(np.int64).clip(min=2),
    )


def _draw(name: str, label: str, model: _ClassGaussian, edges: Sequence[float], rng: np.random.Generator) -> Record:
    covariance = model.covariance * rng.choice([-1.0, 1.0])
    sigma = np.array([[model.variance[0], covariance], [covariance, model.variance[1]]])
    points = rng.multivariate_normal(model.mean, sigma, size=int(rng.choice(model.totals)))
    layout = LAYOUTS[rng.integers(len(LAYOUTS))]
    image = draw_record(points, layout, draw_style(layout, rng), {})
    return Record(id=name, image=image, readings=point_readings(points, edges), label=label)
