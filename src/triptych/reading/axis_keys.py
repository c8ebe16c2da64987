"""Completes short names by the beginning of their line: "Max.  X: 3.5  Y: 2.6" and "FID1 dx=0.03 dy=0.01"."""

import re
from collections import Counter

from triptych.reading.neighbours import nearest_left
from triptych.reading.ocr import Word
from triptych.reading.page_kinds import Name, PageWords
from triptych.reading.printed_names import parse_label
from triptych.reading.vocabulary import Vocabulary

_LETTER = re.compile(r"[^\W\d_]")
_ROW_AND_KEY = re.compile(r"(.*\S)\s+([^\W\d_]+)")


def complete_keys(page: PageWords, vocabulary: Vocabulary | None) -> None:
    """Rename the pairs of `page` whose names are keys: one letter, or a word that other lines have, too.

    The name before a key on its line has no value of its own ("Max."), or it ends with another key ("Mean X = 1.2").
    """
    times = Counter(name.title.split()[-1] for name, _ in page.pairs if name.title.split())
    rows: dict[int, str] = {}  # the beginning of the line, by the pair's index
    used: list[Name] = []
    order = sorted(range(len(page.pairs)), key=lambda index: page.pairs[index][0].box.x0)
    for index in order:
        name, value = page.pairs[index]
        letter = _LETTER.fullmatch(name.title) is not None
        match = _ROW_AND_KEY.fullmatch(name.title)
        if match and (_LETTER.fullmatch(match[2]) or times[match[2]] > 1):
            rows[index] = match[1]
        if not letter and (match or times[name.title] < 2):
            continue
        items: list[Name | Word] = [*page.names, *page.values, *(pair[1] for pair in page.pairs)]
        left = nearest_left(name.box, items)
        before = next((other for other in order if page.pairs[other][1] is left), None)
        if letter and isinstance(left, Name) and not left.text.rstrip().endswith((":", "=")):
            rows[index] = left.title
            used.append(left)
        elif before is not None and before in rows:
            rows[index] = rows[before]
        else:
            continue
        text = f"{rows[index]} {name.title}"
        page.pairs[index] = (Name(text, name.box, parse_label(text, vocabulary)), value)
    page.names = [name for name in page.names if not any(name is other for other in used)]
