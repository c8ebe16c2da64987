"""Statistics of a point cloud that is given as shares on a grid instead of points."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAX_CORRELATION = 0.999
RADIUS_STEP = 0.005  # of the unit of length


@dataclass(frozen=True)
class Cloud:
    """The shares of one cloud in the cells of a grid.

    Attributes:
        share: of each cell, [H, W], rows from top to bottom; sums to 1.
        x: of the columns' centres, [W], rising.
        y: of the rows' centres, [H], falling.
        spread: variance per axis that the size of cells and dots adds; subtracted from every second moment.
    """

    share: Floats
    x: Floats
    y: Floats
    spread: float

    @cached_property
    def _marginals(self) -> tuple[Floats, Floats]:
        return self.share.sum(axis=0), self.share.sum(axis=1)

    @cached_property
    def _mean(self) -> tuple[float, float]:
        across, down = self._marginals
        return float(across @ self.x), float(down @ self.y)

    @cached_property
    def _covariance(self) -> Floats:
        """[2, 2], corrected for `spread`; each variance is at least a quarter of `spread`."""
        (across, down), (dx, dy) = self._marginals, self._deviations
        least = 0.25 * self.spread
        var_x = max(float(across @ dx**2) - self.spread, least)
        var_y = max(float(down @ dy**2) - self.spread, least)
        limit = MAX_CORRELATION * math.sqrt(var_x * var_y)
        covariance = np.clip(dy @ self.share @ dx, -limit, limit)
        return np.array([[var_x, covariance], [covariance, var_y]])

    @property
    def _deviations(self) -> tuple[Floats, Floats]:
        return self.x - self._mean[0], self.y - self._mean[1]

    def moments(self) -> dict[str, float]:
        """The first and second moments, under the names of `PlotMeasures`."""
        covariance = self._covariance
        (minor, major), axes = np.linalg.eigh(covariance)
        sigma_x, sigma_y = np.sqrt(np.diag(covariance))
        angle = np.degrees(np.arctan2(axes[1, 1], axes[0, 1]))
        return {
            "centroid_x": self._mean[0],
            "centroid_y": self._mean[1],
            "sigma_x": float(sigma_x),
            "sigma_y": float(sigma_y),
            "covariance": float(covariance[0, 1]),
            "correlation": float(covariance[0, 1] / (sigma_x * sigma_y)),
            "sigma_major": float(np.sqrt(major)),
            "sigma_minor": float(np.sqrt(minor)),
            "angle": float(90 - (90 - angle) % 180),  # an axis has no direction
        }

    def kurtoses(self) -> dict[str, float]:
        """The fourth moments, under the names of `PlotMeasures`."""
        (across, down), (dx, dy) = self._marginals, self._deviations
        inverse = np.linalg.inv(self._covariance + self.spread * np.eye(2))
        mixed = 2 * inverse[0, 1] * dx[None] * dy[:, None]
        distance = inverse[0, 0] * dx[None] ** 2 + mixed + inverse[1, 1] * dy[:, None] ** 2
        return {
            "kurtosis_x": float(across @ dx**4 / (across @ dx**2) ** 2),
            "kurtosis_y": float(down @ dy**4 / (down @ dy**2) ** 2),
            "kurtosis_r": float((self.share * distance**2).sum() / (self.share * distance).sum() ** 2),
        }

    def quantiles_x(self, levels: Sequence[float]) -> tuple[float, ...]:
        """The x below which each share of `levels` lies."""
        return _quantiles(self.x, self._marginals[0], levels)

    def quantiles_y(self, levels: Sequence[float]) -> tuple[float, ...]:
        """The y below which each share of `levels` lies."""
        return _quantiles(self.y[::-1], self._marginals[1][::-1], levels)

    def quantiles_r(self, levels: Sequence[float]) -> tuple[float, ...]:
        """The distance from (0, 0) within which each share of `levels` lies."""
        within = self._within_radius
        return tuple((np.interp(levels, within, np.arange(len(within))) * RADIUS_STEP).tolist())

    def ring_shares(self, edges: Sequence[float] | Floats) -> tuple[float, ...]:
        """The share in each ring around (0, 0) between `edges`."""
        within = self._within_radius
        shares = np.interp(np.asarray(edges) / RADIUS_STEP, np.arange(len(within)), within)
        return tuple(np.diff(shares).tolist())

    @cached_property
    def _within_radius(self) -> Floats:
        """The share within 0, 1, 2, ... times `RADIUS_STEP` of (0, 0)."""
        radius = np.hypot(self.x[None], self.y[:, None]) / RADIUS_STEP
        shares = np.bincount(radius.astype(np.intp).ravel(), weights=self.share.ravel())
        return np.concatenate([[0.0], np.cumsum(shares)])

    def marginal_x(self, bands: Sequence[float]) -> tuple[float, ...]:
        """The share in each band of x between `bands`, in sigmas from the mean, and in both tails."""
        deviation = self._deviations[0] / np.sqrt(self._covariance[0, 0])
        return _band_shares(deviation, self._marginals[0], bands)

    def marginal_y(self, bands: Sequence[float]) -> tuple[float, ...]:
        """The share in each band of y between `bands`, in sigmas from the mean, and in both tails."""
        deviation = self._deviations[1][::-1] / np.sqrt(self._covariance[1, 1])
        return _band_shares(deviation, self._marginals[1][::-1], bands)

    def density_map(self, size: int) -> NDArray[np.float32]:
        """The share in each cell of [size, size] over the square from -1 to 1; row 0 is y = 1."""
        return _rebin(_rebin(self.share.T, self.x, size).T, -self.y, size).clip(min=0).astype(np.float32)


def _quantiles(values: Floats, shares: Floats, levels: Sequence[float]) -> tuple[float, ...]:
    below = np.cumsum(shares) - shares / 2  # half of a cell lies below its centre
    return tuple(np.interp(levels, below, values).tolist())


def _band_shares(deviation: Floats, shares: Floats, bands: Sequence[float]) -> tuple[float, ...]:
    step = deviation[1] - deviation[0]
    edges = np.concatenate([deviation - step / 2, deviation[-1:] + step / 2])
    below = np.interp(bands, edges, np.concatenate([[0.0], np.cumsum(shares)]))
    return tuple(np.diff(below, prepend=0.0, append=1.0).tolist())


def _rebin(shares: Floats, middles: Floats, size: int) -> Floats:
    """`shares` [n, m] of cells centred at `middles` [n], rising, as shares [size, m] of `size` bins from -1 to 1."""
    step = middles[1] - middles[0]
    below = np.concatenate([np.zeros((1, shares.shape[1])), np.cumsum(shares, axis=0)])
    place = np.clip((np.linspace(-1, 1, size + 1) - middles[0]) / step + 0.5, 0, len(middles))
    index = np.minimum(place.astype(np.intp), len(middles) - 1)
    part = (place - index)[:, None]
    return np.asarray(np.diff(below[index] * (1 - part) + below[index + 1] * part, axis=0))
