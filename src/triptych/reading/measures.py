"""Digitises a dot plot: `digitise(picture)` measures where its dots lie and the shape of their distribution."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from triptych.reading.cloud import Cloud
from triptych.reading.density import dot_density
from triptych.reading.deskew import Upright, deskew
from triptych.reading.dots import Dots, find_dots
from triptych.reading.plot import Plot, find_plots

DENSITY_SIZE = 96  # cells along each side of `PlotMeasures.density`
RINGS = 10  # equal steps of the radius
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
BANDS = (-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0)  # edges of a marginal's bands, in sigmas from the mean

LENGTHS = ("centroid_x", "centroid_y", "sigma_x", "sigma_y", "sigma_major", "sigma_minor")
"""The measures that are lengths, in outer radii; `in_um` converts them."""


@dataclass(frozen=True)
class PlotMeasures:
    """The measures of a dot plot. Lengths are in outer radii from the plot's centre, x to the right and y upwards.

    Attributes:
        center_px: the centre of the target in the picture as given, (x, y).
        radius_px: the radius of the outermost circle, or half the longer side of the frame.
        count: the estimated number of dots; dots overlap.
        coverage: share of the outer circle's area that is coloured.
        centroid_x: mean of x.
        centroid_y: mean of y.
        sigma_x: standard deviation of x, corrected for the size of the dots.
        sigma_y: of y.
        covariance: of x and y, in squared radii.
        correlation: of x and y.
        sigma_major: standard deviation along the cloud's longest axis.
        sigma_minor: standard deviation across the longest axis.
        angle: of the longest axis, in degrees counter-clockwise from the x axis, in (-90, 90].
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
        """The ratio of the cloud's length to its width; 1 for a round cloud."""
        return self.sigma_major / max(self.sigma_minor, 1e-9)

    def in_um(self, um_per_radius: float | None = None) -> dict[str, float]:
        """The lengths of `LENGTHS` in micrometres.

        Raises:
            ValueError: the scale is not known and none is given.
        """
        scale = um_per_radius or self.um_per_radius
        if scale is None:
            raise ValueError("the plot's scale is not known; give um_per_radius")
        return {name: float(getattr(self, name)) * scale for name in LENGTHS}

    def with_scale(self, um_per_radius: float | None) -> "PlotMeasures":
        """The same measures with the scale `um_per_radius`."""
        return replace(self, um_per_radius=um_per_radius)


@dataclass(frozen=True)
class DetectedPlot:
    """A plot found in a picture. It can be measured with or without a known number of dots.

    Attributes:
        plot: its position in the upright picture.
        dots: its dots.
        center_px: its centre in the picture as given.
    """

    plot: Plot
    dots: Dots
    center_px: tuple[float, float]

    def measure(self, total: float | None = None) -> PlotMeasures:
        """The measures of the dots; `total` is the number of dots, if known."""
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
    """The measures of the dot plot in `image`; the dots may have any colour. None for a picture without a plot."""
    seen = detect_plot(deskew(np.asarray(image.convert("RGB"))))
    return seen.measure() if seen else None


def detect_plot(upright: Upright) -> DetectedPlot | None:
    """The plot in an upright picture, or None."""
    for plot in find_plots(upright.pixels):
        if dots := find_dots(upright.pixels, plot):
            return DetectedPlot(plot, dots, upright.to_original(plot.center))
    return None
