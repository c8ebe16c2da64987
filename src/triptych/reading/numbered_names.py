"""Finds names that end with a number, as of rows and columns of a table: "Hole 2", "Layer 1"."""

import re
from collections.abc import Sequence

from triptych.reading.neighbours import MAX_PITCH, in_one_column, nearest_left
from triptych.reading.ocr import Word
from triptych.reading.units import parse_number, parse_percent

MAX_SPACE = 0.8  # heights of text between the name and its number

_NUMBERED = re.compile(r"[^\W\d_][^\d:=<>≤≥]*?[ .#-]?\d{1,2}")
_NAME = re.compile(r"[^\W\d_][^\d:=<>≤≥]*")
_NUMBER = re.compile(r"\d{1,2}")


def numbered_names(words: Sequence[Word]) -> tuple[list[Word], list[Word]]:
    """The `words`, those of one such name joined, and among them the names that end with a number.

    On the right of such a name stands a number that has no other name, or it stands in a line of names, and nothing
    but a number is next under it. Otherwise its number is its value, as in "Holes 12".
    """
    joined = list(words)
    for number in [word for word in words if _NUMBER.fullmatch(word.text.strip())]:
        name = nearest_left(number.box, joined)
        if not name or not _NAME.fullmatch(name.text) or number.box.x0 - name.box.x1 > MAX_SPACE * name.box.height:
            continue
        both = Word(f"{name.text} {number.text}", name.box.union(number.box), min(name.score, number.score))
        changed = [*(word for word in joined if word not in (name, number)), both]
        if _names_row(both, changed) or _names_column(both, changed):
            joined = changed
    numbered = [word for word in joined if _NUMBERED.fullmatch(word.text.strip())]
    return joined, [word for word in numbered if _names_row(word, joined) or _names_column(word, joined)]


def _names_row(word: Word, words: Sequence[Word]) -> bool:
    """Whether a number, not a percentage, is next on the right of `word`."""
    right = [other for other in words if nearest_left(other.box, words) is word]
    return any(parse_number(other.text) and not parse_percent(other.text) for other in right)


def _names_column(word: Word, words: Sequence[Word]) -> bool:
    """Whether `word` stands in a line of names, and only a number is next under it."""
    line = [other for other in words if other.box.on_line_of(word.box)]
    if len(line) < 2 or any(parse_number(other.text) for other in line):
        return False
    low, high = word.box.center[1] + word.box.height / 2, word.box.y1 + MAX_PITCH * word.box.height
    under = [w for w in words if low < w.box.center[1] < high and w not in line and in_one_column(w.box, word.box)]
    nearest = min(under, key=lambda other: other.box.y0, default=None)
    if nearest is None or parse_number(nearest.text) is None:
        return False
    return not any(other.box.on_line_of(nearest.box) for other in under if other is not nearest)
