"""The share of each pixel that is covered by dots of one colour, for every colour in a plot.

Colours are differences from the plot's ground, which may be white, tinted or dark. Their grey part is left out, so grey
lines and print do not count. The common hues are found one after another; a pixel belongs to the hue that covers it
most.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from triptych.reading.ocr import Pixels

Map = NDArray[np.float32]
Difference = NDArray[np.int16]

MIN_CHROMA = 50  # least difference between a dot's largest and smallest channel; ink, lines and paper have less
LEAST_COVER = 0.2  # less coverage of a pixel is JPEG noise
MAX_OFF_HUE = 0.6  # share of a pixel's colour that may differ from the dots' hue
INSIDE = 0.7  # least coverage of a pixel beside the blend of two colours
HUE_BIN = 5  # degrees
HUE_REACH = 20  # degrees on either side of a colour's hue
MAX_COLOURS = 6
LEAST_PIXELS = 20
LEAST_SHARE = 0.003  # of all coloured pixels; a colour with less is noise
ALIKE_SHARE = 0.03  # the same for a hue near another one, as JPEG makes
MAX_SAMPLE = 20_000  # pixels from which hues are found


def difference_from_ground(image: Pixels) -> Difference:
    """The difference of each pixel of `image` [H, W, 3] from the most common colour, [3, H, W]."""
    few = image[::4, ::4].reshape(-1, 3)
    ground = np.rint(np.median(few, axis=0)).astype(np.int16)
    return np.stack([image[..., i].astype(np.int16) - ground[i] for i in range(3)])


def chroma(difference: Difference) -> NDArray[np.int16]:
    """The difference between the largest and the smallest channel of each pixel of `difference` [3, H, W]."""
    red, green, blue = difference
    most, least = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    return np.asarray(most - least, dtype=np.int16)


def coloured_layers(difference: Difference, chromas: NDArray[np.int16]) -> list[Map]:
    """The coverage [H, W], 0 to 1, by each colour in `difference` [3, H, W] from the ground."""
    import cv2

    coloured = np.flatnonzero(chromas >= MIN_CHROMA)
    if len(coloured) < LEAST_PIXELS:
        return []
    sample = difference.reshape(3, -1)[:, coloured[:: max(1, len(coloured) // MAX_SAMPLE)]].T.astype(np.float32)
    x, y, width, height = cv2.boundingRect((chromas >= LEAST_COVER * MIN_CHROMA).view(np.uint8))
    window = slice(y, y + height), slice(x, x + width)
    red, green, blue = difference[:, window[0], window[1]].astype(np.float32)
    layers = []
    for colour in _colours(sample):
        across = np.cross(colour, np.ones(3)) / np.sqrt(3)  # as long as `colour`, orthogonal to it and to grey
        weights = (np.stack([colour, across]) / (colour @ colour)).astype(np.float32)
        along, beside = (r * red + g * green + b * blue for r, g, b in weights)
        part: Map = np.minimum(along, 1)
        part[(along < LEAST_COVER) | (np.abs(beside) > MAX_OFF_HUE * along)] = 0
        cover = np.zeros(chromas.shape, dtype=np.float32)
        cover[window] = part
        layers.append(cover)
    return _divided(layers, chromas) if len(layers) > 1 else layers


def _divided(layers: list[Map], chromas: NDArray[np.int16]) -> list[Map]:
    """`layers` with each pixel in one of them: that which covers it most or, in a blend, its neighbour."""
    import cv2

    most = np.max(layers, axis=0)
    blend = (most == 0) & (chromas >= MIN_CHROMA // 2)
    near = [cv2.dilate(layer, np.ones((3, 3), np.uint8)) for layer in layers]
    nearest = np.max(near, axis=0)
    return [
        np.where(layer == most, layer, np.float32(0))
        + np.where(blend & (around == nearest) & (around >= INSIDE), around, np.float32(0))
        for layer, around in zip(layers, near, strict=True)
    ]


def _colours(sample: NDArray[np.float32]) -> list[NDArray[np.float64]]:
    """The common colours of `sample` [n, 3] without their grey part, [3] each, the most frequent first."""
    red, green, blue = sample.T
    hue = np.degrees(np.arctan2(np.sqrt(3) * (green - blue), 2 * red - green - blue)) % 360
    strength = sample.max(axis=1) - sample.min(axis=1)
    colours: list[NDArray[np.float64]] = []
    peaks: list[float] = []
    left = np.ones(len(sample), dtype=bool)
    while len(colours) < MAX_COLOURS and left.sum() >= LEAST_PIXELS:
        bins = (hue[left] / HUE_BIN).astype(np.intp) % (360 // HUE_BIN)
        counts = np.bincount(bins, weights=strength[left], minlength=360 // HUE_BIN)
        counts += np.roll(counts, 1) + np.roll(counts, -1)
        peak = (float(np.argmax(counts)) + 0.5) * HUE_BIN
        near = left & (_turn(hue, peak) <= HUE_REACH)
        left &= ~near
        alike = any(_turn(np.array(other), peak) <= 2 * HUE_REACH for other in peaks)
        if near.sum() >= max(LEAST_PIXELS, (ALIKE_SHARE if alike else LEAST_SHARE) * len(sample)):
            strong = near & (strength >= 0.8 * np.percentile(strength[near], 90))
            colour = np.median(sample[strong], axis=0).astype(np.float64)
            colours.append(colour - colour.mean())
            peaks.append(peak)
    return colours


def _turn(hue: NDArray[Any], other: float) -> NDArray[Any]:
    """The angle between two hues in degrees."""
    return np.abs((hue - other + 180) % 360 - 180)
