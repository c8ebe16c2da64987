import numpy as np
import pytest
from PIL import Image

from triptych.errors import TriptychError
from triptych.reading import Reader
from triptych.reading.layout_entries import parse_entries
from triptych.reading.layout_file import describe_layout, load_layout_file, load_layout_files
from triptych.reading.page import Page

LINES = [
    (40, 30, "Total"),
    (260, 30, "500"),
    (40, 70, "Mean X"),
    (250, 70, "-0.12"),
    (40, 110, "Mean Y"),
    (260, 110, "1.50"),
    (40, 150, "Lot"),
    (250, 150, "77AB"),
    (40, 190, "Cpk"),
    (260, 190, "1.33"),
]
BY_HAND = """
picture: by_hand.png
fields:
- {name: Total, meaning: total, name_box: [36, 28, 90, 52], value_box: [255, 28, 300, 52]}
- {name: shift, meaning: mean_x, unit: mm, name_box: [36, 68, 110, 92], value_box: [245, 68, 305, 92]}
- {name: Cpk, value_box: [255, 188, 305, 212]}
"""


def write(folder, text, picture, name="by_hand"):
    picture.save(folder / f"{name}.png")
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def other_values(draw_lines, shift=0, **values):
    """A page of the same layout with other values, moved by `shift` px."""
    texts = {"500": "1234", "-0.12": "-10.75", "1.50": "-2.25", "77AB": "C3", "1.33": "0.98", **values}
    return draw_lines([(x + shift, y + shift, texts.get(text, text)) for x, y, text in LINES])


def test_a_file_written_by_hand_reads_exactly_its_fields(tmp_path, engine, draw_lines):
    layout = load_layout_file(write(tmp_path, BY_HAND, draw_lines(LINES))).layout
    reader = Reader(engine, [layout])
    reading = reader.read(other_values(draw_lines, shift=3))
    assert reading.ok, reading.problems
    assert reading.values == {"total": 1234, "mean_x": -10_750, "Cpk": 0.98}
    assert reader.layouts == [layout]


def test_a_learned_layout_gives_the_same_reading_after_it_was_written(tmp_path, engine, draw_lines):
    learner = Reader(engine)
    learner.read(draw_lines(LINES))
    file = describe_layout("learned", learner.layouts[0], Page.of(draw_lines(LINES)).pixels)
    again = load_layout_file(file.save(tmp_path))
    assert again == file
    assert np.array_equal(again.sample, file.sample)
    page = other_values(draw_lines)
    before, after = Reader(engine, learner.layouts).read(page), Reader(engine, [again.layout]).read(page)
    assert before.ok
    assert (before.ok, before.values, before.problems) == (after.ok, after.values, after.problems)


def test_a_value_that_cannot_be_read_is_a_problem_and_nothing_else_is_tried(tmp_path, engine, draw_lines):
    layout = load_layout_file(write(tmp_path, BY_HAND, draw_lines(LINES))).layout
    reader = Reader(engine, [layout])
    blank = reader.read(other_values(draw_lines, **{"-0.12": ""}))
    assert not blank.ok
    assert blank.problems == ["mean_x: not legible ('' was read)"]
    blank = reader.read(other_values(draw_lines, **{"500": ""}))
    assert blank.problems == ["total: nothing is printed at its place"]
    blank = reader.read(other_values(draw_lines, **{"1.33": ""}))
    assert (blank.ok, blank.values) == (True, {"total": 1234, "mean_x": -10_750})  # it has no meaning to be expected
    assert reader.layouts == [layout]


def test_a_field_whose_name_is_not_at_its_place_is_a_problem(tmp_path, engine, draw_lines):
    text = BY_HAND.replace("name: Cpk, ", "name: Cpk, name_box: [36, 188, 90, 212], ")
    layout = load_layout_file(write(tmp_path, text, draw_lines(LINES))).layout
    reader = Reader(engine, [layout])
    reading = reader.read(other_values(draw_lines, **{"Total": "Sum"}))
    assert reading.problems == ["total: its printed name was not found at its place"]
    assert reading.values == {"mean_x": -10_750, "Cpk": 0.98}
    assert reader.layouts == [layout]


def test_a_page_with_only_half_of_the_names_has_another_layout(tmp_path, engine, draw_lines):
    reader = Reader(engine, [load_layout_file(write(tmp_path, BY_HAND, draw_lines(LINES))).layout])
    assert "Lot" in reader.read(other_values(draw_lines, **{"Total": "Sum"})).values
    assert [layout.given for layout in reader.layouts] == [True, False]


def test_a_value_wider_than_its_place_is_a_problem(tmp_path, engine, draw_lines):
    text = f"{BY_HAND}- {{name: Next, value_box: [310, 28, 330, 52]}}"
    layout = load_layout_file(write(tmp_path, text, draw_lines([*LINES, (310, 30, "ab")]))).layout
    reading = Reader(engine, [layout]).read(other_values(draw_lines, **{"500": "1234567"}))
    assert not reading.ok
    assert any("wider than its place in the layout 'by_hand'" in problem for problem in reading.problems)


def test_a_page_that_lies_upside_down_is_read_by_its_layout(tmp_path, engine, draw_lines):
    layout = load_layout_file(write(tmp_path, BY_HAND, draw_lines(LINES))).layout
    turned = other_values(draw_lines).transpose(Image.Transpose.ROTATE_180)
    assert Reader(engine, [layout]).read(turned).values == {"total": 1234, "mean_x": -10_750, "Cpk": 0.98}


