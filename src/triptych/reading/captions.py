"""Pairs values with names beneath them: big numbers with a small caption, as on dashboards."""

from collections.abc import Sequence
from statistics import median
from unicodedata import east_asian_width

from triptych.reading.ocr import Word
from triptych.reading.page_kinds import Name, PageWords

LARGER = 1.1  # least height of a value, in heights of its caption
LARGER_THAN_WIDE = 0.85  # the same for Chinese and Japanese, whose characters are higher than digits of their size
MAX_DROP = 1.5  # heights of the value between it and its caption


def pair_captions(page: PageWords) -> None:
    """Pair each value on a line without names with the caption beneath it, if all values of the line have one."""
    for value in list(page.values):
        if value not in page.values:
            continue
        line = [other for other in page.values if other.box.on_line_of(value.box)]
        if any(name.box.on_line_of(value.box) for name in page.names):
            continue
        captions = [_caption(page, other) for other in line]
        pairs = [(name, other) for name, other in zip(captions, line, strict=True) if name]
        if len(pairs) == len(line) == len({name.box for name, _ in pairs}) and _larger(pairs):
            page.pairs += pairs
            page.names = [name for name in page.names if all(name is not caption for caption, _ in pairs)]
            page.values = [other for other in page.values if other not in line]


def _larger(pairs: Sequence[tuple[Name, Word]]) -> bool:
    """Whether the values are in larger print than the names: the boxes of single words are not exact."""
    names, values = (median(item.box.height for item in items) for items in zip(*pairs, strict=True))
    wide = any(east_asian_width(character) == "W" for name, _ in pairs for character in name.text)
    return bool(values >= (LARGER_THAN_WIDE if wide else LARGER) * names)


def _caption(page: PageWords, value: Word) -> Name | None:
    """The name beneath `value`: close to it, and closer than any name above."""
    under = [name for name in page.names if _gap(value, name) is not None and name.box.in_column_of(value.box)]
    name = min(under, key=lambda other: other.box.y0, default=None)
    if name is None:
        return None
    gap = name.box.y0 - value.box.y1
    over = [
        value.box.y0 - other.box.y1
        for other in page.names
        if other.box.center[1] < value.box.y0 and other.box.overlap(value.box).width > 0
    ]
    return name if gap < min(over, default=float("inf")) else None


def _gap(value: Word, name: Name) -> float | None:
    """The distance of `name` beneath `value` in px; None if it is not beneath or too far away."""
    gap = name.box.y0 - value.box.y1
    below = name.box.center[1] > value.box.y1 and name.box.overlap(value.box).width > 0
    return gap if below and gap < MAX_DROP * value.box.height else None
