"""Digitises a dot plot: `digitise(picture)` measures where its dots lie and the shape of their distribution."""

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from triptych.reading.axes import Scale
from triptych.reading.cloud import Cloud
from triptych.reading.density import dot_density
from triptych.reading.deskew import Upright, deskew
from triptych.reading.dots import Dots, find_dots
from triptych.reading.frame import frame_of
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
        center_px: the centre of the target, or the zero of the axes, in the picture as given, (x, y).
        radius_px: the radius of the outermost circle; without circles, the distance from the centre to the farthest
            side of the frame.
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
        label_per_radius: the outer radius as labelled at the axes; None without labels.
        label_unit: micrometres in the unit of the labels; None if it is not printed.
        label_origin: what the labels say at the plot's centre; (0, 0) unless zero is outside of the plot.
        stretch: the outer radius in px of y is radius_px / stretch; 1 unless the two axes differ in scale.
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
    label_per_radius: float | None = None
    label_unit: float | None = None
    label_origin: tuple[float, float] = (0.0, 0.0)
    stretch: float = field(default=1.0, repr=False)

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
        lengths = {name: float(getattr(self, name)) * scale for name in LENGTHS}
        if self.label_per_radius:
            for name, value in zip(("centroid_x", "centroid_y"), self.label_origin, strict=True):
                lengths[name] += value * scale / self.label_per_radius
        return lengths

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
        angle: degrees by which the picture as given is turned, counter-clockwise.
        scale: what the tick labels say, once they are read.
    """

    plot: Plot
    dots: Dots
    center_px: tuple[float, float]
    angle: float = 0.0
    scale: Scale | None = None

    def measure(self, total: float | None = None) -> PlotMeasures:
        """The measures of the dots; `total` is the number of dots, if known."""
        frame, density = frame_of(self.plot, self.scale), dot_density(self.dots, total)
        (dx, dy), radius = frame.zero, frame.radius
        count = float(density.dots.sum())
        x, y = (density.x - dx) / radius, (density.y + dy) * frame.stretch / radius
        cloud = Cloud(density.dots / count, x, y, density.spread * frame.stretch / radius**2)
        cos, sin = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        return PlotMeasures(
            center_px=(self.center_px[0] + cos * dx + sin * dy, self.center_px[1] - sin * dx + cos * dy),
            radius_px=radius,
            label_per_radius=frame.per_radius,
            label_unit=frame.unit,
            label_origin=frame.origin,
            stretch=frame.stretch,
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
            return DetectedPlot(plot, dots, upright.to_original(plot.center), upright.angle)
    return None
