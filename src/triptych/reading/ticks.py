"""Recognises numbers along a plot's axes as tick labels, and print among its dots, which are not values.

Tick labels are evenly spaced: number and position change in proportion. A text box in the plot is kept: several of its
lines name a field and give its value.
"""

from collections.abc import Sequence

import numpy as np

from triptych.reading.box import Box
from triptych.reading.ocr import Word
from triptych.reading.page_words import split_word
from triptych.reading.plot import Plot
from triptych.reading.printed_names import parse_label
from triptych.reading.units import parse_number
from triptych.reading.vocabulary import Vocabulary

REACH = 0.25  # greatest distance of a tick label from the frame, in half sides of the plot
EVENNESS = 0.02  # greatest deviation of a tick label from even spacing, in half sides of the plot
LEAST = 3  # fewer numbers in a line are not an axis
BESIDE = 3.0  # heights of text; a number with a word so near on its right is part of a table
BOXED = 2  # least number of named values in a text box


def without_ticks(words: Sequence[Word], plot: Plot, vocabulary: Vocabulary | None = None) -> list[Word]:
    """`words` of a page without the tick labels along the sides of `plot`; of those in it, only a text box is kept."""
    outside = [word for word in words if max(_offset(word.box, plot, 0), _offset(word.box, plot, 1)) > 1]
    alone = [word for word in outside if not _has_word_beside(word, outside)]
    ticks: list[Word] = []
    for axis in (0, 1):
        for side in (-1, 1):
            ticks += _even_numbers([w for w in alone if _beside(w.box, plot, axis, side)], 1 - axis, plot)
    inside = [word for word in words if word not in outside]
    return [*(word for word in outside if word not in ticks), *_text_box(inside, vocabulary)]


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
    return abs(box.center[axis] - plot.center[axis]) / plot.half


def _beside(box: Box, plot: Plot, axis: int, side: int) -> bool:
    """Whether `box` lies outside the plot, near its `side` (-1 or 1) along `axis`."""
    beyond = side * (box.center[axis] - plot.center[axis]) / plot.half - 1
    return 0 < beyond < REACH and _offset(box, plot, 1 - axis) <= 1 + REACH


def _even_numbers(words: Sequence[Word], axis: int, plot: Plot) -> list[Word]:
    """The numbers among `words`, if there are at least `LEAST` and they are evenly spaced along `axis`; else none."""
    numbers = [(word, number.value) for word in words if (number := parse_number(word.text))]
    values = np.array([value for _, value in numbers])
    if len(numbers) < LEAST or np.ptp(values) == 0:
        return []
    places = np.array([word.box.center[axis] for word, _ in numbers])
    slope, start = np.polyfit(values, places, 1)
    even = np.abs(start + slope * values - places).max() < EVENNESS * plot.half
    return [word for word, _ in numbers] if even else []
