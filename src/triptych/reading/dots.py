"""Finds the dots in a plot, of any colours, and tells dot plots from other charts and from tables.

Each colour is a layer with its own coverage and size of dots. Whether there are dots is judged by the separate ones: in
a dot plot, many components of a layer are equally large spots.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from triptych.reading.charts import is_series
from triptych.reading.colours import chroma, coloured_layers, difference_from_ground
from triptych.reading.greys import LEAST_PIXELS, grey_depths, outlines, solid_ink, stroke_ink
from triptych.reading.legend import legend_markers
from triptych.reading.marks import MIN_DOT_AREA, Map, Spots, find_spots, opened, thick_part, without_long_lines
from triptych.reading.ocr import Pixels
from triptych.reading.plot import Plot

FRAME_WIDTH = 3.0  # px inside the edge of the plot that its frame may take
GROUND_RANGE, GROUND_SHARE = 16, 0.4  # grey levels; least share of the plot's pixels that are so near to its ground
MAX_DOT = 1 / 12  # greatest diameter of a dot, as a share of the plot's side
LEAST_SEPARATE = 6  # separate dots of a plot without a circle, or without a colour
LEAST_SHARE = 0.1  # of the separate coloured dots; fewer grey ones are print
LEAST_SINGLE = 0.2  # least share of the spots that are separate dots, in a plot without a circle
SOLID = 0.5  # least share of the ink that is thick, if the dots are solid
LEAST_BLOT, LONG_BLOT = 6, 3.0  # least area of merged grey dots, in areas of a dot; greatest ratio of length to width
THICK_BLOT, LINE_WIDTH = 0.8, 3  # least thickness of merged grey dots, in diameters; px, greatest of a line
SAME_SIZE = 1.8  # greatest ratio of the areas of dots of two colours that are drawn alike
SYMMETRIC = 1.2  # greatest median ratio of length to width of marks that consist of strokes; digits have more
LEAST_DOT = 0.4  # least area of a grey dot, in areas of a coloured one


@dataclass(frozen=True)
class Layer:
    """The dots of one colour: the share of each pixel that they cover [H, W], 0 to 1, and the px of one dot."""

    cover: Map
    area: float


@dataclass(frozen=True)
class Dots:
    """The dots of a plot.

    Attributes:
        layers: a layer for each colour; they do not overlap.
        origin: the position of the maps' upper left corner, in px from the plot's centre, y downwards.
    """

    layers: tuple[Layer, ...]
    origin: tuple[float, float]

    @cached_property
    def cover(self) -> Map:
        """The share of each pixel that is covered by dots of any colour, [H, W]."""
        return union([layer.cover for layer in self.layers])

    @cached_property
    def area(self) -> float:
        """The mean area of one dot, px."""
        covered = [float(layer.cover.sum()) for layer in self.layers]
        return sum(covered) / sum(c / layer.area for c, layer in zip(covered, self.layers, strict=True))


def union(covers: Sequence[Map]) -> Map:
    """The share of each pixel that is covered by any of `covers`, which do not overlap."""
    if len(covers) == 1:
        return covers[0]
    return np.asarray(np.minimum(np.sum(covers, axis=0), 1), dtype=np.float32)


@dataclass(frozen=True)
class _Found:
    """A layer with the area of its dots, the places of the separate ones [n, 2], and the number of all spots."""

    cover: Map
    dot: float
    places: NDArray[np.float64]
    spots: int

    @property
    def separate(self) -> int:
        return len(self.places)


def find_dots(image: Pixels, plot: Plot) -> Dots | None:
    """The dots inside `plot` of the upright picture `image` [H, W, 3]; None if it is not a dot plot."""
    half, half_y = plot.half - FRAME_WIDTH, plot.half_y - FRAME_WIDTH
    left, top = max(0, round(plot.center[0] - half)), max(0, round(plot.center[1] - half_y))
    right, bottom = round(plot.center[0] + half), round(plot.center[1] + half_y)
    difference = difference_from_ground(image[top:bottom, left:right])
    if not _has_ground(difference):
        return None
    chromas = chroma(difference)
    found = _judged([find_spots(cover) for cover in coloured_layers(difference, chromas)], plot)
    coloured = _of_dots(found, 1 if plot.circle else LEAST_SEPARATE)
    depths = grey_depths(difference, chromas)
    layers = _without_legend(_with_grey(coloured, depths, plot), depths)
    if not layers or not (plot.circle or _is_scatter(layers)):
        return None
    return Dots(_same_sizes(layers), (left - plot.center[0], top - plot.center[1]))


def _has_ground(difference: NDArray[np.int16]) -> bool:
    near = np.abs(difference[:, ::4, ::4]).max(axis=0) <= GROUND_RANGE
    return bool(near.mean() >= GROUND_SHARE)


def _is_scatter(layers: Sequence[_Found]) -> bool:
    """Whether most spots are separate dots or large blots, and the dots are not a series."""
    most = max(layers, key=lambda layer: layer.separate)
    return most.separate >= LEAST_SINGLE * most.spots and not is_series(*most.places.T)


def _judged(ink: Sequence[Spots], plot: Plot) -> list[_Found]:
    """The layers with the spots `ink`, without whole and dashed lines."""
    if not ink:
        return []
    marks = [without_long_lines(spots) for spots in ink]
    whole = marks[0] if len(marks) == 1 else find_spots(union([spots.cover for spots in marks]))
    if (dashed := whole.too_long).any():
        dashes = whole.pixels(dashed)
        marks = [find_spots(np.where(dashes, np.float32(0), spots.cover)) for spots in marks]
    return [_judge(before, after, plot) for before, after in zip(ink, marks, strict=True)]


def _judge(ink: Spots, marks: Spots, plot: Plot) -> _Found:
    """The layer of the spots `marks`, which are `ink` without lines; without separate dots if its spots are too large.

    What is left of a line is no separate dot.
    """
    diameter = 2 * np.sqrt(marks.dot / np.pi)
    number = int((marks.areas >= MIN_DOT_AREA).sum())
    if not marks.dot or diameter > MAX_DOT * 2 * min(plot.half, plot.half_y):
        return _Found(marks.cover, marks.dot, np.zeros((0, 2)), number)
    if ink is marks:
        return _Found(marks.cover, marks.dot, marks.places, number)
    alone = replace(ink, dot=marks.dot)
    kept = alone.shown(marks.cover)[alone.separate]
    return _Found(marks.cover, marks.dot, alone.places[kept], number)


def _of_dots(found: Sequence[_Found], least: int) -> list[_Found]:
    """The layers that consist of dots: of one at least, `least` are separate; the others may be merged into blots."""
    if not found:
        return []
    most = max(found, key=lambda layer: layer.separate)
    if most.separate < least:
        return []
    merged = [replace(layer, dot=most.dot) for layer in found if layer.separate < LEAST_SEPARATE and layer is not most]
    kept = [layer for layer in merged if layer.cover.sum() >= most.dot and _is_thick(layer.cover)]
    return [most, *kept, *(layer for layer in found if layer.separate >= LEAST_SEPARATE and layer is not most)]


def _is_thick(cover: Map) -> bool:
    return bool(opened(cover, 3).sum() >= 0.5 * cover.sum())


def _with_grey(coloured: list[_Found], depths: list[NDArray[np.uint8]], plot: Plot) -> list[_Found]:
    """The layers `coloured`, together with the grey dots or outlines in `depths`."""
    if not coloured:
        found = [_grey_dots(depth, plot) for depth in depths]
        return [max(found, key=lambda layer: layer.separate)] if any(layer.separate for layer in found) else []
    together = union([layer.cover for layer in coloured])
    most = max(coloured, key=lambda layer: layer.separate)
    for depth in depths:
        if (outline := outlines(depth, together)) is not None:
            return _judged([find_spots(union([together, outline]))], plot)
        least = max(LEAST_SEPARATE, LEAST_SHARE * most.separate)
        grey = _solid_dots(depth, plot, LEAST_DOT * least * most.dot)
        if grey and grey.separate >= least and LEAST_DOT <= grey.dot / most.dot <= 1 / LEAST_DOT:
            return [*coloured, grey]
        if blot := _blot(depth, most.dot):
            return [*coloured, blot]
    return coloured


def _grey_dots(depth: NDArray[np.uint8], plot: Plot) -> _Found:
    """The layer of solid dots or, if they are little of the ink, of symmetric marks that consist of strokes."""
    (found,) = _judged([find_spots(stroke_ink(depth))], plot)
    solid = _solid_dots(depth, plot)
    if solid and solid.separate >= LEAST_SEPARATE and solid.cover.sum() >= SOLID * found.cover.sum():
        return solid
    marks = find_spots(found.cover)
    even = found.separate >= LEAST_SEPARATE and np.median(marks.elongation[marks.separate]) <= SYMMETRIC
    return found if even else replace(found, places=found.places[:0])


def _solid_dots(depth: NDArray[np.uint8], plot: Plot, least: float = LEAST_PIXELS) -> _Found | None:
    """The layer of solid dots; None if they cover less than `least` px."""
    ink = solid_ink(depth, least)
    if ink is None:
        return None
    return _judge(find_spots(ink), find_spots(thick_part(ink)), plot)


def _blot(depth: NDArray[np.uint8], dot: float) -> _Found | None:
    """The layer of grey dots merged into blots, if coloured dots have the area `dot`; None if nothing is so thick."""
    size = round(THICK_BLOT * 2 * np.sqrt(dot / np.pi))
    ink = solid_ink(depth, LEAST_BLOT * dot) if size > LINE_WIDTH else None
    if ink is None:
        return None
    spots = find_spots(opened(ink, size))
    height, width = ink.shape
    inner = (spots.boxes[:, :2].min(axis=1) > size) & (spots.boxes[:, 0] + spots.boxes[:, 2] < width - size)
    inner &= spots.boxes[:, 1] + spots.boxes[:, 3] < height - size
    blots = inner & (spots.areas >= LEAST_BLOT * dot) & (spots.elongation <= LONG_BLOT)
    if not blots.any():
        return None
    cover = np.where(spots.pixels(blots), spots.cover, np.float32(0))
    return _Found(cover, dot, np.zeros((0, 2)), int(blots.sum()))


def _without_legend(found: Sequence[_Found], depths: Sequence[NDArray[np.uint8]]) -> list[_Found]:
    """`found` without the markers of a legend."""
    if not found or not depths:
        return list(found)
    dots = union([layer.cover for layer in found]) > 0
    ink = (np.max(depths, axis=0) > 0) & ~dots
    layers = []
    for layer in found:
        diameter = 2 * float(np.sqrt(layer.dot / np.pi))
        markers = layer.places[legend_markers(layer.places, diameter, ink, dots)]
        cover = layer.cover.copy() if len(markers) else layer.cover
        for x, y in markers:
            rows, columns = (slice(max(0, int(v - diameter)), int(v + diameter) + 1) for v in (y, x))
            cover[rows, columns] = 0
        layers.append(replace(layer, cover=cover))
    return layers


def _same_sizes(found: Sequence[_Found]) -> tuple[Layer, ...]:
    """`found` as layers; dots of nearly the same area have the same."""
    most = max(found, key=lambda layer: layer.separate)
    return tuple(
        Layer(layer.cover, most.dot if 1 / SAME_SIZE < layer.dot / most.dot < SAME_SIZE else layer.dot)
        for layer in found
    )