def test_a_given_layout_is_read_even_if_pictures_are_not_searched(tmp_path, engine, draw_lines):
    layout = load_layout_file(write(tmp_path, BY_HAND, draw_lines(LINES))).layout
    reader = Reader(engine, [layout], search=False)
    assert reader.finds_table(other_values(draw_lines))
    assert reader.read(other_values(draw_lines)).values == {"total": 1234, "mean_x": -10_750, "Cpk": 0.98}
    assert not reader.read(draw_lines([(40, 30, "Other"), (260, 30, "1")])).table


def test_ignored_names_and_areas_also_hold_where_the_page_is_searched(tmp_path, engine, draw_lines):
    text = "picture: by_hand.png\nignore: [lot, [230, 180, 320, 220]]\n"
    layout = load_layout_file(write(tmp_path, text, draw_lines(LINES))).layout
    learner = Reader(engine, [layout])
    assert set(learner.read(draw_lines(LINES)).values) == {"total", "mean_x", "mean_y"}
    assert set(Reader(engine).read(draw_lines(LINES)).values) == {"total", "mean_x", "mean_y", "Lot", "Cpk"}
    assert set(learner.read(other_values(draw_lines)).values) == {"total", "mean_x", "mean_y"}


def test_a_field_named_like_a_reading_has_its_meaning():
    entries = parse_entries(BY_HAND.replace("name: Cpk", "name: ring_2_4"), "a.yaml")
    label = entries.fields[2].label
    assert label is not None
    assert label.field == "ring"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("unit: mm", "units: mm", r"field \"shift\"\.units: there is no such key; allowed are name, meaning, unit"),
        ("picture:", "sample: x\npicture:", "sample: there is no such key; allowed are picture, decimals"),
        ("mean_x", "mean_z", "field \"shift\": 'mean_z' is not a meaning; allowed are total, mean_x"),
        ("mean_x, unit: mm", "total", "two fields are 'total'"),
        ("unit: mm", "unit: furlong", "'furlong' is not a unit; allowed are um"),
        ("mean_x", "ring_2_4", 'field "shift": ring_2_4 has no unit; leave it out'),
        ("[255, 188, 305, 212]", "[305, 188, 255, 212]", r"field \"Cpk\"\.value_box: a box is \[left, top, right"),
        ("[255, 188, 305, 212]", "[255, 188, 305]", r"field \"Cpk\"\.value_box"),
        ("[255, 188, 305, 212]", "[2550, 188, 3050, 212]", "field 'Cpk': its value_box lies outside of the picture"),
        ("[36, 28, 90, 52]", "[150, 28, 200, 52]", "field 'Total': nothing is printed in its name_box"),
        ("by_hand.png", "../by_hand.png", "picture: the picture lies beside the layout file"),
        ("by_hand.png", "other.png", r"its sample picture other\.png does not lie beside it"),
        ("fields:", "ignore: [cpk]\nfields:", "field 'Cpk' is also ignored"),
        ("name_box", "label_box", "there is no such key; allowed are name"),
        (BY_HAND, "picture: by_hand.png", "give fields to read, or names and boxes to ignore"),
        (BY_HAND, "[]", "a layout is a mapping with the keys picture"),
        (BY_HAND, "{", "not a layout that can be read"),
    ],
)
def test_errors_name_the_file_and_the_place(tmp_path, draw_lines, old, new, message):
    path = write(tmp_path, BY_HAND.replace(old, new), draw_lines(LINES))
    with pytest.raises(TriptychError, match=f"^{path}: .*{message}"):
        load_layout_file(path)


def test_layouts_need_a_name_by_which_they_are_recognised(tmp_path, draw_lines):
    text = "picture: by_hand.png\nfields: [{name: Cpk, value_box: [255, 188, 305, 212]}]"
    with pytest.raises(TriptychError, match="no field has a name_box; give at least one"):
        load_layout_file(write(tmp_path, text, draw_lines(LINES)))


def test_a_sample_that_is_reduced_when_it_is_decoded_is_refused(tmp_path):
    path = write(tmp_path, BY_HAND, Image.new("1", (5000, 4000)))
    with pytest.raises(TriptychError, match=r"by_hand\.png: is too large for a sample picture"):
        load_layout_file(path)


def test_folders_of_layouts(tmp_path, draw_lines):
    with pytest.raises(TriptychError, match="has no layout files"):
        load_layout_files([tmp_path])
    write(tmp_path, BY_HAND, draw_lines(LINES))
    write(tmp_path, BY_HAND.replace("by_hand", "b"), draw_lines(LINES), "b")
    assert [file.name for file in load_layout_files([tmp_path])] == ["b", "by_hand"]
    with pytest.raises(TriptychError, match="b: two layout files have this name"):
        load_layout_files([tmp_path, tmp_path / "b.yaml"])


def test_the_mark_of_a_layout_covers_its_fields_and_its_picture_but_not_its_place(tmp_path, draw_lines):
    one = load_layout_file(write(tmp_path, BY_HAND, draw_lines(LINES))).mark
    assert one == load_layout_file(write(tmp_path, BY_HAND.replace("by_hand", "b"), draw_lines(LINES), "b")).mark
    assert one != load_layout_file(write(tmp_path, BY_HAND.replace("Cpk", "CPK"), draw_lines(LINES))).mark
    assert one != load_layout_file(write(tmp_path, BY_HAND, draw_lines([*LINES, (40, 240, "x")]))).mark
