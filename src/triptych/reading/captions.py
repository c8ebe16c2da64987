"""Pairs values with names beneath them: big numbers with a small caption, as on dashboards."""

from triptych.reading.ocr import Word
from triptych.reading.page_words import Name, PageWords

LARGER = 1.1  # least height of a value, in heights of its caption
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
        if len(pairs) == len(line) == len({name.box for name, _ in pairs}):
            page.pairs += pairs
            page.names = [name for name in page.names if all(name is not caption for caption, _ in pairs)]
            page.values = [other for other in page.values if other not in line]


def _caption(page: PageWords, value: Word) -> Name | None:
    """The name beneath `value`: close to it, closer than any name above, and in smaller print."""
    under = [name for name in page.names if _gap(value, name) is not None and name.box.in_column_of(value.box)]
    name = min(under, key=lambda other: other.box.y0, default=None)
    if name is None or value.box.height < LARGER * name.box.height:
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
