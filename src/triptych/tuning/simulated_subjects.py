"""Simulated records to tune on: point clouds of the five classes in random layouts.

Colours, circles and scale are random, so that the model learns the cloud and not the machine. Clouds are mirrored and
rotated by 90 degrees at random, so that no class is tied to a direction.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from triptych.answers.ask import Subject
from triptych.reading import digitise
from triptych.records.fields import point_readings
from triptych.simulate import RING_EDGES, LayoutSpec, draw_points, draw_record, draw_style
from triptych.simulate.classes import CLASS_SPECS
from triptych.simulate.layout_spec import RGB, Colours

SIDE, MARGIN = 504, 28  # px, of the plot and around it
HALF_RANGE = (17.0, 26.0)  # um, from the plot's centre to its frame
GROUND, TARGET = (222, 256), (0, 210)  # grey levels, slightly tinted
TINT = 14
OTHER_HUES = 0.3  # share of sheets whose dots are not pink


def simulated_subject(rng: np.random.Generator) -> Subject:
    """A picture with its readings and its digitised plot; drawn again if the plot is not found."""
    while True:
        points, layout = _cloud(rng), random_layout(rng)
        image = draw_record(points, layout, draw_style(layout, rng), {})
        if (plot := digitise(image)) is not None:
            return Subject(image, point_readings(points, RING_EDGES), plot)


def simulated_readings(count: int, rng: np.random.Generator) -> Iterator[dict[str, float]]:
    """The readings of `count` clouds, without pictures."""
    return (point_readings(_cloud(each), RING_EDGES) for each in rng.spawn(count))


def _cloud(rng: np.random.Generator) -> NDArray[np.float64]:
    """The holes of a record, mirrored and rotated at random, [n, 2] in um; classes are as frequent as in Table 1."""
    counts = np.array([spec.count for spec in CLASS_SPECS.values()])
    points = draw_points(str(rng.choice(list(CLASS_SPECS), p=counts / counts.sum())), rng)
    points *= rng.choice([-1.0, 1.0], size=2)
    return points[:, ::-1] if rng.random() < 0.5 else points


def random_layout(rng: np.random.Generator) -> LayoutSpec:
    """A random layout with a plot and without a table."""
    half_range = float(rng.uniform(*HALF_RANGE))
    outer = half_range * rng.uniform(0.72, 0.98)
    circles = sorted({round(float(outer * share), 1) for share in (*rng.uniform(0.1, 0.95, rng.integers(1, 6)), 1.0)})
    pink = (255, int(rng.integers(0, 150)), int(rng.integers(120, 256)))
    hue: RGB = tuple(rng.permutation([int(rng.integers(200, 256)), *rng.integers(0, 140, 2).tolist()]).tolist())
    return LayoutSpec(
        name="random",
        size=(SIDE + 2 * MARGIN, SIDE + 2 * MARGIN),
        title="",
        plot=(MARGIN, MARGIN, SIDE),
        half_range=half_range,
        circles=tuple(circles),
        blocks=(),
        um_per_unit=1.0,
        decimals=2,
        plus=False,
        rings="interval",
        font="aileron",
        font_size=12,
        pinks=(hue if rng.random() < OTHER_HUES else pink,),
        colours=Colours(ground=_grey(GROUND, rng), target=_grey(TARGET, rng), frame=_grey((0, 120), rng)),
    )


def _grey(levels: tuple[int, int], rng: np.random.Generator) -> RGB:
    """A slightly tinted grey between `levels`."""
    red, green, blue = (rng.integers(*levels) + rng.integers(-TINT, TINT, 3)).clip(0, 255).tolist()
    return red, green, blue
