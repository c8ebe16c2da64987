"""Recognises numbers along a plot's axes as tick labels, and print among its dots, which are not values.

Tick labels are evenly spaced, and give the scale of the plot (`axes`). A text box in the plot is kept: several of its
lines name a field and give its value.
"""

from collections.abc import Sequence

from triptych.reading.axes import Axis, Scale, axis_unit, fit_axis
from triptych.reading.box import Box
from triptych.reading.ocr import Word
from triptych.reading.plot import Plot
from triptych.reading.printed_names import parse_label
from triptych.reading.split_words import split_word
from triptych.reading.units import parse_number
from triptych.reading.vocabulary import Vocabulary

REACH = 0.25  # greatest distance of a tick label from the frame, in half sides of the plot
EVENNESS = 0.02  # greatest deviation of a tick label from even spacing, in half sides of the plot
TITLE_SIDE = 0.5  # greatest distance of the centre of an axis title from the middle of its side, in half sides
TITLE_REACH = 0.4  # greatest distance of an axis title from the frame, in half sides of the plot
BESIDE = 3.0  # heights of text; a number with a word so near on its right is part of a table
BOXED = 2  # least number of named values in a text box


def without_ticks(words: Sequence[Word], plot: Plot, vocabulary: Vocabulary | None = None) -> list[Word]:
    """`words` of a page without the tick labels along the sides of `plot`; of those in it, only a text box is kept."""
    outside = _outside(words, plot)
    ticks = [word for axis in _axes(outside, plot) for word in axis.labels]
    inside = [word for word in words if word not in outside]
    return [*(word for word in outside if word not in ticks), *_text_box(inside, vocabulary)]


def tick_scale(words: Sequence[Word], plot: Plot) -> Scale | None:
    """The scale of `plot` by its tick labels among the `words` of a page; None unless both axes have labels.

    x must rise to the right and y upwards.
    """
    outside = _outside(words, plot)
    across, down = (_axes(outside, plot, direction) for direction in (0, 1))
    if not across or not down:
        return None
    x, y = (max(axes, key=lambda axis: len(axis.labels)) for axes in (across, down))
    if x.per_px <= 0 or y.per_px >= 0:
        return None
    titles = [word for word in outside if _is_title(word.box, plot)]
    return Scale((x.zero, y.zero), (x.per_px, -y.per_px), axis_unit(titles))


def _is_title(box: Box, plot: Plot) -> bool:
    """Whether `box` lies where the title of the x axis does."""
    return _offset(box, plot, 0) <= TITLE_SIDE and 1 < _offset(box, plot, 1) <= 1 + TITLE_REACH


def _outside(words: Sequence[Word], plot: Plot) -> list[Word]:
    return [word for word in words if max(_offset(word.box, plot, 0), _offset(word.box, plot, 1)) > 1]


def _axes(outside: Sequence[Word], plot: Plot, direction: int | None = None) -> list[Axis]:
    """The axes that words outside of `plot` label, along `direction` (0: x, 1: y) or both."""
    alone = [word for word in outside if not _has_word_beside(word, outside)]
    found = []
    for along in (0, 1) if direction is None else (direction,):
        for side in (-1, 1):
            labels = [word for word in alone if _beside(word.box, plot, 1 - along, side)]
            found.append(fit_axis(labels, along, EVENNESS * _half(plot, along)))
    return [axis for axis in found if axis]


def _half(plot: Plot, axis: int) -> float:
    return plot.half_y if axis else plot.half


def _text_box(inside: Sequence[Word], vocabulary: Vocabulary | None) -> list[Word]:
    """The words of a text box in the plot: those around at least `BOXED` lines that hold a known name and its value."""
    named = [word for word in inside if _is_named_value(word, vocabulary)]
    if len(named) < BOXED:
        return []
    box = Box.around(word.box for word in named)
    around = box.grown(box.height / len(named), 2 * box.height / len(named))
    return [word for word in inside if around.contains(word.box.center) and any(map(str.isalnum, word.text))]


def _is_named_value(word: Word, vocabulary: Vocabulary | None) -> bool:
    pieces = split_word(word, vocabulary)
    label = parse_label(pieces.name.text, vocabulary) if pieces.name and pieces.value else None
    return label is not None and label.field is not None


def _has_word_beside(word: Word, words: Sequence[Word]) -> bool:
    """Whether a word that is not a number follows `word` on its line."""
    reach = BESIDE * word.box.height
    return any(
        other.box.on_line_of(word.box)
        and -reach / 3 < other.box.x0 - word.box.x1 < reach
        and not parse_number(other.text)
        for other in words
        if other is not word
    )


def _offset(box: Box, plot: Plot, axis: int) -> float:
    """The distance of the centre of `box` from the plot's centre along `axis`, in half sides."""
    return abs(box.center[axis] - plot.center[axis]) / _half(plot, axis)


def _beside(box: Box, plot: Plot, axis: int, side: int) -> bool:
    """Whether `box` lies outside the plot, near its `side` (-1 or 1) along `axis`."""
    beyond = side * (box.center[axis] - plot.center[axis]) / _half(plot, axis) - 1
    return 0 < beyond < REACH and _offset(box, plot, 1 - axis) <= 1 + REACH
