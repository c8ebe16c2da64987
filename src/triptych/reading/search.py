"""Searches a page for its table: finds all text, and pairs names with values.

A page that lies on its side or upside down has hardly any words that are well legible, although some digits look like
others. So a page without well legible words is also searched turned, and the turn with most of them counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image

from triptych.reading.cell import Cell
from triptych.reading.japanese import with_japanese
from triptych.reading.missed_values import read_missed
from triptych.reading.ocr import OcrEngine, Word
from triptych.reading.page import Page
from triptych.reading.printed_names import RING
from triptych.reading.repair_names import repair_names
from triptych.reading.table_parser import find_cells
from triptych.reading.ticks import tick_scale, without_ticks
from triptych.reading.vocabulary import Vocabulary
from triptych.records.fields import TOTAL

LEAST_NUMBERS = 2  # named numbers that make a table, if none has a known meaning
LEAST_LETTERS = 2  # of their names
LEAST_LENGTH = 3  # letters of a word that shows which way up a page is; shorter ones are also legible upside down
SURE_WORD = 0.9  # least score of such a word
LEAST_SURE = 2  # such words that a turned page must have
LEGIBLE = 0.85  # least score of a number in a table without known names; in the texture of a photograph it is lower
LEAST_SIDEWAYS = 4  # pieces of text that lie on their side
SIDEWAYS = 1.5  # height of a piece of text that lies on its side, in its widths
TURNS = (2, 1, 3)  # quarter turns, the most frequent first


@dataclass(frozen=True)
class Found:
    """The result of a search.

    Attributes:
        page: the page, turned upright.
        cells: its cells, with the boxes of the upright page.
    """

    page: Page
    cells: list[Cell]

    @property
    def is_table(self) -> bool:
        """Whether the cells are a table: one has a known meaning, or several are named numbers that are well legible.

        In the texture of a photograph, OCR finds some letters and digits, but with low scores.
        """
        named = [cell for cell in self.cells if cell.number and sum(map(str.isalpha, cell.name)) >= LEAST_LETTERS]
        return self.known > 0 or sum(cell.value.score >= LEGIBLE for cell in named) >= LEAST_NUMBERS

    @property
    def known(self) -> int:
        """The number of cells with a known meaning."""
        return sum(cell.field is not None for cell in self.cells)


@dataclass(frozen=True)
class _Text:
    """The text on a page that was turned in some way, without tick labels."""

    page: Page
    words: list[Word]

    @property
    def sure(self) -> int:
        """The number of words that are well legible."""
        return sum(word.score >= SURE_WORD for word in self._lettered)

    @property
    def is_upright(self) -> bool:
        """Whether nothing indicates that the page should be turned. A page without text has no upright side."""
        on_side = sum(word.box.height > SIDEWAYS * word.box.width for word in self.words)
        if on_side >= max(LEAST_SIDEWAYS, len(self.words) / 2):
            return False
        return 2 * self.sure > len(self._lettered) or not self.words

    @property
    def _lettered(self) -> list[Word]:
        return [word for word in self.words if sum(map(str.isalpha, word.text)) >= LEAST_LENGTH]


def search(image: Image.Image, page: Page, engine: OcrEngine, vocabulary: Vocabulary | None = None) -> Found:
    """The table of the picture `image`, whose `page` is given; the page is turned if it makes no sense as it is."""
    first = _detect(page, engine, vocabulary)
    if first.is_upright:
        return _parse(first, engine, vocabulary)
    turned = [_detect(Page.of(image, quarters), engine, vocabulary) for quarters in TURNS]
    most = max(text.sure for text in turned)
    if most < max(LEAST_SURE, first.sure + 1):
        return _parse(first, engine, vocabulary)
    best = [_parse(text, engine, vocabulary) for text in turned if text.sure == most]
    return max(best, key=lambda found: found.known)


def with_minus(page: Page, cells: Sequence[Cell]) -> list[Cell]:
    """`cells` with the minus signs that are printed apart from their numbers, which OCR loses.

    A dash before a count cannot be a sign, so on such a page dashes separate names from values.
    """
    dashed = {
        cell.key
        for cell in cells
        if cell.number and not cell.number.signed and page.minus_before(cell.value.box, cell.label_box.x1)
    }
    if any(cell.key in dashed and cell.field in (TOTAL, RING) for cell in cells):
        return list(cells)
    return [
        replace(cell, value=replace(cell.value, text=f"-{cell.value.text}")) if cell.key in dashed else cell
        for cell in cells
    ]


def _detect(page: Page, engine: OcrEngine, vocabulary: Vocabulary | None) -> _Text:
    words = with_japanese(engine.detect(page.pixels))
    page = page.without_framed_table(word.box for word in words)
    if seen := page.plot:
        page = replace(page, plot=replace(seen, scale=tick_scale(words, seen.plot)))
        words = without_ticks(words, seen.plot, vocabulary)
    return _Text(page, words)


def _parse(text: _Text, engine: OcrEngine, vocabulary: Vocabulary | None) -> Found:
    page = text.page
    cells = find_cells(repair_names(page, engine, text.words, vocabulary), vocabulary)
    return Found(page, with_minus(page, _split_joined(page, read_missed(page, engine, cells))))


def _split_joined(page: Page, cells: Sequence[Cell]) -> list[Cell]:
    """`cells` with corrected boxes where the name and the value were found as one piece of text, or overlap."""
    parted = []
    for cell in cells:
        name, value = cell.label_box, cell.value.box
        start, reach = None, value.height / 2
        if not cell.value.text and cell.name and value.x0 - name.x1 < reach:
            start = page.widest_gap(name._replace(x0=name.x1 - 2 * reach, x1=value.x1))
        elif cell.name and name.x1 == value.x0:
            start = page.value_start(name.union(value), cell.value.text) or value.x0
        elif cell.name and name.x0 < value.x0 < name.x1 and name.on_line_of(value):
            start = page.widest_gap(value._replace(x0=value.x0 - reach, x1=max(name.x1, value.x1)))
        if start is not None:
            cell = replace(
                cell,
                label_box=name._replace(x1=start),
                value=replace(cell.value, box=value._replace(x0=start)),
            )
        parted.append(cell)
    return parted
