import json

import numpy as np
import pytest

from triptych.reading.learned_layout import Layout, is_cut, learn_layout
from triptych.reading.page import Page
from triptych.reading.table_parser import find_cells

ROWS = (("Total", "500"), ("Mean X", "0.12"), ("0-2 um", "180"), (">2 um", "320"), ("Lot", "77"))


def sheet(draw_lines, values=None, shift=0, names=None):
    """A page with a table whose values are right-aligned at x = 300."""
    values, names = values or [v for _, v in ROWS], names or [n for n, _ in ROWS]
    lines = []
    for i, (name, value) in enumerate(zip(names, values, strict=True)):
        lines += [(40 + shift, 30 + 40 * i + shift, name), (290 - 10 * len(value) + shift, 30 + 40 * i + shift, value)]
    return Page.of(draw_lines(lines))


@pytest.fixture(scope="module")
def learned(engine):
    """The layout of `ROWS`, read by the engine."""
    from PIL import Image, ImageDraw, ImageFont

    def draw(lines):
        picture = Image.new("RGB", (400, 300), "white")
        for x, y, text in lines:
            ImageDraw.Draw(picture).text((x, y), text, fill="black", font=ImageFont.load_default(18))
        return picture

    page = sheet(draw)
    layout = learn_layout(page.gray, find_cells(engine.detect(page.pixels)), 20.0)
    assert layout is not None
    return layout


def test_a_layout_knows_the_place_of_every_value(learned):
    assert [slot.name for slot in learned.slots] == [name for name, _ in ROWS]
    assert all(slot.region.contains(slot.used.center) for slot in learned.slots)
    assert learned.decimals == 2


def test_a_record_of_the_layout_fits_with_other_values(learned, draw_lines):
    match = learned.match(sheet(draw_lines, ["1234", "-1.20", "0", "1234", "9"]).gray)
    assert match is not None
    assert match.likeness > 0.9
    assert len(match.regions) == len(ROWS)


def test_regions_move_with_their_names(learned, draw_lines):
    still, moved = learned.match(sheet(draw_lines).gray), learned.match(sheet(draw_lines, shift=3).gray)
    assert still is not None
    assert moved is not None
    for slot, region in still.regions.items():
        assert moved.regions[slot].x0 == pytest.approx(region.x0 + 3, abs=1)
        assert moved.regions[slot].y0 == pytest.approx(region.y0 + 3, abs=1)


def test_other_names_or_sizes_do_not_fit(learned, draw_lines):
    names = ["Holes", "Sigma Y", "15-20", "R<12", "Lot"]
    assert learned.match(sheet(draw_lines, names=names).gray) is None
    assert learned.match(np.full((300, 401), 255, dtype=np.uint8)) is None
    assert learned.match(np.full((300, 400), 255, dtype=np.uint8)) is None


def test_an_unknown_field_may_be_missing_from_a_record(learned, draw_lines):
    page = sheet(draw_lines, ["500", "0.12", "180", "320", ""], names=["Total", "Mean X", "0-2 um", ">2 um", ""])
    match = learned.match(page.gray)
    assert match is not None
    assert [slot.name for slot in match.regions] == ["Total", "Mean X", "0-2 um", ">2 um"]


def test_regions_allow_for_a_sign_and_more_digits(learned, draw_lines):
    page = sheet(draw_lines, ["12345", "-10.12", "180", "320", "77"])
    match = learned.match(page.gray)
    assert match is not None
    assert not any(is_cut(page.gray, region) for region in match.regions.values())


def test_ink_at_the_edge_of_its_region_is_cut(learned, draw_lines):
    page = sheet(draw_lines, ["12345678901234", "0.12", "180", "320", "77"])
    match = learned.match(page.gray)
    assert match is not None
    assert [slot.name for slot, region in match.regions.items() if is_cut(page.gray, region)] == ["Total"]


def test_two_records_make_a_region_that_holds_the_values_of_both(learned, engine, draw_lines):
    page = sheet(draw_lines, ["12345678901234", "0.12", "180", "320", "77"])
    wider = learn_layout(page.gray, find_cells(engine.detect(page.pixels)), 22.0)
    assert wider is not None
    merged = learned.merged(wider)
    match = merged.match(page.gray)
    assert match is not None
    assert not any(is_cut(page.gray, region) for region in match.regions.values())
    assert merged.scales == (20.0, 22.0)


def test_the_scale_is_the_median_of_its_records(learned):
    assert learned.with_scale(21.0).with_scale(35.0).known.um_per_radius == 21.0
    assert learned.with_scale(None) is learned


def test_a_layout_survives_json(learned, draw_lines):
    copy = Layout.from_json(json.loads(json.dumps(learned.to_json(), allow_nan=False)))
    assert copy == learned
    assert all((a.patch == b.patch).all() for a, b in zip(copy.slots, learned.slots, strict=True))
    assert copy.match(sheet(draw_lines).gray) is not None
