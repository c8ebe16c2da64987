"""Divides a word of OCR into names and values: "Mean X: 0.12", "Lot: K12 Operator: Weber", "0.12 1.58"."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from triptych.reading.ocr import Word
from triptych.reading.printed_names import parse_label
from triptych.reading.units import UNIT_PATTERN, is_missing, parse_number, parse_percent, parse_quantity, tidy
from triptych.reading.vocabulary import Vocabulary

_BETWEEN = re.compile(r"(?<=\S)(?:\s*[:=]\s*|\s+)(?=\S)|(?<=[^\x00-\x7f])(?=[(+-]?\d)")
_DECIMALS = re.compile(rf"(?<!\S)[(+-]?\s?\d+[.,]\d+\)?(?:\s?(?:{UNIT_PATTERN}))?(?!\S)")
_KEY_VALUE = re.compile(r"([^\W\d_][^:=]*)(?<![<>])[:=]\s*(.*)")
_TWO_AXES = re.compile(r"(.*?)\(?x\s*[/|,;&]\s*y(?![a-z])\)?(.*)", re.IGNORECASE)
TWO_VALUES = re.compile(r"(\S*\d)\s*[/|;]\s*(\S+)")
_QUOTED = re.compile(r"""["']([^"']+)["']\s*:\s*(.*?)[,;]?""")  # a line of JSON
_KEYS = re.compile(r"(?<=[^\s\d:=<>])\s*[:=]\s*(?=\S)")  # between a key and its value; not the colon of a time
_MEASURE = re.compile(r"([^\W\d_][^\d:=<>≤≥±]*?)(?:\s+|(?<=[)\]])|(?=±))([-+±]?\s?\d+[.,]?\d*.*)")
_VALUE = re.compile(r"[(+-]?\s?\d\S*(?:\s(?:" + UNIT_PATTERN + r")(?!\w))?|\S+")


class Pieces(NamedTuple):
    """The parts of one word: a name, a value, or a name and its value."""

    name: Word | None
    value: Word | None


def split_word(word: Word, vocabulary: Vocabulary | None = None) -> Pieces:
    """Split `word` into name and value; if it holds both, its width is divided in proportion to their lengths."""
    text = tidy(word.text)
    if names_field(text, vocabulary) and not parse_number(text) and not parse_quantity(text):
        return Pieces(word, None)
    two = TWO_VALUES.fullmatch(text)
    if any(parse(text) for parse in (parse_number, parse_percent, parse_quantity, is_missing)):
        return Pieces(None, word)
    if two and all(map(parse_number, two.groups())):
        return Pieces(None, word)
    start = _value_start(text, vocabulary)
    if start is None:
        return Pieces(word, None)
    name, value = cut(replace(word, text=text), [0, start])
    return Pieces(replace(name, text=name.text.rstrip(" :=")), value)


def cut(word: Word, starts: Sequence[int]) -> list[Word]:
    """The pieces of `word` that begin at the characters `starts`; its width is divided in proportion to the text."""
    ends = [*starts, len(word.text)]
    widths = [_width(word.text[:end]) for end in ends]
    edges = [word.box.x0 + word.box.width * width / widths[-1] for width in widths]
    texts = [word.text[start:end].strip() for start, end in pairwise(ends)]
    boxes = [word.box._replace(x0=x0, x1=x1) for x0, x1 in pairwise(edges)]
    return [replace(word, text=text, box=box) for text, box in zip(texts, boxes, strict=True)]


def _width(text: str) -> int:
    """The width of `text` in Latin letters: a Chinese or Japanese character is twice as wide."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _value_start(text: str, vocabulary: Vocabulary | None) -> int | None:
    """Where the value begins in a text that holds a name and its value: "Mean X (um) -0.70 ± 0.09" or "Lot: K12"."""
    for between in _BETWEEN.finditer(text):
        name, value = text[: between.start()], text[between.end() :]
        number, label = parse_number(value), parse_label(name, vocabulary)
        known = bool(label and (label.field or label.axis)) or bool(two_axes(name, vocabulary))
        half = label is not None and label.statistic is not None and number is not None and number.decimals > 0
        if (known and (number or is_missing(value))) or half:
            return between.end()
    match = _KEY_VALUE.fullmatch(text)
    return match.start(2) if match and match[2] else None


def split_numbers(word: Word) -> list[Word]:
    """`word` divided into its name, if any, and its numbers, if several numbers with decimals end it."""
    text = tidy(word.text)
    numbers = list(_DECIMALS.finditer(text))
    rest = text[numbers[0].start() :] if numbers else ""
    if len(numbers) < 2 or _DECIMALS.sub("", rest).strip():
        return [word]
    return cut(replace(word, text=text), [0, *(number.start() for number in numbers if number.start())])


def split_measure(word: Word) -> Pieces:
    """`word` divided into an unknown name and its value, if a number with decimals or a unit ends it."""
    match = _MEASURE.fullmatch(tidy(word.text))
    number = parse_number(match[2]) if match else None
    telling = bool(number and (number.decimals or number.unit)) or bool(match and parse_quantity(match[2]))
    telling = telling or bool(number and match and not match[1].isascii())  # in Latin letters, "Layer 3" is a name
    if match is None or not telling:
        return Pieces(word, None)
    name, value = cut(replace(word, text=tidy(word.text)), [0, match.start(2)])
    return Pieces(name, value)


def split_keys(word: Word) -> list[Word]:
    """`word` divided before each name but the first, if it holds several names with a colon and a value each.

    The first word after a colon is the value, or a number and its unit; the rest up to the next colon is a name. The
    quotation marks and the comma of a line of JSON are removed.
    """
    text = tidy(word.text)
    if match := _QUOTED.fullmatch(text):
        within, *_ = cut(replace(word, text=text), [0, match.end(2)])  # the comma is no part of the value's box
        return [replace(within, text=f"{match[1]}: {match[2].strip(chr(34))}")]
    keys = list(_KEYS.finditer(text))
    starts = []
    for key, following in pairwise(keys):
        value = _VALUE.match(text, key.end())
        if value and (name := text[value.end() : following.start()].strip()) and any(map(str.isalpha, name)):
            starts.append(text.index(name, value.end()))
    if not starts or len(starts) < len(keys) - 1:
        return [word]
    pieces = cut(replace(word, text=text), [0, *starts])
    return [replace(piece, text=piece.text.strip(" ,;")) for piece in pieces]


def two_axes(text: str, vocabulary: Vocabulary | None) -> list[str]:
    """The names of both fields that `text` names, such as "AVE X / Y"; none if it does not name two."""
    match = _TWO_AXES.fullmatch(text)
    texts = [f"{match[1].strip()} {axis} {match[2].strip()}".strip() for axis in "XY"] if match else []
    return texts if all(names_field(text, vocabulary) for text in texts) else []


def names_field(text: str, vocabulary: Vocabulary | None) -> bool:
    """Whether `text` is the full name of a known field."""
    label = parse_label(text, vocabulary)
    return label is not None and label.field is not None
