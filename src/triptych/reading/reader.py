"""Record pictures -> checked readings: the table read, the plot digitised, the one held against the other.

A record of a known layout has only its values read; any other is searched for text, and becomes a layout once it
is read in full and adds up. What does not read as a number, or does not fit the rest, is read again at other
margins.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from triptych.reading.checks import Checked, Known, check
from triptych.reading.layout import Fit, Layout, is_cut, learn_layout
from triptych.reading.measures import PlotMeasures
from triptych.reading.ocr import OcrEngine, Word
from triptych.reading.page import Look, Page
from triptych.reading.table import Cell, find_cells
from triptych.reading.ticks import without_ticks
from triptych.records.fields import TOTAL

LOOKS = (Look(0.5), Look(0.3, stretch=1.5), Look(0.8))  # at a value: at first, and when it is read again
LEAST_SCORE = 0.6  # below this a value is read again
SURE_NAME = 0.9  # score of a name read again that replaces its first reading
MAX_TRIES = 2  # layouts by which one record is read before its page is searched
MAX_LAYOUTS = 64  # more means that every record is printed differently, and learning only costs time


@dataclass(frozen=True)
class Reading:
    """What a record picture says.

    Attributes:
        ok: whether the total, the four moments and all rings were found and everything adds up.
        values: by the names of `records.fields`, in micrometres; other fields by their printed names, as printed.
        problems: what is missing, does not add up or was repaired, each beginning with the field's name.
        plot: the digitised plot, or None.
        absent: those of the problems which say no more than that something is not there.
        table: whether there is a table, or readings that came with the picture.
    """

    ok: bool
    values: dict[str, float | str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    plot: PlotMeasures | None = None
    absent: tuple[str, ...] = ()
    table: bool = True

    @property
    def density(self) -> NDArray[np.float32] | None:
        """`PlotMeasures.density` of its plot, where it has one."""
        return self.plot.density if self.plot else None


@dataclass(frozen=True)
class _Table:
    """The table of one record: its cells, what became of them, and the plot measured with the printed total."""

    cells: tuple[Cell, ...]
    checked: Checked
    plot: PlotMeasures | None

    def reading(self) -> Reading:
        checked = self.checked
        plot = self.plot.with_scale(checked.um_per_radius) if self.plot else None
        return Reading(checked.ok, checked.values, [*checked.faults, *checked.notes], plot, checked.absent)


@dataclass(frozen=True)
class _Match:
    """A layout that a page is of, by its index, and where its values are on the page."""

    index: int
    fit: Fit


class Reader:
    """Reads record pictures one after another and learns their layouts on the way.

    The same pictures in the same order give the same readings.

    Args:
        engine: what reads text; None to digitise plots only.
        layouts: layouts known from earlier.
        learn: whether to learn more; if not, what a record gives depends on no record before it.
        search: whether to look for tables; if not, only plots are digitised.
    """

    def __init__(
        self, engine: OcrEngine | None, layouts: Sequence[Layout] = (), *, learn: bool = True, search: bool = True
    ) -> None:
        self.engine = engine
        self.learn = learn
        self.search = search
        self._layouts = list(layouts)

    @property
    def layouts(self) -> list[Layout]:
        """The layouts known so far."""
        return list(self._layouts)

    def read(self, image: Image.Image) -> Reading:
        """The readings of one record picture. A picture without a table gives a reading that is not ok and says so."""
        page = Page.of(image)
        if self.engine is None:
            return _no_table(page, "table: not read, because no OCR engine is in use")
        if not self.search:
            return _no_table(page, "table: not looked for, because the training records have none")
        fits = [(index, layout.fit(page.gray)) for index, layout in enumerate(self._layouts)]
        matches = [_Match(index, fit) for index, fit in fits if fit]
        matches = sorted(matches, key=lambda match: -match.fit.likeness)[:MAX_TRIES]
        return self._read_known(page, self.engine, matches) or self._read_new(page, self.engine, matches)

    def finds_table(self, image: Image.Image) -> bool:
        """Whether a search for text finds a table in the picture; nothing is learned from it."""
        page = Page.of(image)
        return self.engine is not None and any(cell.field for cell in _search(page, self.engine))

    def _read_known(self, page: Page, engine: OcrEngine, matches: Sequence[_Match]) -> Reading | None:
        """The reading by the first of the layouts by which the record adds up, or None."""
        for match in matches:
            regions = match.fit.regions
            if any(is_cut(page.gray, region) for region in regions.values()):
                continue  # a value wider than any before
            layout = self._layouts[match.index]
            cells = [slot.cell(Word("", region, 0.0)) for slot, region in regions.items()]
            table = _settle(page, engine, _read_values(page, engine, cells, LOOKS[0]), layout.known)
            if table.checked.ok:
                if self.learn and not table.checked.notes:
                    self._layouts[match.index] = layout.with_scale(table.checked.own_scale)
                return table.reading()
        return None

    def _read_new(self, page: Page, engine: OcrEngine, matches: Sequence[_Match]) -> Reading:
        """The reading by a search for text over the whole page; one that adds up teaches its layout."""
        cells = _search(page, engine)
        for match in matches[:1]:
            named = _mark_partial(page, _named_by(match.fit, cells))
            table = _settle(page, engine, named, self._layouts[match.index].known)
            if table.checked.ok:
                self._learn(page, table, match)
                return table.reading()
        # No layout, or one that only looks like this record's: other units, say.
        if not any(cell.field for cell in cells):
            return _no_table(page, "table: none was found in the picture")
        table = _settle(page, engine, _mark_partial(page, _reread_names(page, engine, cells)), Known())
        if table.checked.ok:
            self._learn(page, table, None)
        return table.reading()

    def _learn(self, page: Page, table: _Table, match: _Match | None) -> None:
        """Add the layout of a record that needed no repair, or improve the one that it is of."""
        if not self.learn or table.checked.notes:
            return
        learned = learn_layout(page.gray, table.cells, table.checked.own_scale)
        if learned and match:
            self._layouts[match.index] = self._layouts[match.index].merged(learned)
        elif learned and len(self._layouts) < MAX_LAYOUTS:
            self._layouts.append(learned)


def _search(page: Page, engine: OcrEngine) -> list[Cell]:
    """The cells that a search for text over the whole page finds."""
    words = engine.detect(page.pixels)
    return _part(page, find_cells(without_ticks(words, page.plot.plot) if page.plot else words))


def _no_table(page: Page, problem: str) -> Reading:
    return Reading(False, {}, [problem], page.plot.measure() if page.plot else None, (problem,), table=False)


def _settle(page: Page, engine: OcrEngine, cells: Sequence[Cell], known: Known) -> _Table:
    """`cells` checked; those in doubt are read again at other margins, and the better set of readings is kept."""
    table = _check(page, cells, known)
    for look in LOOKS[1:]:
        unsure = {cell.key for cell in table.cells if cell.field and cell.value.score < LEAST_SCORE}
        doubtful = [cell for cell in table.cells if cell.key in unsure | table.checked.suspects]
        if not doubtful:
            break
        again = {cell.key: cell for cell in _read_values(page, engine, doubtful, look) if cell.number}
        retried = _check(page, [_surer(cell, again.get(cell.key)) for cell in table.cells], known)
        if len(retried.checked.faults) <= len(table.checked.faults):
            table = retried
    return table


def _surer(old: Cell, new: Cell | None) -> Cell:
    """Of two readings of one cell, the one that is a number, or else the one that the engine is surer of."""
    if new is None or (old.number is not None and old.value.score >= new.value.score):
        return old
    return new


def _check(page: Page, cells: Sequence[Cell], known: Known) -> _Table:
    total = next((cell.number.value for cell in cells if cell.field == TOTAL and cell.number), None)
    plot = page.plot.measure(total) if page.plot else None
    return _Table(tuple(cells), check(cells, plot, known), plot)


def _read_values(page: Page, engine: OcrEngine, cells: Sequence[Cell], look: Look) -> list[Cell]:
    """`cells` with the values that the engine reads at their places at one `look`."""
    texts = engine.recognise([page.value_crop(cell.value.box, look) for cell in cells])
    read = [
        replace(cell, value=Word(text.text, cell.value.box, text.score))
        for cell, text in zip(cells, texts, strict=True)
    ]
    return _mark_partial(page, read)


def _mark_partial(page: Page, cells: Sequence[Cell]) -> list[Cell]:
    """`cells` with score 0 for numbers of which some characters were missed, most often the minus sign."""
    return [
        replace(cell, value=replace(cell.value, score=0.0))
        if cell.field and page.holds_more(cell.value.box, cell.value.text)
        else cell
        for cell in cells
    ]


def _part(page: Page, cells: Sequence[Cell]) -> list[Cell]:
    """`cells` with the boxes of those set right whose name and value were found as one piece of text."""
    parted = []
    for cell in cells:
        if cell.name and cell.label_box.x1 == cell.value.box.x0:
            start = page.value_start(cell.label_box.union(cell.value.box), cell.value.text) or cell.value.box.x0
            value = replace(cell.value, box=cell.value.box._replace(x0=start))
            cell = replace(cell, label_box=cell.label_box._replace(x1=start), value=value)
        parted.append(cell)
    return parted


def _named_by(fit: Fit, cells: Sequence[Cell]) -> list[Cell]:
    """`cells` under the names that the layout of `fit` has at their places, and its other places, to be read."""
    named: list[Cell] = []
    taken: set[object] = set()
    for slot, region in fit.regions.items():
        same = [cell for cell in cells if cell.key == slot.key]
        inside = same or [cell for cell in cells if region.contains(cell.value.box.center)]
        taken.update(cell.key for cell in inside)
        named.append(slot.cell(inside[0].value if inside else Word("", region, 0.0)))
    return named + [cell for cell in cells if cell.field is None and cell.key not in taken]


def _reread_names(page: Page, engine: OcrEngine, cells: Sequence[Cell]) -> list[Cell]:
    """`cells` with the names of unknown fields as they read best; such a name becomes a column of the user's table."""
    boxes = [cell.label_box for cell in cells]
    # A name that serves several values is but the half that a row gives; the whole cannot be read in one place.
    unknown = [cell for cell in cells if cell.field is None and cell.name and boxes.count(cell.label_box) == 1]
    crops = [page.value_crop(cell.label_box, look) for cell in unknown for look in LOOKS]
    texts = engine.recognise(crops) if crops else []
    names = {}
    for index, cell in enumerate(unknown):
        best = max(texts[index * len(LOOKS) : (index + 1) * len(LOOKS)], key=lambda text: text.score)
        names[cell.key] = best.text.rstrip(" :=") if best.score > SURE_NAME else cell.name
    return [replace(cell, name=names.get(cell.key, cell.name)) for cell in cells]
