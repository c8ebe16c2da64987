"""Classifies the words of a page as names, values and units, before names and values are paired.

OCR splits a page at gaps: "Mean X: 0.12" may be one word, "R <= 2.0 um" two. This module joins words that belong
together, and splits a word that holds a name and its value.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple, TypeVar

from triptych.reading.box import Box
from triptych.reading.ocr import Word
from triptych.reading.printed_names import Label, parse_label
from triptych.reading.units import (
    DOTTED_ZEROS,
    UNIT_PATTERN,
    is_missing,
    parse_number,
    parse_percent,
    parse_unit,
    tidy,
)
from triptych.reading.vocabulary import Vocabulary
from triptych.records.fields import TOTAL

MAX_GAP = 16.0  # heights of text between a name and its value on the same line
MAX_OVERLAP = 0.6  # heights of text by which neighbouring boxes may overlap
MAX_SPACE = 1.5  # heights of text between two words of one name

_BETWEEN = re.compile(r"(?<=\S)(?:\s*[:=]\s*|\s+)(?=\S)|(?<=[^\x00-\x7f])(?=[(+-]?\d)")
_DECIMALS = re.compile(rf"(?<!\S)[(+-]?\s?\d+[.,]\d+\)?(?:\s?(?:{UNIT_PATTERN}))?(?!\S)")
_KEY_VALUE = re.compile(r"([^\W\d_][^:=]*)(?<![<>])[:=]\s*(.*)")
_TWO_AXES = re.compile(r"(.*?)\(?x\s*[/|,;&]\s*y(?![a-z])\)?(.*)", re.IGNORECASE)
_TWO_VALUES = re.compile(r"(\S*\d)\s*[/|;]\s*(\S+)")


@dataclass(frozen=True)
class Name:
    """A word that names something: its text, its box, and its meaning, if known."""

    text: str
    box: Box
    label: Label | None

    @property
    def title(self) -> str:
        """The text without a colon at its end."""
        return self.text.rstrip(" :=")


@dataclass(frozen=True)
class Unit:
    """A unit printed by itself, in micrometres; `stated` if it is declared for the whole page ("Unit: mm")."""

    box: Box
    um: float
    stated: bool


class Pieces(NamedTuple):
    """The parts of one word: a name, a value, or a name and its value."""

    name: Word | None
    value: Word | None


@dataclass
class PageWords:
    """The words of one page by kind; `pairs` are names already joined with their values."""

    names: list[Name]
    values: list[Word]
    pairs: list[tuple[Name, Word]]
    units: list[Unit]


def classify_words(words: Sequence[Word], vocabulary: Vocabulary | None = None) -> PageWords:
    """Classify the `words` of a page; words without a letter or digit are dropped, except marks of a missing value."""
    page = PageWords([], [], [], [])
    printed = [word for word in words if any(map(str.isalnum, word.text)) or _stands_for_value(word, words)]
    printed = [replace(word, text="0") if _is_dotted_zero(word, printed, vocabulary) else word for word in printed]
    printed = [piece for word in printed for piece in _split_numbers(word)]
    names = [word for word in printed if not _is_separator(word, printed, vocabulary)]
    for word in _join_names(names, vocabulary):
        if unit := parse_unit(word.text):
            page.units.append(Unit(word.box, unit, "unit" in word.text.lower()))
            continue
        pieces = split_word(word, vocabulary)
        name = pieces.name and Name(
            pieces.name.text.strip(), pieces.name.box, parse_label(pieces.name.text, vocabulary)
        )
        if name and pieces.value and _two_axes(name.text, vocabulary):
            page.names.append(name)
            page.values.append(pieces.value)
        elif name and pieces.value:
            page.pairs.append((name, pieces.value))
        elif name:
            page.names.append(name)
        else:
            page.values.append(word)
    _pair_two_axes(page, vocabulary)
    _pair_text_values(page)
    return page


def split_word(word: Word, vocabulary: Vocabulary | None = None) -> Pieces:
    """Split `word` into name and value; if it holds both, its width is divided in proportion to their lengths."""
    text = tidy(word.text)
    if _names_field(text, vocabulary) and not parse_number(text):
        return Pieces(word, None)
    two = _TWO_VALUES.fullmatch(text)
    if parse_number(text) or parse_percent(text) or is_missing(text) or (two and all(map(parse_number, two.groups()))):
        return Pieces(None, word)
    start = _value_start(text, vocabulary)
    if start is None:
        return Pieces(word, None)
    name, value = _cut(replace(word, text=text), [0, start])
    return Pieces(replace(name, text=name.text.rstrip(" :=")), value)


def _cut(word: Word, starts: Sequence[int]) -> list[Word]:
    """The pieces of `word` that begin at the characters `starts`; its width is divided in proportion to the text."""
    ends = [*starts, len(word.text)]
    edges = [word.box.x0 + word.box.width * end / len(word.text) for end in ends]
    texts = [word.text[start:end].strip() for start, end in pairwise(ends)]
    boxes = [word.box._replace(x0=x0, x1=x1) for x0, x1 in pairwise(edges)]
    return [replace(word, text=text, box=box) for text, box in zip(texts, boxes, strict=True)]


def _value_start(text: str, vocabulary: Vocabulary | None) -> int | None:
    """Where the value begins in a text that holds a name and its value: "Mean X (um) -0.70 ± 0.09" or "Lot: K12"."""
    for between in _BETWEEN.finditer(text):
        name, value = text[: between.start()], text[between.end() :]
        number, label = parse_number(value), parse_label(name, vocabulary)
        known = bool(label and (label.field or label.axis)) or bool(_two_axes(name, vocabulary))
        half = label is not None and label.statistic is not None and number is not None and number.decimals > 0
        if (known and (number or is_missing(value))) or half:
            return between.end()
    match = _KEY_VALUE.fullmatch(text)
    return match.start(2) if match and match[2] else None


_Placed = TypeVar("_Placed", bound=Name | Word)


def nearest_left(box: Box, items: Iterable[_Placed]) -> _Placed | None:
    """The nearest item to the left of `box` on the same line."""
    left = [
        item
        for item in items
        if item.box.x0 < box.x0
        and item.box.on_line_of(box)
        and -MAX_OVERLAP * box.height <= box.x0 - item.box.x1 < MAX_GAP * box.height
    ]
    return max(left, key=lambda item: item.box.x1, default=None)


def _join_names(words: Sequence[Word], vocabulary: Vocabulary | None) -> list[Word]:
    """`words` with neighbours joined that name a field only together: "R <=" and "2.0 um"."""
    joined: list[Word] = []
    for word in sorted(words, key=lambda w: w.box.x0):
        before = nearest_left(word.box, joined)
        near = before is not None and word.box.x0 - before.box.x1 < MAX_SPACE * word.box.height
        if before and near and not (_has_decimals(before) and _has_decimals(word)):
            text = f"{before.text.rstrip(' :')} {word.text}"
            if (
                _names_field(text, vocabulary)
                and not _names_field(before.text, vocabulary)
                and not _names_field(word.text, vocabulary)
            ):
                joined.remove(before)
                word = Word(text, before.box.union(word.box), min(before.score, word.score))
        joined.append(word)
    return joined


def _has_decimals(word: Word) -> bool:
    number = parse_number(word.text)
    return number is not None and number.decimals > 0


def _is_separator(word: Word, words: Sequence[Word], vocabulary: Vocabulary | None) -> bool:
    """Whether `word` is a single character without meaning between two words of its line, such as a misread colon."""
    if len(word.text) > 1 or parse_number(word.text) or parse_label(word.text, vocabulary):
        return False
    line = [other for other in words if other.box.on_line_of(word.box)]
    after = any(nearest_left(other.box, line) is word for other in line)
    return after and nearest_left(word.box, line) is not None


def _split_numbers(word: Word) -> list[Word]:
    """`word` divided into its name, if any, and its numbers, if several numbers with decimals end it."""
    text = tidy(word.text)
    numbers = list(_DECIMALS.finditer(text))
    rest = text[numbers[0].start() :] if numbers else ""
    if len(numbers) < 2 or _DECIMALS.sub("", rest).strip():
        return [word]
    return _cut(replace(word, text=text), [0, *(number.start() for number in numbers if number.start())])


def _is_dotted_zero(word: Word, words: Sequence[Word], vocabulary: Vocabulary | None) -> bool:
    """Whether `word` is a zero with a dot in it, read as another character: the name of a count is on its left."""
    if word.text not in DOTTED_ZEROS:
        return False
    left = [other for other in words if other.box.on_line_of(word.box) and other.box.x1 <= word.box.x0]
    label = parse_label(max(left, key=lambda other: other.box.x1).text, vocabulary) if left else None
    return label is not None and (label.ring is not None or label.field == TOTAL)


def _stands_for_value(word: Word, words: Sequence[Word]) -> bool:
    """Whether `word` marks a missing value ("--"): it is the last of its line, and is not the first."""
    if not is_missing(word.text):
        return False
    line = [other for other in words if other is not word and other.box.on_line_of(word.box)]
    return nearest_left(word.box, line) is not None and all(other.box.x0 < word.box.x0 for other in line)


def _pair_two_axes(page: PageWords, vocabulary: Vocabulary | None) -> None:
    """Pair a name of two fields, such as "AVE X / Y", with the two values on its right."""
    for name in list(page.names):
        texts = _two_axes(name.text, vocabulary) if name.label is None else []
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


def _two_axes(text: str, vocabulary: Vocabulary | None) -> list[str]:
    """The names of both fields that `text` names, such as "AVE X / Y"; none if it does not name two."""
    match = _TWO_AXES.fullmatch(text)
    texts = [f"{match[1].strip()} {axis} {match[2].strip()}".strip() for axis in "XY"] if match else []
    return texts if all(_names_field(text, vocabulary) for text in texts) else []


def _two_values(values: Sequence[Word]) -> list[Word]:
    """The first two of `values` on a line, or the two in the first one ("5.38 / 2.00"); none if there are no two."""
    ordered = sorted(values, key=lambda value: value.box.x0)
    match = _TWO_VALUES.fullmatch(ordered[0].text) if ordered else None
    if not match:
        return ordered[:2] if len(ordered) >= 2 else []
    first, second = _cut(ordered[0], [0, match.start(2)])
    return [replace(first, text=match[1]), second]


def _pair_text_values(page: PageWords) -> None:
    """Pair words that are not numbers with the name on their left, if it ends in a colon or both are in columns.

    Both are in columns if at least two numbers are aligned with the word and their names are aligned with its name.
    """
    for word in [name for name in page.names if name.label is None]:
        everything: list[Name | Word] = [*page.names, *page.values]
        name = nearest_left(word.box, everything)
        if not isinstance(name, Name) or name.label is not None:
            continue
        if name.text.endswith(":") or _in_column(page, name, word):
            page.names = [other for other in page.names if other not in (name, word)]
            page.pairs.append((name, Word(word.text, word.box, 1.0)))


def _in_column(page: PageWords, name: Name, word: Name) -> bool:
    flush = [value for value in page.values if value.box.flush_with(word.box)]
    lefts = [left for value in flush if (left := nearest_left(value.box, page.names))]
    return sum(left.box.flush_with(name.box) for left in lefts) >= 2


def _names_field(text: str, vocabulary: Vocabulary | None) -> bool:
    label = parse_label(text, vocabulary)
    return label is not None and label.field is not None
