"""Fits the outermost target circle around approximately a given centre to a fraction of a pixel."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]

LINE_DEPTH = 10  # grey levels that a line differs from its surroundings
CIRCLE_SHARE = 0.6  # least share of all directions that meet a line at a circle's radius
DIRECTIONS = 360
ROUND_SHARE = 0.55  # least share of all directions whose line is within 1 px of the circle; low in photographs


@dataclass(frozen=True)
class Circle:
    """A circle in px."""

    center: tuple[float, float]
    radius: float


def outer_circle(lines: Gray, center: tuple[float, float], half: float) -> Circle | None:
    """The outermost circle within about `half` px of `center` in `lines` [H, W], refined to a fraction of a pixel."""
    import cv2

    reach = int(half * 1.05)
    size = (reach, DIRECTIONS)
    polar = cv2.warpPolar(lines, size, center, reach, cv2.INTER_LINEAR | cv2.WARP_FILL_OUTLIERS).astype(np.float32)
    # If the centre is off by a few pixels, so is the line: search within 3 px.
    met = cv2.dilate(polar, np.ones((1, 7), np.uint8)) > LINE_DEPTH
    share = met.mean(axis=0)
    radii = np.flatnonzero(share[: reach - 3] >= CIRCLE_SHARE)
    radii = radii[radii > 0.3 * half]
    if not len(radii):
        return None
    run_start = int(radii[-1])
    while run_start - 1 in radii:
        run_start -= 1
    low, high = max(0, run_start - 2), min(reach, int(radii[-1]) + 3)
    return _fit_circle(polar[:, low:high], low, center)


def _fit_circle(band: NDArray[np.float32], low: int, center: tuple[float, float]) -> Circle | None:
    """Least squares of r(t) = R + dx cos t + dy sin t over the clearest radius in each direction of `band`."""
    angles = np.arange(len(band)) * 2 * np.pi / len(band)
    depth = band.max(axis=1)
    weights = np.where(band > 0.5 * depth[:, None], band, 0)
    radius = (weights * np.arange(band.shape[1])).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-6) + low
    keep = depth > LINE_DEPTH
    design = np.stack([np.ones_like(angles), np.cos(angles), np.sin(angles)], axis=1)
    for _ in range(4):
        if keep.sum() < DIRECTIONS // 4:
            return None
        (fitted, dx, dy), *_ = np.linalg.lstsq(design[keep], radius[keep], rcond=None)
        misfit = np.abs(radius - design @ np.array([fitted, dx, dy]))
        keep = (depth > LINE_DEPTH) & (misfit < max(0.5, 2.0 * float(np.median(misfit[keep]))))
    if ((depth > LINE_DEPTH) & (misfit < 1)).mean() < ROUND_SHARE:
        return None
    return Circle((float(center[0] + dx), float(center[1] + dy)), float(fitted))
