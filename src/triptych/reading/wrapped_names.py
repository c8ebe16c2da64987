"""Joins names that are printed in two lines, beside a value at half their height."""

from collections.abc import Sequence
from itertools import permutations

from triptych.reading.neighbours import MAX_GAP
from triptych.reading.ocr import Word
from triptych.reading.page_kinds import Name, PageWords
from triptych.reading.printed_names import parse_label
from triptych.reading.vocabulary import Vocabulary

LEADING = 0.5  # heights of text between the two lines
OFF_LINE = 0.25  # heights of text between the middles of a line and of a value that does not stand in it


def join_wrapped(page: PageWords, vocabulary: Vocabulary | None) -> None:
    """Join two names, one under the other, if a value stands on their right between their lines."""
    for value in page.values:
        left = [
            name
            for name in page.names
            if name.box.x1 <= value.box.x0 and value.box.x0 - name.box.x1 < MAX_GAP * value.box.height
        ]
        found = [(a, b) for a, b in permutations(left, 2) if _are_lines(a, b, value) and not _valued(page, a, b, value)]
        if not found:
            continue
        upper, lower = max(found, key=lambda pair: max(name.box.x1 for name in pair))
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
