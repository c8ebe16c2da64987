"""Repairs lines of headings above columns of values: joined ones are divided, and missed ones are read."""

from collections.abc import Collection, Sequence
from itertools import pairwise

from triptych.reading.box import Box
from triptych.reading.neighbours import MAX_PITCH, in_one_column
from triptych.reading.ocr import OcrEngine, Pixels, Text, Word
from triptych.reading.page import CROP_STYLES, Page
from triptych.reading.repeated import REPEATS, one_of
from triptych.reading.split_words import names_field, split_numbers
from triptych.reading.units import parse_number, parse_percent, parse_quantity, tidy
from triptych.reading.vocabulary import Vocabulary

WIDE = 12.0  # heights of text; a longer line may hold several names even if there are numbers in it
EDGE = 0.25  # heights by which the boxes of two lines may overlap
LEAST_SCORE = 0.5  # of a heading that was missed at first
LEAST_GAP = 0.35  # heights of text between two headings


def split_headings(
    page: Page, engine: OcrEngine, words: Sequence[Word], vocabulary: Vocabulary | None = None
) -> list[Word]:
    """`words` with headings of several columns divided, and read again one by one."""
    pieces = [piece for word in words for piece in split_numbers(word)]
    split: list[Word] = []
    for word in words:
        boxes = _columns_of(page, word, pieces) if _is_name(word) or _is_wide(word) else []
        texts = engine.recognise([page.value_crop(box, CROP_STYLES[0]) for box in boxes]) if boxes else []
        if _are_headings(word, texts, vocabulary):
            split += [Word(text.text, box, text.score) for text, box in zip(texts, boxes, strict=True)]
        else:
            split.append(word)
    return split


def _is_name(word: Word) -> bool:
    text = tidy(word.text)
    return any(map(str.isalpha, text)) and not any(map(str.isdigit, text)) and ":" not in text.strip(":")


def _is_wide(word: Word) -> bool:
    return word.box.width > WIDE * word.box.height


def _are_headings(word: Word, texts: Sequence[Text], vocabulary: Vocabulary | None) -> bool:
    """Whether `texts`, read in the parts of `word`, are names: they say together what it says, or two are known.

    Only a line with numbers in it, such as the radii of rings, must have known ones.
    """
    if not texts or not all(any(map(str.isalpha, text.text)) for text in texts):
        return False
    joined = "".join(text.text for text in texts)
    same = tidy(joined).replace(" ", "").lower() == tidy(word.text).replace(" ", "").lower()
    return (same and _is_name(word)) or sum(names_field(text.text, vocabulary) for text in texts) > 1


def _columns_of(page: Page, line: Word, words: Sequence[Word]) -> list[Box]:
    """The box of `line`, cut between the columns under it; none if there is only one.

    A column has a number, or is the first one and has the names of the rows.
    """
    reach = MAX_PITCH * line.box.height
    below = [w for w in words if line.box.y1 - line.box.height / 2 < w.box.center[1] < line.box.y1 + reach]
    numbers = [w for w in below if _is_number(w) and not w.box.on_line_of(line.box)]
    highest = min(numbers, key=lambda w: w.box.y0, default=None)
    if highest is None:
        return []
    row = sorted((w for w in below if w.box.on_line_of(highest.box)), key=lambda w: w.box.x0)
    under = [w for w in row if line.box.x0 <= w.box.center[0] <= line.box.x1]
    named = under[:1] if under and under[0] is row[0] and not _is_number(under[0]) else []
    columns = [*named, *(w for w in under if _is_number(w))]
    valued = len(columns) - len(named)
    further = sum(map(_is_number, row)) - valued
    heads = valued > 1 or not named or _heads_others(line, words, further)
    if len(columns) < 2 or len(columns) < len(under) or not heads:
        return []
    middles = [word.box.center[0] for word in columns]
    least = LEAST_GAP * line.box.height
    cuts = [page.widest_gap(line.box._replace(x0=left, x1=right), least) for left, right in pairwise(middles)]
    if any(cut is None for cut in cuts):
        return []
    edges = [line.box.x0, *(cut for cut in cuts if cut is not None), line.box.x1]
    return [line.box._replace(x0=left, x1=right) for left, right in pairwise(edges)]


def _heads_others(line: Word, words: Sequence[Word], further: int) -> bool:
    """Whether `line` stands in a line of names without a number, above `further` columns, or above two numbers."""
    others = [word for word in words if word is not line and word.box.on_line_of(line.box)]
    return bool(others) and further > 0 and not any(map(_is_number, others))


def _is_number(word: Word) -> bool:
    return any(parse(word.text) for parse in (parse_number, parse_percent, parse_quantity))


def read_missed_headings(page: Page, engine: OcrEngine, words: Sequence[Word]) -> list[Word]:
    """`words` with headings that OCR did not find: print above a number, in a line of headings above its neighbours."""
    pieces = [piece for word in words for piece in split_numbers(word)]
    numbers = [piece for piece in pieces if _is_number(piece)]
    known = set(numbers)
    boxes: list[Box] = []
    for number in numbers:
        row = [other for other in pieces if other.box.on_line_of(number.box)]
        heads = _line_above(row, pieces, known)
        headed = [n for n in row if n in known and any(in_one_column(head.box, n.box) for head in heads)]
        if headed and number not in headed:
            top, bottom = min(head.box.y0 for head in heads), max(head.box.y1 for head in heads)
            box = number.box._replace(y0=top, y1=bottom)
            if page.pieces(box) and not any(_overlap(box, word.box) for word in words):
                boxes.append(box)
    texts = engine.recognise([_heading_crop(page, box) for box in boxes]) if boxes else []
    names = [one_of(text) for text in texts]
    found = [Word(name.text, box, name.score) for name, box in zip(names, boxes, strict=True)]
    return [*words, *(word for word in found if any(map(str.isalpha, word.text)) and word.score > LEAST_SCORE)]


def _overlap(first: Box, second: Box) -> bool:
    """Whether two boxes have more in common than their edges."""
    common = first.overlap(second)
    return common.width > 0 and common.height > EDGE * min(first.height, second.height)


def _heading_crop(page: Page, box: Box) -> Pixels:
    return page.repeated_crop(box, REPEATS) if page.pieces(box) == 1 else page.value_crop(box, CROP_STYLES[0])


def _line_above(row: Sequence[Word], words: Sequence[Word], numbers: Collection[Word]) -> list[Word]:
    """The names in the line next above `row`; none if one of `numbers` is among them, or `row` has one of them only."""
    if sum(word in numbers for word in row) < 2:
        return []
    left, right = min(word.box.x0 for word in row), max(word.box.x1 for word in row)
    top, height = min(word.box.y0 for word in row), max(word.box.height for word in row)
    above = [
        word
        for word in words
        if top - MAX_PITCH * height < word.box.center[1] < top and left - height < word.box.center[0] < right + height
    ]
    lowest = max(above, key=lambda word: word.box.center[1], default=None)
    line = [word for word in above if lowest and word.box.on_line_of(lowest.box)]
    return [] if any(word in numbers for word in line) else line
