"""Record pictures -> checked readings: reads the table, digitises the plot and compares the two.

A record of a given layout is read by it, and nothing else is tried. In a record of a learned layout, only the values
are read, where possible by comparison with known characters. Any other record is searched for text; if what it says is
consistent, its layout is learned. Values that are not numbers, or not consistent with the others, are read again with
other crops.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PIL import Image

from triptych.reading.cell import Cell, Key, with_mark
from triptych.reading.cell_values import Table, mark_partial, read_values, reread_doubtful
from triptych.reading.checks import KnownLayout
from triptych.reading.given_layouts import GivenMatch, match_given, without_ignored
from triptych.reading.learned_layout import Layout, LayoutMatch, is_cut, learn_layout
from triptych.reading.ocr import OcrEngine, Word
from triptych.reading.page import CROP_STYLES, Page
from triptych.reading.reading import Reading
from triptych.reading.repair_names import reread_names
from triptych.reading.search import Found, search
from triptych.reading.second_reading import read_twice
from triptych.reading.vocabulary import Vocabulary

MAX_TRIES = 2  # layouts that are tried before the page is searched for text
MAX_LAYOUTS = 64  # with more, every record is printed differently, and learning only costs time


@dataclass(frozen=True)
class _Candidate:
    """A layout that matches a page: its index, and the positions of its values on the page."""

    index: int
    match: LayoutMatch


class Reader:
    """Reads record pictures one after another and learns their layouts.

    The same pictures in the same order give the same readings.

    Args:
        engine: the OCR engine; None to digitise plots only.
        layouts: known layouts, learned or given by a person.
        learn: whether to learn more layouts; if not, a reading does not depend on earlier records.
        search: whether to look for tables; if not, only plots are digitised.
        vocabulary: the known words of printed names; None: those that come with Triptych.
    """

    def __init__(
        self,
        engine: OcrEngine | None,
        layouts: Sequence[Layout] = (),
        *,
        learn: bool = True,
        search: bool = True,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        self.engine = engine
        self.learn = learn
        self.search = search
        self.vocabulary = vocabulary
        self._layouts = list(layouts)

    @property
    def layouts(self) -> list[Layout]:
        """The layouts known so far."""
        return list(self._layouts)

    def read(self, image: Image.Image) -> Reading:
        """The readings of one record picture. Without a table the reading is not ok, and a problem says so."""
        page = Page.of(image)
        if self.engine is None:
            return _no_table(page, "table: not read, because no OCR engine is in use")
        if given := match_given(self._layouts, image, page):
            return _read_given(given, self.engine)
        if not self.search:
            return _no_table(page, "table: not looked for, because the training records have none")
        learned = [(index, layout) for index, layout in enumerate(self._layouts) if not layout.given]
        found = [(index, layout.match(page.gray)) for index, layout in learned]
        candidates = [_Candidate(index, match) for index, match in found if match]
        candidates = sorted(candidates, key=lambda candidate: -candidate.match.likeness)[:MAX_TRIES]
        return self._read_known(page, self.engine, candidates) or self._read_new(image, page, self.engine, candidates)

    def finds_table(self, image: Image.Image) -> bool:
        """Whether the picture has a given layout, or a search for text finds a table in it; no layout is learned."""
        if self.engine is None:
            return False
        page = Page.of(image)
        given = match_given(self._layouts, image, page)
        return given is not None or self._search(image, page, self.engine).is_table

    def _search(self, image: Image.Image, page: Page, engine: OcrEngine) -> Found:
        """The result of a search for text, without what the given layouts ignore."""
        found = search(image, page, engine, self.vocabulary)
        return replace(found, cells=without_ignored(self._layouts, found.page, found.cells))

    def _read_known(self, page: Page, engine: OcrEngine, candidates: Sequence[_Candidate]) -> Reading | None:
        """The reading with the first matching layout that gives consistent values, or None."""
        for candidate in candidates:
            match, layout = candidate.match, self._layouts[candidate.index]
            page = page.without_framed_table(box for slot in match.regions for box in (slot.label_box, slot.used))
            # Of a value that is wider than all earlier ones, a part would be lost.
            is_wider = any(is_cut(page.gray, region) for region in match.regions.values())
            if is_wider or layout.may_hold_more(match, page.print_map):
                continue
            lines = match.lines(page.gray)
            shown = layout.shown(lines)
            slots = {slot.key: slot for slot in match.regions}
            trusted = {key for key, text in shown.items() if slots[key].trusts(text)}
            table = self._read_regions(page, engine, candidate, shown, trusted)
            if trusted and not table.checked.ok:
                trusted = set()
                table = self._read_regions(page, engine, candidate, shown, trusted)
            if table.checked.ok:
                if self.learn and not table.checked.notes:
                    read = [cell for cell in table.cells if cell.key not in trusted]
                    compared = layout.compared(lines, read, shown).with_print(page.print_map)
                    self._layouts[candidate.index] = compared.with_scale(table.checked.own_scale)
                return table.reading(page, candidate.index, layout.unnamed)
        return None

    def _read_regions(
        self, page: Page, engine: OcrEngine, candidate: _Candidate, shown: Mapping[Key, str], trusted: set[Key]
    ) -> Table:
        """The values of a known layout: as known characters show them where these are trusted, else by OCR."""
        cells = [
            slot.cell(Word(shown[slot.key] if slot.key in trusted else "", region, 1.0))
            for slot, region in candidate.match.regions.items()
        ]
        read = read_values(page, engine, cells, CROP_STYLES[0], skip=trusted)
        untrusted = shown.keys() - trusted
        compared = [_with_second(cell, shown[cell.key]) if cell.key in untrusted else cell for cell in read]
        layout = self._layouts[candidate.index]
        twice = read_twice(page, engine, compared, thorough=layout.glyphs.classifier is None, skip=trusted)
        return reread_doubtful(page, engine, twice, layout.known)

    def _read_new(self, image: Image.Image, page: Page, engine: OcrEngine, candidates: Sequence[_Candidate]) -> Reading:
        """The reading by a search for text over the whole page; the layout of a consistent one is learned."""
        found = self._search(image, page, engine)
        page, cells = found.page, read_twice(found.page, engine, found.cells, searched=True)
        for candidate in candidates[:1]:
            named = mark_partial(page, _named_by(candidate.match, cells))
            table = reread_doubtful(page, engine, named, self._layouts[candidate.index].known)
            if table.checked.ok:
                return table.reading(page, self._learn(page, table, candidate), table.unnamed(page))
        # No layout matches, or the matching one differs, for example in its units.
        if not found.is_table:
            return _no_table(page, "table: none was found in the picture")
        table = reread_doubtful(page, engine, mark_partial(page, reread_names(page, engine, cells)), KnownLayout())
        return table.reading(page, self._learn(page, table, None) if table.checked.ok else None, table.unnamed(page))

    def _learn(self, page: Page, table: Table, candidate: _Candidate | None) -> int | None:
        """Add the layout of a record that needed no repair, or refine the layout that it matches; its index."""
        index = candidate.index if candidate else None
        if not self.learn or table.checked.notes:
            return index
        learned = learn_layout(page.gray, table.cells, table.checked.own_scale, table.unnamed(page))
        if learned and candidate:
            old = self._layouts[candidate.index]
            merged = old.merged(learned)
            fruitless = len(merged.slots) == len(old.slots) and old.may_hold_more(candidate.match, page.print_map)
            self._layouts[candidate.index] = merged.with_print(page.print_map, fruitless=fruitless)
        elif learned and len(self._layouts) < MAX_LAYOUTS:
            self._layouts.append(learned.with_print(page.print_map))
            return len(self._layouts) - 1
        return index


def _no_table(page: Page, problem: str) -> Reading:
    return Reading(False, {}, [problem], page.plot.measure() if page.plot else None, (problem,), table=False)


def _with_second(cell: Cell, shown: str) -> Cell:
    """`cell` with `shown` as its second reading, if both have the same decimals: a faint decimal point is not shown."""
    first, second = cell.number, cell.number_in(shown)
    return replace(cell, again=shown) if first and second and first.decimals == second.decimals else cell


def _read_given(given: GivenMatch, engine: OcrEngine) -> Reading:
    """The reading of a page by a layout that a person gave: exactly its values."""
    page = given.page
    read = read_twice(page, engine, with_mark(read_values(page, engine, given.cells(), CROP_STYLES[0])))
    table = reread_doubtful(page, engine, read, given.layout.known)
    return given.judged(table.reading(page, given.index, 0), table.cells)


def _named_by(match: LayoutMatch, cells: Sequence[Cell]) -> list[Cell]:
    """`cells` with the names that `match` has at their positions, and the remaining cells of its layout, to be read."""
    named: list[Cell] = []
    taken: set[object] = set()
    for slot, region in match.regions.items():
        same = [cell for cell in cells if cell.key == slot.key]
        inside = same or [cell for cell in cells if region.contains(cell.value.box.center)]
        taken.update(cell.key for cell in inside)
        cell = slot.cell(inside[0].value if inside else Word("", region, 0.0))
        named.append(replace(cell, again=inside[0].again) if inside else cell)
    taken.update(cell.key for cell in named)
    return named + [cell for cell in cells if cell.key not in taken]
