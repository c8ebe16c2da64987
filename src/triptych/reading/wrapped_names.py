"""Joins names that are printed in two lines, beside a value at half their height, or above a value."""

from collections.abc import Sequence
from itertools import permutations

from triptych.reading.neighbours import MAX_GAP, MAX_PITCH, in_one_column
from triptych.reading.ocr import Word
from triptych.reading.page_kinds import Name, PageWords
from triptych.reading.printed_names import parse_label
from triptych.reading.vocabulary import Vocabulary

LEADING = 0.5  # heights of text between the two lines
NEXT_LINE = 0.1  # heights of text by which the boxes of two lines of one text may be apart; rows of a table are further
OFF_LINE = 0.25  # heights of text between the middles of a line and of a value that does not stand in it


def join_wrapped(page: PageWords, vocabulary: Vocabulary | None) -> None:
    """Join two names, one close under the other, if a value is on their right between their lines, or under them."""
    for value in page.values:
        _join_beside(page, value, vocabulary)
    for lower in list(page.names):
        _join_above(page, lower, vocabulary)


def _join_beside(page: PageWords, value: Word, vocabulary: Vocabulary | None) -> None:
    left = [
        name
        for name in page.names
        if name.box.x1 <= value.box.x0 and value.box.x0 - name.box.x1 < MAX_GAP * value.box.height
    ]
    found = [(a, b) for a, b in permutations(left, 2) if _are_lines(a, b, value) and not _valued(page, a, b, value)]
    if found:
        _join(page, *max(found, key=lambda pair: max(name.box.x1 for name in pair)), vocabulary)


def _join_above(page: PageWords, lower: Name, vocabulary: Vocabulary | None) -> None:
    """Join `lower`, the heading of a value, with the only name close above it, if that is close above no other name."""
    items: list[Name | Word] = [*page.names, *page.values]
    above = [name for name in page.names if _is_close(name, lower) and name.box.in_column_of(lower.box)]
    if len(above) != 1 or any(value.box.on_line_of(lower.box) for value in page.values):
        return
    below = [
        i for i in items if lower.box.y1 - lower.box.height / 2 < i.box.center[1] and in_one_column(i.box, lower.box)
    ]
    nearest = min((item for item in below if item is not lower), key=lambda item: item.box.y0, default=None)
    reached = isinstance(nearest, Word) and nearest.box.y0 - lower.box.y1 < MAX_PITCH * lower.box.height
    if reached and sum(_is_close(above[0], name) for name in page.names) == 1:
        _join(page, above[0], lower, vocabulary)


def _is_close(upper: Name, lower: Name) -> bool:
    """Whether `upper` stands above `lower` as a line above the next of one text."""
    gap = lower.box.y0 - upper.box.y1
    height = min(upper.box.height, lower.box.height)
    next_line = -LEADING * height < gap < NEXT_LINE * height
    return upper is not lower and next_line and in_one_column(upper.box, lower.box)


def _join(page: PageWords, upper: Name, lower: Name, vocabulary: Vocabulary | None) -> None:
    text = f"{upper.text} {lower.text}"
    page.names = [name for name in page.names if name not in (upper, lower)]
    page.names.append(Name(text, upper.box.union(lower.box), parse_label(text, vocabulary)))


def _are_lines(upper: Name, lower: Name, value: Word) -> bool:
    """Whether `lower` stands close under `upper`, and `value` is between their lines."""
    height = min(upper.box.height, lower.box.height)
    close = abs(lower.box.y0 - upper.box.y1) < LEADING * height and abs(upper.box.x0 - lower.box.x0) < height / 2
    top, bottom, middle = (box.center[1] for box in (upper.box, lower.box, value.box))
    return close and top + OFF_LINE * height < middle < bottom - OFF_LINE * height


def _valued(page: PageWords, upper: Name, lower: Name, value: Word) -> bool:
    """Whether one of the two lines has a value of its own on its right."""
    others: Sequence[Word] = [other for other in page.values if other is not value]
    return any(
        abs(other.box.center[1] - name.box.center[1]) < OFF_LINE * name.box.height
        and 0 <= other.box.x0 - name.box.x1 < MAX_GAP * name.box.height
        for name in (upper, lower)
        for other in others
    )
