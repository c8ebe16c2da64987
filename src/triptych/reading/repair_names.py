"""Reads names again that OCR broke into pieces, joined with others, or misread, before names and values are paired.

A reading replaces the words of the page only if it has a meaning: a misread name then becomes a known field, and the
name of a field that nobody knows stays as it is. At least two readings with different crops must agree.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from triptych.reading.box import Box
from triptych.reading.cell import Cell, Key
from triptych.reading.headings import read_missed_headings, split_headings
from triptych.reading.japanese import as_japanese, japanese
from triptych.reading.ocr import OcrEngine, Text, Word
from triptych.reading.page import CROP_STYLES, Page
from triptych.reading.printed_names import Label, parse_label
from triptych.reading.table_parser import find_cells
from triptych.reading.units import parse_number
from triptych.reading.vocabulary import Vocabulary

MAX_GAP = 6.0  # heights of text between the pieces of one name
IN_COLUMN = 3  # least number of known names in a column
TWO_LINES = 1.5  # heights of a value; a name of two lines is higher
_BEFORE_VALUE = re.compile(r"(?<=\S)[:=](?=\s*[-+\d])")  # a crop may hold the beginning of the value
SAME_LENGTH = 0.7  # of a name in a second reading; a shorter one is a part of a name that was put together
SURE_NAME = 0.9  # least score of a name of several letters that is not read again


def repair_names(
    page: Page, engine: OcrEngine, words: Sequence[Word], vocabulary: Vocabulary | None = None
) -> list[Word]:
    """`words` with names that can be understood, where another reading allows it."""
    words = read_missed_headings(page, engine, split_headings(page, engine, words, vocabulary))
    cells = find_cells(words, vocabulary)
    named = {cell.value.box for cell in cells if cell.name}
    groups = [group for cell in cells if (group := _doubtful_name(cell, words, named))]
    boxes = [_from_column(Box.around(word.box for word in group), cells) for group in groups]
    texts = engine.recognise([page.value_crop(box, style) for box in boxes for style in CROP_STYLES]) if boxes else []
    for i, (group, box) in enumerate(zip(groups, boxes, strict=True)):
        found = _agreed(texts[i * len(CROP_STYLES) : (i + 1) * len(CROP_STYLES)], vocabulary)
        if found and all(word in words for word in group):
            words = [*(word for word in words if word not in group), Word(found.text, box, found.score)]
    return list(words)


def _doubtful_name(cell: Cell, words: Sequence[Word], named: Collection[Box]) -> list[Word]:
    """The words of the name of a number, if they make no sense and may be misread; else none.

    A word whose box is in `named` is the value of another name.
    """
    if cell.field or not parse_number(cell.value.text) or (cell.label and cell.label.axis):
        return []
    box = cell.value.box
    line = [word for word in words if word.box.on_line_of(box) and word.box.x0 < box.x0 and word.box.x1 <= box.x1]
    name: list[Word] = []
    edge = box.x0
    for word in sorted(line, key=lambda word: -word.box.x0):
        if word.box in named and word.box != box:
            break
        if word.box == box or (name and edge - word.box.x1 > MAX_GAP * box.height):
            continue
        name.append(word)
        edge = word.box.x0
    letters = sum(map(str.isalpha, cell.name))
    clear = len(name) == 1 and letters > 2 and not parse_number(name[0].text) and name[0].score >= SURE_NAME
    return [] if clear else name


def _agreed(texts: Sequence[Text], vocabulary: Vocabulary | None) -> Text | None:
    """The surest of `texts` whose meaning at least two of them share."""
    meanings = [
        (text, label) for text in texts if (label := parse_label(text.text, vocabulary)) and (label.field or label.axis)
    ]
    counted = Counter(_meaning(label) for _, label in meanings)
    shared = [text for text, label in meanings if counted[_meaning(label)] > 1]
    return max(shared, key=lambda text: text.score, default=None)


def _meaning(label: Label) -> tuple[object, ...]:
    return label.statistic, label.axis, label.ring, label.multiple


def _from_column(name: Box, cells: Sequence[Cell]) -> Box:
    """`name` extended to the left edge of its column of names, because its first letters may not have been found."""
    known = [cell.label_box for cell in cells if cell.field]
    edges = [box.x0 for box in known if sum(abs(box.x0 - other.x0) < name.height / 2 for other in known) >= IN_COLUMN]
    reachable = [edge for edge in edges if 0 < name.x0 - edge < MAX_GAP * name.height]
    return name._replace(x0=max(reachable)) if reachable else name


def reread_names(page: Page, engine: OcrEngine, cells: Sequence[Cell]) -> list[Cell]:
    """`cells` with the best readings of unknown fields' names, which become columns of the user's table."""
    boxes = [cell.label_box for cell in cells]
    # A name shared by several values is only the row's half of the full name, so it is not read again. Neither is one
    # of two lines.
    unknown = [
        cell
        for cell in cells
        if cell.field is None
        and cell.name
        and boxes.count(cell.label_box) == 1
        and cell.label_box.height < TWO_LINES * cell.value.box.height
    ]
    crops = [page.value_crop(cell.label_box, style) for cell in unknown for style in CROP_STYLES]
    texts = engine.recognise(crops) if crops else []
    names: dict[Key, str] = {}
    taken = {cell.name for cell in cells}
    in_japanese = japanese(text for cell in cells for text in (cell.name, cell.value.text))
    for index, cell in enumerate(unknown):
        best = max(texts[index * len(CROP_STYLES) : (index + 1) * len(CROP_STYLES)], key=lambda text: text.score)
        name = _BEFORE_VALUE.split(as_japanese(best.text) if in_japanese else best.text)[0].rstrip(" :=")
        if best.score > SURE_NAME and name not in taken and len(name) > SAME_LENGTH * len(cell.name):
            names[cell.key] = name
            taken.add(name)
    return [replace(cell, name=names.get(cell.key, cell.name)) for cell in cells]
