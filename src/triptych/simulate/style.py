"""The random style of one sheet: size and colour of its dots, tilt, blur, and file format."""

from dataclasses import dataclass

import numpy as np

from triptych.simulate.layout_spec import RGB, LayoutSpec

DOT_RADIUS_UM = (0.14, 0.28)  # 1.5 to 3.5 px at the scales of the layouts
MAX_TILT = 0.8  # degrees
BLUR_SHARE, BLUR_SIGMA = 0.3, (0.4, 0.9)  # px
TILT_SHARE, JPEG_SHARE = 0.4, 0.4
JPEG_QUALITY = (80, 95)


@dataclass(frozen=True)
class Style:
    """The random properties of one sheet.

    Attributes:
        dot_radius: px.
        pink: the colour of all its dots.
        tilt: degrees, counter-clockwise; 0 for a sheet that was saved directly instead of scanned.
        blur: px, sigma of a Gaussian; 0 for none.
        jpeg_quality: 1 to 95, or None for a PNG.
    """

    dot_radius: float
    pink: RGB
    tilt: float = 0.0
    blur: float = 0.0
    jpeg_quality: int | None = None


def draw_style(layout: LayoutSpec, rng: np.random.Generator) -> Style:
    """The style of one new sheet of `layout`."""
    return Style(
        dot_radius=float(rng.uniform(*DOT_RADIUS_UM) * layout.px_per_um),
        pink=layout.pinks[rng.integers(len(layout.pinks))],
        tilt=float(rng.uniform(-MAX_TILT, MAX_TILT)) if rng.random() < TILT_SHARE else 0.0,
        blur=float(rng.uniform(*BLUR_SIGMA)) if rng.random() < BLUR_SHARE else 0.0,
        jpeg_quality=int(rng.integers(*JPEG_QUALITY, endpoint=True)) if rng.random() < JPEG_SHARE else None,
    )
