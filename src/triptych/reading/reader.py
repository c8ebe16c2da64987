"""Record pictures -> checked readings: reads the table, digitises the plot and compares the two.

A record of a given layout is read by it, and nothing else is tried. In a record of a learned layout, only the values
are read, where possible by comparison with known characters. Any other record is searched for text; if what it says is
consistent, its layout is learned. Values that are not numbers, or not consistent with the others, are read again with
other crops.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from PIL import Image

from triptych.reading.certainty import LEAST_SCORE, fields_of
from triptych.reading.checks import CheckedTable, KnownLayout, check
from triptych.reading.given_layouts import GivenMatch, match_given, without_ignored
from triptych.reading.learned_layout import Layout, LayoutMatch, is_cut, learn_layout
from triptych.reading.measures import PlotMeasures
from triptych.reading.ocr import OcrEngine, Word
from triptych.reading.page import CROP_STYLES, CropStyle, Page
from triptych.reading.reading import Reading
from triptych.reading.repair_names import SURE_NAME
from triptych.reading.search import Found, search, with_minus
from triptych.reading.second_reading import read_twice
from triptych.reading.table_parser import Cell, Key
from triptych.reading.vocabulary import Vocabulary
from triptych.records.fields import TOTAL

MAX_TRIES = 2  # layouts that are tried before the page is searched for text
MAX_LAYOUTS = 64  # with more, every record is printed differently, and learning only costs time


@dataclass(frozen=True)
class _Table:
    """The table of one record: its cells, the checked values, and the plot measured with the printed total."""

    cells: tuple[Cell, ...]
    checked: CheckedTable
    plot: PlotMeasures | None

    def reading(self, page: Page, layout: int | None) -> Reading:
        checked = self.checked
        return Reading(
            ok=checked.ok,
            values=checked.values,
            problems=[*checked.faults, *checked.notes],
            plot=self.plot.with_scale(checked.um_per_radius) if self.plot else None,
            absent=checked.absent,
            fields=fields_of(self.cells, checked, plot=self.plot is not None),
            quarters=page.quarters,
            layout=layout,
        )


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
            printed = page.print_map()
            if any(is_cut(page.gray, region) for region in match.regions.values()) or layout.may_hold_more(
                match, printed
            ):
                continue  # a value is wider than all earlier ones, or another one may be printed
            shown = layout.shown(page.gray, match)
            slots = {slot.key: slot for slot in match.regions}
            trusted = {key for key, text in shown.items() if slots[key].trusts(text)}
            table = self._read_regions(page, engine, candidate, shown, trusted)
            if trusted and not table.checked.ok:
                trusted = set()
                table = self._read_regions(page, engine, candidate, shown, trusted)
            if table.checked.ok:
                if self.learn and not table.checked.notes:
                    read = [cell for cell in table.cells if cell.key not in trusted]
                    compared = layout.compared(page.gray, match, read, shown).with_print(printed)
                    self._layouts[candidate.index] = compared.with_scale(table.checked.own_scale)
                return table.reading(page, candidate.index)
        return None

    def _read_regions(
        self, page: Page, engine: OcrEngine, candidate: _Candidate, shown: Mapping[Key, str], trusted: set[Key]
    ) -> _Table:
        """The values of a known layout: as known characters show them where these are trusted, else by OCR."""
        cells = [
            slot.cell(Word(shown[slot.key] if slot.key in trusted else "", region, 1.0))
            for slot, region in candidate.match.regions.items()
        ]
        read = _read_values(page, engine, cells, CROP_STYLES[0], skip=trusted)
        untrusted = shown.keys() - trusted
        compared = [_with_second(cell, shown[cell.key]) if cell.key in untrusted else cell for cell in read]
        layout = self._layouts[candidate.index]
        twice = read_twice(page, engine, compared, thorough=layout.glyphs.classifier is None, skip=trusted)
        return _reread_doubtful(page, engine, twice, layout.known)

    def _read_new(self, image: Image.Image, page: Page, engine: OcrEngine, candidates: Sequence[_Candidate]) -> Reading:
        """The reading by a search for text over the whole page; the layout of a consistent one is learned."""
        found = self._search(image, page, engine)
        page, cells = found.page, read_twice(found.page, engine, found.cells, searched=True)
        for candidate in candidates[:1]:
            named = _mark_partial(page, _named_by(candidate.match, cells))
            table = _reread_doubtful(page, engine, named, self._layouts[candidate.index].known)
            if table.checked.ok:
                return table.reading(page, self._learn(page, table, candidate))
        # No layout matches, or the matching one differs, for example in its units.
        if not found.is_table:
            return _no_table(page, "table: none was found in the picture")
        table = _reread_doubtful(page, engine, _mark_partial(page, _reread_names(page, engine, cells)), KnownLayout())
        return table.reading(page, self._learn(page, table, None) if table.checked.ok else None)

    def _learn(self, page: Page, table: _Table, candidate: _Candidate | None) -> int | None:
        """Add the layout of a record that needed no repair, or refine the layout that it matches; its index."""
        index = candidate.index if candidate else None
        if not self.learn or table.checked.notes:
            return index
        learned = learn_layout(page.gray, table.cells, table.checked.own_scale)
        printed = page.print_map()
        if learned and candidate:
            old = self._layouts[candidate.index]
            merged = old.merged(learned)
            fruitless = len(merged.slots) == len(old.slots) and old.may_hold_more(candidate.match, printed)
            self._layouts[candidate.index] = merged.with_print(printed, fruitless=fruitless)
        elif learned and len(self._layouts) < MAX_LAYOUTS:
            self._layouts.append(learned.with_print(printed))
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
    read = read_twice(page, engine, _read_values(page, engine, given.cells(), CROP_STYLES[0]))
    table = _reread_doubtful(page, engine, read, given.layout.known)
    return given.judged(table.reading(page, given.index), table.cells)


def _reread_doubtful(page: Page, engine: OcrEngine, cells: Sequence[Cell], known: KnownLayout) -> _Table:
    """Check `cells`, read the doubtful ones again with other crops, and keep the better set of readings."""
    table = _check(page, cells, known)
    for style in CROP_STYLES[1:]:
        unsure = {cell.key for cell in table.cells if (cell.field or cell.number) and cell.value.score < LEAST_SCORE}
        doubtful = [cell for cell in table.cells if cell.key in unsure | table.checked.suspects]
        if not doubtful:
            break
        again = {cell.key: cell for cell in _read_values(page, engine, doubtful, style) if cell.number}
        retried = _check(page, [_more_certain(cell, again.get(cell.key)) for cell in table.cells], known)
        if len(retried.checked.faults) <= len(table.checked.faults):
            table = retried
    return table


def _more_certain(old: Cell, new: Cell | None) -> Cell:
    """Of two readings of one cell, the one that is a number, or else the one with the higher score."""
    if new is None or (old.number is not None and old.value.score >= new.value.score):
        return old
    return new


def _check(page: Page, cells: Sequence[Cell], known: KnownLayout) -> _Table:
    total = next((cell.number.value for cell in cells if cell.field == TOTAL and cell.number), None)
    plot = page.plot.measure(total) if page.plot else None
    return _Table(tuple(cells), check(cells, plot, known), plot)


def _read_values(
    page: Page, engine: OcrEngine, cells: Sequence[Cell], style: CropStyle, skip: Collection[Key] = ()
) -> list[Cell]:
    """`cells` with the values that the engine recognises at their positions, except those whose keys are in `skip`."""
    boxes = {cell.key: cell.value.box for cell in cells if cell.key not in skip}
    found = engine.recognise([page.value_crop(box, style) for box in boxes.values()]) if boxes else []
    texts = dict(zip(boxes, found, strict=True))
    read = [
        replace(cell, value=Word(text.text, cell.value.box, text.score)) if (text := texts.get(cell.key)) else cell
        for cell in cells
    ]
    return _mark_partial(page, with_minus(page, read))


def _mark_partial(page: Page, cells: Sequence[Cell]) -> list[Cell]:
    """`cells` with score 0 for numbers with characters that OCR missed, most often the minus sign."""
    return [
        replace(cell, value=replace(cell.value, score=0.0))
        if cell.field and page.holds_more(cell.value.box, _with_sign_between(cell))
        else cell
        for cell in cells
    ]


def _with_sign_between(cell: Cell) -> str:
    """The value's text, with the equals sign or colon that may stand in its box after a name in the same piece."""
    return f"={cell.value.text}" if cell.label_box.x1 == cell.value.box.x0 else cell.value.text


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


def _reread_names(page: Page, engine: OcrEngine, cells: Sequence[Cell]) -> list[Cell]:
    """`cells` with the best readings of unknown fields' names, which become columns of the user's table."""
    boxes = [cell.label_box for cell in cells]
    # A name shared by several values is only the row's half of the full name, so it is not read again.
    unknown = [cell for cell in cells if cell.field is None and cell.name and boxes.count(cell.label_box) == 1]
    crops = [page.value_crop(cell.label_box, style) for cell in unknown for style in CROP_STYLES]
    texts = engine.recognise(crops) if crops else []
    names: dict[Key, str] = {}
    taken = {cell.name for cell in cells}
    for index, cell in enumerate(unknown):
        best = max(texts[index * len(CROP_STYLES) : (index + 1) * len(CROP_STYLES)], key=lambda text: text.score)
        name = best.text.rstrip(" :=")
        if best.score > SURE_NAME and name not in taken:
            names[cell.key] = name
            taken.add(name)
    return [replace(cell, name=names.get(cell.key, cell.name)) for cell in cells]
