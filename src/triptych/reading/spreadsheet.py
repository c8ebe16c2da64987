"""Recognises the row numbers and column letters around a spreadsheet, and numbers of lines, which are not values."""

from collections.abc import Sequence
from itertools import pairwise

from triptych.reading.ocr import Word

LEAST = 3  # letters or numbers in a row
MAX_COLUMNS = 26  # columns that have a single letter


def without_margins(words: Sequence[Word]) -> list[Word]:
    """`words` without a line of the letters A, B, C ... and a column of the numbers 1, 2, 3 ... on the left."""
    letters = _letters(words)
    rest = [word for word in words if word not in letters]
    numbers = _numbers(rest)
    return [word for word in rest if word not in numbers]


def _letters(words: Sequence[Word]) -> list[Word]:
    """A line that consists of successive capital letters from A on."""
    for first in words:
        if first.text != "A":
            continue
        line = sorted((word for word in words if word.box.on_line_of(first.box)), key=lambda word: word.box.x0)
        texts = [word.text for word in line]
        if LEAST <= len(line) <= MAX_COLUMNS and texts == [chr(ord("A") + i) for i in range(len(line))]:
            return line
    return []


def _numbers(words: Sequence[Word]) -> list[Word]:
    """A column of successive numbers at the left of its lines, with words that are not numbers on their right."""
    for first in words:
        if first.text != "1":
            continue
        column = [word for word in words if word.text.isdecimal() and word.box.in_column_of(first.box)]
        column = sorted(column, key=lambda word: word.box.y0)
        column = column[column.index(first) :]
        counted = next((i for i, word in enumerate(column) if word.text != str(i + 1)), len(column))
        column = column[:counted]
        beside = [_beside(word, words) for word in column]
        named = [right for right in beside if right and any(map(str.isalpha, right.text))]
        if len(column) < LEAST or len(named) < LEAST - 1 or len(named) < sum(right is not None for right in beside):
            continue
        if _evenly_spaced(column) and all(_is_leftmost(word, words) for word in column):
            return column
    return []


def _beside(word: Word, words: Sequence[Word]) -> Word | None:
    line = [other for other in words if other.box.on_line_of(word.box) and other.box.x0 >= word.box.x1]
    return min(line, key=lambda other: other.box.x0, default=None)


def _is_leftmost(word: Word, words: Sequence[Word]) -> bool:
    return all(other.box.x0 >= word.box.x0 for other in words if other.box.on_line_of(word.box))


def _evenly_spaced(column: Sequence[Word]) -> bool:
    """Whether the lines of `column` are equally far apart, within half a height of text."""
    steps = [below.box.center[1] - above.box.center[1] for above, below in pairwise(column)]
    return max(steps) - min(steps) < column[0].box.height / 2
