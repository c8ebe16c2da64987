"""Completes short names such as "X:" by the name at the beginning of their line: "Max.  X: 3.5  Y: 2.6"."""

import re

from triptych.reading.neighbours import nearest_left
from triptych.reading.ocr import Word
from triptych.reading.page_kinds import Name, PageWords
from triptych.reading.printed_names import parse_label
from triptych.reading.vocabulary import Vocabulary

_KEY = re.compile(r"[^\W\d_]")  # one letter
_ENDS_WITH_KEY = re.compile(r"(.*\S)\s+([^\W\d_])")


def complete_keys(page: PageWords, vocabulary: Vocabulary | None) -> None:
    """Rename the pairs of `page` whose name is one letter, if a name stands before them on their line.

    That name has no value of its own ("Max."), or it ends with another letter ("Mean X = 1.2  Y = 0.4").
    """
    rows: dict[int, str] = {}  # the beginning of the line, by the pair's index
    used: list[Name] = []
    order = sorted(range(len(page.pairs)), key=lambda index: page.pairs[index][0].box.x0)
    for index in order:
        name, value = page.pairs[index]
        items: list[Name | Word] = [*page.names, *page.values, *(pair[1] for pair in page.pairs)]
        left = nearest_left(name.box, items)
        before = next((other for other in order if page.pairs[other][1] is left), None)
        if match := _ENDS_WITH_KEY.fullmatch(name.title):
            rows[index] = match[1]
        if not _KEY.fullmatch(name.title):
            continue
        if isinstance(left, Name) and not left.text.rstrip().endswith((":", "=")):
            rows[index] = left.title
            used.append(left)
        elif before is not None and before in rows:
            rows[index] = rows[before]
        else:
            continue
        text = f"{rows[index]} {name.title}"
        page.pairs[index] = (Name(text, name.box, parse_label(text, vocabulary)), value)
    page.names = [name for name in page.names if not any(name is other for other in used)]
