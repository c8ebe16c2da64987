"""A plot digitised: `digitise(picture)` gives the numbers that say where its dots lie and in what shape."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from triptych.reading.cloud import Cloud
from triptych.reading.dots import Dots, dot_density, find_dots
from triptych.reading.plot import Plot, find_plot
from triptych.reading.straighten import Upright, straighten

DENSITY_SIZE = 96  # cells along each side of `PlotMeasures.density`
RINGS = 10  # equal steps of the radius
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
BANDS = (-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0)  # sigmas from the mean, between the bands of a marginal

LENGTHS = ("centroid_x", "centroid_y", "sigma_x", "sigma_y", "sigma_major", "sigma_minor")
"""The measures that are lengths, in outer radii until `in_um`."""


@dataclass(frozen=True)
class PlotMeasures:
    """What a dot plot shows. Lengths are in outer radii from the plot's centre, x to the right and y upwards.

    Attributes:
        center_px: the target's middle in the picture as given, (x, y).
        radius_px: its outermost circle, or half its frame.
        count: dots, estimated; they hide one another.
        coverage: share of the outer circle's area that is coloured.
        centroid_x: mean of x.
        centroid_y: mean of y.
        sigma_x: standard deviation of x, without what the dots' own size adds.
        sigma_y: of y.
        covariance: of x and y, in squared radii.
        correlation: of x and y.
        sigma_major: standard deviation along the cloud's longest axis.
        sigma_minor: across it.
        angle: degrees from the x axis, counter-clockwise, of the longest axis, in (-90, 90].
        kurtosis_x: fourth standardised moment of x; 3 for a normal distribution.
        kurtosis_y: of y.
        kurtosis_r: of the Mahalanobis distance, mean(d^4) / mean(d^2)^2; 2 for a normal distribution.
        quantiles_x: of x at `QUANTILES`.
        quantiles_y: of y.
        quantiles_r: of the distance from the plot's centre.
        ring_shares: share of dots in each of `RINGS` rings of equal width, from the centre to the outer radius.
        marginal_x: share of dots in each band of x between `BANDS`, in sigmas from the mean, and in both tails.
        marginal_y: of y.
        density: share of the dots in each cell, [96, 96], of the square around the outer circle; row 0 on top.
        um_per_radius: micrometres in the outer radius, once known.
    """

    center_px: tuple[float, float]
    radius_px: float
    count: float
    coverage: float
    centroid_x: float
    centroid_y: float
    sigma_x: float
    sigma_y: float
    covariance: float
    correlation: float
    sigma_major: float
    sigma_minor: float
    angle: float
    kurtosis_x: float
    kurtosis_y: float
    kurtosis_r: float
    quantiles_x: tuple[float, ...]
    quantiles_y: tuple[float, ...]
    quantiles_r: tuple[float, ...]
    ring_shares: tuple[float, ...]
    marginal_x: tuple[float, ...]
    marginal_y: tuple[float, ...]
    density: NDArray[np.float32] = field(repr=False, compare=False)
    um_per_radius: float | None = None

    @property
    def anisotropy(self) -> float:
        """How many times longer than wide the cloud is; 1 for a round one."""
        return self.sigma_major / max(self.sigma_minor, 1e-9)

    def in_um(self, um_per_radius: float | None = None) -> dict[str, float]:
        """The lengths of `LENGTHS` in micrometres.

        Raises:
            ValueError: the scale is neither given nor known.
        """
        scale = um_per_radius or self.um_per_radius
        if scale is None:
            raise ValueError("the plot's scale is not known; give um_per_radius")
        return {name: float(getattr(self, name)) * scale for name in LENGTHS}

    def with_scale(self, um_per_radius: float | None) -> "PlotMeasures":
        """The same measures with the scale noted."""
        return replace(self, um_per_radius=um_per_radius)


@dataclass(frozen=True)
class SeenPlot:
    """A plot found in a picture; it can be measured with and without knowing how many dots there are.

    Attributes:
        plot: its place in the upright picture.
        dots: its dots.
        center_px: its middle in the picture as given.
    """

    plot: Plot
    dots: Dots
    center_px: tuple[float, float]

    def measure(self, total: float | None = None) -> PlotMeasures:
        """The measures of the dots; `total` is how many there are, if known."""
        radius, density = self.plot.radius, dot_density(self.dots, total)
        count = float(density.dots.sum())
        cloud = Cloud(density.dots / count, density.x / radius, density.y / radius, density.spread / radius**2)
        return PlotMeasures(
            center_px=self.center_px,
            radius_px=radius,
            count=count,
            coverage=float(self.dots.cover.sum() / (np.pi * radius**2)),
            **cloud.moments(),
            **cloud.kurtoses(),
            quantiles_x=cloud.quantiles_x(QUANTILES),
            quantiles_y=cloud.quantiles_y(QUANTILES),
            quantiles_r=cloud.quantiles_r(QUANTILES),
            ring_shares=cloud.ring_shares(np.linspace(0, 1, RINGS + 1)),
            marginal_x=cloud.marginal_x(BANDS),
            marginal_y=cloud.marginal_y(BANDS),
            density=cloud.density_map(DENSITY_SIZE),
        )


def digitise(image: Image.Image) -> PlotMeasures | None:
    """What the dot plot in `image` shows, whatever the colour of its dots; None for a picture without a plot."""
    seen = see_plot(straighten(np.asarray(image.convert("RGB"))))
    return seen.measure() if seen else None


def see_plot(upright: Upright) -> SeenPlot | None:
    """The plot in an upright picture, or None."""
    plot = find_plot(upright.pixels)
    dots = find_dots(upright.pixels, plot) if plot else None
    return SeenPlot(plot, dots, upright.to_original(plot.center)) if plot and dots else None
