"""Classifies the words of a page as names, values and units, before names and values are paired.

OCR splits a page at gaps: "Mean X: 0.12" may be one word, "R <= 2.0 um" two. This module joins words that belong
together, and splits a word that holds a name and its value.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from triptych.reading.axis_keys import complete_keys
from triptych.reading.neighbours import MAX_PITCH, in_one_column, nearest_left
from triptych.reading.numbered_names import numbered_names
from triptych.reading.ocr import Word
from triptych.reading.page_kinds import Name, PageWords, Unit
from triptych.reading.printed_names import RING, parse_label
from triptych.reading.split_words import (
    TWO_VALUES,
    cut,
    names_field,
    split_keys,
    split_measure,
    split_numbers,
    split_word,
    two_axes,
)
from triptych.reading.spreadsheet import without_margins
from triptych.reading.units import DOTTED_ZEROS, is_missing, parse_number, parse_unit, tidy
from triptych.reading.vocabulary import Vocabulary, built_in, spaced
from triptych.reading.wrapped_names import join_wrapped
from triptych.records.fields import TOTAL

MAX_SPACE = 1.5  # heights of text between two words of one name
TIGHT = 0.5  # heights of text between two words that are certainly one name

_REMNANT = re.compile(r"\S +([+-]?\d+[.,]\d+.*)")
_AFTER_NAME = re.compile(r"[)\]]\s*[-+]?\d+[.,]\d+$|\s[-+]\d+[.,]\d+$")
_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?\s*([ap]\.?m\.?)?", re.IGNORECASE)


def classify_words(words: Sequence[Word], vocabulary: Vocabulary | None = None) -> PageWords:
    """Classify the `words` of a page; words without a letter or digit are dropped, except marks of a missing value."""
    page = PageWords([], [], [], [])
    words = without_margins([piece for word in words for piece in split_keys(word)])
    printed = [word for word in words if any(map(str.isalnum, word.text)) or _stands_alone(word, words)]
    printed = [replace(word, text="0") if _is_dotted_zero(word, printed, vocabulary) else word for word in printed]
    printed = [_without_remnant(word, printed) for word in printed]
    printed = [piece for word in printed for piece in split_numbers(word)]
    printed = [word for word in printed if not _is_separator(word, printed, vocabulary)]
    names, numbered = numbered_names(printed)
    for word in _join_names(names, vocabulary):
        if word in numbered:
            page.names.append(Name(word.text, word.box, None))
            continue
        if unit := parse_unit(word.text):
            page.units.append(Unit(word.box, unit, "unit" in word.text.lower()))
            continue
        pieces = split_word(word, vocabulary)
        measured = _ends_with_value(word) or not _has_number_beside(word, printed)
        if pieces.value is None and not names_field(word.text, vocabulary) and measured:
            pieces = split_measure(word)
        name = pieces.name and Name(
            pieces.name.text.strip(), pieces.name.box, parse_label(pieces.name.text, vocabulary)
        )
        if name and pieces.value and two_axes(name.text, vocabulary):
            page.names.append(name)
            page.values.append(pieces.value)
        elif name and pieces.value:
            page.pairs.append((name, pieces.value))
        elif name:
            page.names.append(name)
        else:
            page.values.append(word)
    join_wrapped(page, vocabulary)
    _without_times(page)
    _pair_two_axes(page, vocabulary)
    _pair_text_values(page, vocabulary or built_in())
    complete_keys(page, vocabulary)
    return page


def _join_names(words: Sequence[Word], vocabulary: Vocabulary | None) -> list[Word]:
    """`words` with neighbours joined that name a field only together: "R <=" and "2.0 um"."""
    joined: list[Word] = []
    for word in sorted(words, key=lambda w: w.box.x0):
        before = nearest_left(word.box, joined)
        near = before is not None and word.box.x0 - before.box.x1 < MAX_SPACE * word.box.height
        if before and near and not (_has_decimals(before) and _has_decimals(word)):
            text = f"{before.text.rstrip(' :')} {word.text}"
            parted = not names_field(before.text, vocabulary) and not names_field(word.text, vocabulary)
            are_one = _are_one_name(before, word) and not _head_columns(before, word, words)
            if parted and (names_field(text, vocabulary) or are_one):
                joined.remove(before)
                word = Word(text, before.box.union(word.box), min(before.score, word.score))
        joined.append(word)
    return joined


def _has_number_beside(word: Word, words: Sequence[Word]) -> bool:
    return any(
        other.box.x0 >= word.box.x1 and parse_number(other.text) and nearest_left(other.box, words) == word
        for other in words
    )


def _ends_with_value(word: Word) -> bool:
    """Whether a number follows a bracket or has a sign, so that it is not a part of the name."""
    return _AFTER_NAME.search(tidy(word.text)) is not None


def _are_one_name(before: Word, word: Word) -> bool:
    """Whether two words without digits are so close that they are one name."""
    texts = (before.text, word.text)
    lettered = all(any(map(str.isalpha, text)) and not any(map(str.isdigit, text)) for text in texts)
    apart = before.text.endswith((":", "=")) or any(parse_number(text) or parse_unit(text) for text in texts)
    return lettered and not apart and word.box.x0 - before.box.x1 < TIGHT * word.box.height


def _head_columns(before: Word, word: Word, words: Sequence[Word]) -> bool:
    """Whether neighbours are headings of two columns: a number is under the second one, other print under the first."""
    reach = MAX_PITCH * word.box.height
    below = [w for w in words if 0 < w.box.center[1] - word.box.y1 < reach]
    highest = min((w.box.y0 for w in below if parse_number(w.text)), default=0.0)
    line = [w for w in below if abs(w.box.y0 - highest) < w.box.height / 2]
    nearer = {w: before.box.overlap(w.box).width - word.box.overlap(w.box).width for w in line}
    left = any(before.box.overlap(w.box).width > 0 and nearer[w] > 0 for w in line)
    return left and any(word.box.overlap(w.box).width > 0 > nearer[w] and parse_number(w.text) for w in line)


def _has_decimals(word: Word) -> bool:
    number = parse_number(word.text)
    return number is not None and number.decimals > 0


def _is_separator(word: Word, words: Sequence[Word], vocabulary: Vocabulary | None) -> bool:
    """Whether `word` is a single character without meaning between two words of its line, such as a misread colon."""
    if len(word.text) > 1 or word.text == "%" or parse_number(word.text) or parse_label(word.text, vocabulary):
        return False
    line = [other for other in words if other.box.on_line_of(word.box)]
    after = any(nearest_left(other.box, line) is word for other in line)
    return after and nearest_left(word.box, line) is not None


def _without_remnant(word: Word, words: Sequence[Word]) -> Word:
    """`word` without the end of its neighbour, whose box overlaps: the last stroke of "um" was read in "1 1.44 um"."""
    match = _REMNANT.fullmatch(word.text)
    if not match or not parse_number(match[1]):
        return word
    left = [w for w in words if w.box.on_line_of(word.box) and w.box.x0 < word.box.x0 < w.box.x1 < word.box.x1]
    edge = max((other.box.x1 for other in left), default=None)
    return replace(word, text=match[1], box=word.box._replace(x0=edge)) if edge is not None else word


def _is_dotted_zero(word: Word, words: Sequence[Word], vocabulary: Vocabulary | None) -> bool:
    """Whether `word` is a zero with a dot in it, read as another character: the name of a count is on its left."""
    if word.text not in DOTTED_ZEROS:
        return False
    left = [other for other in words if other.box.on_line_of(word.box) and other.box.x1 <= word.box.x0]
    label = parse_label(max(left, key=lambda other: other.box.x1).text, vocabulary) if left else None
    return label is not None and (label.ring is not None or label.field == TOTAL)


def _stands_alone(word: Word, words: Sequence[Word]) -> bool:
    """Whether `word`, which has no letter or digit, means something: a missing value, or "%" as a heading."""
    if word.text != "%":
        return _stands_for_value(word, words)
    before = nearest_left(word.box, words)
    return before is not None and not parse_number(before.text)


def _without_times(page: PageWords) -> None:
    """Take their meaning from times such as 12:30, which look like rings, unless another ring borders on them."""
    rings = [name for name in page.names if name.label and name.label.field == RING]
    for time in [name for name in rings if _TIME.fullmatch(name.text)]:
        if not any(set(_bounds(time)) & set(_bounds(ring)) for ring in rings if ring is not time):
            page.names.remove(time)
            page.names.append(replace(time, label=None))


def _bounds(name: Name) -> tuple[float, ...]:
    ring = name.label.ring if name.label else None
    return (ring.low, ring.high) if ring else ()


def _stands_for_value(word: Word, words: Sequence[Word]) -> bool:
    """Whether `word` marks a missing value ("--"): it is the last of its line, and is not the first."""
    if not is_missing(word.text):
        return False
    line = [other for other in words if other is not word and other.box.on_line_of(word.box)]
    return nearest_left(word.box, line) is not None and all(other.box.x0 < word.box.x0 for other in line)


def _pair_two_axes(page: PageWords, vocabulary: Vocabulary | None) -> None:
    """Pair a name of two fields, such as "AVE X / Y", with the two values on its right."""
    for name in list(page.names):
        texts = two_axes(name.text, vocabulary) if name.label is None else []
        labels = [parse_label(text, vocabulary) for text in texts]
        values = _two_values([v for v in page.values if v.box.on_line_of(name.box) and v.box.x0 > name.box.x0])
        if values and texts:
            page.names.remove(name)
            page.values = [
                v
                for v in page.values
                if all(v.box.overlap(value.box).width <= 0 for value in values) or not v.box.on_line_of(name.box)
            ]
            pairs = zip(texts, labels, values, strict=True)
            page.pairs += [(Name(text, name.box, label), value) for text, label, value in pairs]


def _two_values(values: Sequence[Word]) -> list[Word]:
    """The first two of `values` on a line, or the two in the first one ("5.38 / 2.00"); none if there are no two."""
    ordered = sorted(values, key=lambda value: value.box.x0)
    match = TWO_VALUES.fullmatch(ordered[0].text) if ordered else None
    if not match:
        return ordered[:2] if len(ordered) >= 2 else []
    first, second = cut(ordered[0], [0, match.start(2)])
    return [replace(first, text=match[1]), second]


def _pair_text_values(page: PageWords, vocabulary: Vocabulary) -> None:
    """Pair words that are not numbers with the name on their left, if it ends in a colon or both are in columns.

    Both are in columns if at least two numbers are aligned with the word and their names are aligned with its name.
    """
    for word in [name for name in page.names if name.label is None and not _names_more(page, name, vocabulary)]:
        everything: list[Name | Word] = [*page.names, *page.values]
        name = nearest_left(word.box, everything)
        if not isinstance(name, Name) or name.label is not None:
            continue
        if name.text.endswith(":") or (not _is_heading(page, name) and _in_column(page, name, word)):
            page.names = [other for other in page.names if other not in (name, word)]
            page.pairs.append((name, Word(word.text, word.box, 1.0)))


def _names_more(page: PageWords, word: Name, vocabulary: Vocabulary) -> bool:
    """Whether `word` is a name, not a value: of a statistic, before a colon, or in a line of headings or captions.

    In a line of headings, all have a number next under them, or all but the first one if there are several. In a line
    of captions, all have one next above them.
    """
    if word.text.rstrip().endswith((":", "=")) or spaced(word.title) in vocabulary.kinds:
        return True
    line = sorted((name for name in page.names if name.box.on_line_of(word.box)), key=lambda name: name.box.x0)
    valued = any(value.box.on_line_of(word.box) for value in page.values)
    rest = line[1:] if len(line) > 2 else line
    if valued or len(line) < 2:
        return False
    return all(_is_heading(page, name) for name in rest) or all(_is_caption(page, name) for name in line)


def _is_caption(page: PageWords, name: Name) -> bool:
    """Whether a value stands next above `name`."""
    return any(
        abs(name.box.y0 - value.box.y1) < name.box.height / 2 and in_one_column(value.box, name.box)
        for value in page.values
    )


def _is_heading(page: PageWords, name: Name) -> bool:
    """Whether a value stands next under `name`, and not another name."""
    items: list[Name | Word] = [*page.names, *page.values]
    reach = name.box.y1 + MAX_PITCH * name.box.height
    under = [i for i in items if name.box.y1 < i.box.center[1] < reach and in_one_column(i.box, name.box)]
    return isinstance(min(under, key=lambda item: item.box.y0, default=None), Word)


def _in_column(page: PageWords, name: Name, word: Name) -> bool:
    flush = [value for value in page.values if value.box.flush_with(word.box)]
    lefts = [left for value in flush if (left := nearest_left(value.box, page.names))]
    # A word above names of axes is their heading.
    return (
        sum(
            left.box.flush_with(name.box) and not (left.label and left.label.axis and not left.label.field)
            for left in lefts
        )
        >= 2
    )
