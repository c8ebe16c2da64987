import numpy as np
from PIL import Image

from parsed_page import Page
from triptych.report.cell_records import NAMED, SHOWN, cell_records
from triptych.report.gallery import doubtful_gallery, wrong_gallery
from triptych.report.html import render


def test_every_cell_with_records_has_them_with_a_link_to_their_card(data):
    wrong = wrong_gallery(data)
    found = cell_records(data, [*wrong.cards, *doubtful_gallery(data).cards])
    assert {pair: cell.total for pair, cell in found.items()} == {
        ("normal", "normal"): 1,
        ("normal", "type-1"): 1,
        ("type-1", "normal"): 1,
        ("type-1", "type-1"): 1,
        ("type-2", "type-1"): 1,
        ("type-2", "type-2"): 1,
    }
    (escape,) = found["type-1", "normal"].shown
    assert (escape.record.id, escape.anchor) == ("escape.png", wrong.cards[0].anchor)
    assert escape.picture.startswith("data:image/jpeg")
    assert found["normal", "normal"].shown[0].anchor is None


def test_the_least_sure_right_records_and_the_surest_wrong_ones_come_first(make_data, make_record):
    right = [make_record("normal", "normal", p, id=f"r{p}", image=None) for p in (0.9, 0.6)]
    wrong = [make_record("type-1", "normal", p, id=f"w{p}", image=None) for p in (0.6, 0.9)]
    found = cell_records(make_data([*right, *wrong]), [])
    assert [one.record.id for one in found["normal", "normal"].shown] == ["r0.6", "r0.9"]
    assert [one.record.id for one in found["type-1", "normal"].shown] == ["w0.9", "w0.6"]


def test_many_records_are_named_and_the_rest_is_counted(make_data, make_record):
    small = Image.fromarray(np.zeros((8, 8, 3), np.uint8))
    data = make_data([make_record("normal", "normal", id=f"{i}.png", image=small) for i in range(SHOWN + NAMED + 3)])
    (cell,) = cell_records(data, []).values()
    assert (len(cell.shown), len(cell.named), cell.left_out) == (SHOWN, NAMED, 3)
    assert "and 3 more records." in Page(render(data)).words


def test_a_record_without_a_picture_is_listed(make_data, make_record, tmp_path):
    data = make_data([make_record("normal", "normal", image=tmp_path / "gone.png")])
    (cell,) = cell_records(data, []).values()
    assert cell.shown[0].picture == ""
    assert "No picture." in Page(render(data)).words


def test_records_without_labels_have_no_cells(make_data, make_record):
    assert cell_records(make_data([make_record(None, "normal")]), []) == {}
