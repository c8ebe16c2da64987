"""The built-in layouts: different from one another, complete, and with space for every value."""

import math

import numpy as np
import pytest

from triptych.records.fields import MOMENTS, TOTAL, ring_name
from triptych.simulate.fonts import text_mask
from triptych.simulate.layout_spec import RINGS, ring_fields
from triptych.simulate.layouts import LAYOUTS

each_layout = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
ALIGN = {"left": 0.0, "middle": 0.5, "right": 1.0}


def test_there_are_several_sheets_and_between_them_they_differ_in_everything_a_reader_must_cope_with():
    assert len({layout.name for layout in LAYOUTS}) == len(LAYOUTS) >= 4
    assert {layout.rings for layout in LAYOUTS} == {"interval", "cumulative"}
    assert {layout.plus for layout in LAYOUTS} == {True, False}
    assert {layout.font for layout in LAYOUTS} == {"aileron", "bitmap"}
    assert len({layout.um_per_unit for layout in LAYOUTS}) >= 3
    assert {2, 3} <= {layout.decimals for layout in LAYOUTS}
    sides = {np.sign(layout.blocks[0].origin[0] - layout.plot[0]) for layout in LAYOUTS}
    assert sides == {-1, 1}  # tables to the left and to the right of the plot
    assert any(layout.blocks[0].origin[1] > layout.plot[1] + layout.plot[2] for layout in LAYOUTS)  # and below
    assert any(layout.extras for layout in LAYOUTS)
    labels = [dict(block.fields).get(MOMENTS[0]) for layout in LAYOUTS for block in layout.blocks]
    named = [label for label in labels if label]
    assert len(set(named)) == len(LAYOUTS)


@each_layout
def test_a_sheet_prints_every_field_once(layout):
    names = [name for block in layout.blocks for name, _ in block.fields]
    rings = [ring_name(low, high) for low, high in RINGS]
    expected = [TOTAL, *MOMENTS, *(rings if layout.rings == "interval" else rings[:-1])]
    assert sorted(names) == sorted(expected)


@each_layout
def test_the_widest_words_fit_on_the_sheet_apart_from_each_other_and_from_the_plot(layout):
    boxes = list(_widest_boxes(layout))
    left, top, side = layout.plot
    boxes.append((left, top, left + side, top + side))
    for x0, y0, x1, y1 in boxes:
        assert x0 >= 0
        assert y0 >= 0
        assert x1 <= layout.size[0]
        assert y1 <= layout.size[1]
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] + 4 or b[3] <= a[1] + 4  # 4 px of a line are empty
            assert apart, (layout.name, a, b)


def _widest_boxes(layout):
    """The boxes of all labels and of the widest possible values."""
    moment = (
        f"-{'8' if layout.um_per_unit < 1000 else '0'}{'8' if layout.um_per_unit == 1 else ''}.{'8' * layout.decimals}"
    )
    blocks = [*layout.blocks, *([layout.extras] if layout.extras else [])]
    for block in blocks:
        for index, (name, label) in enumerate(block.fields):
            x, y = (block.origin[axis] + index * block.pitch[axis] for axis in (0, 1))
            word = moment if name in MOMENTS else "2500" if name in (TOTAL, *map(_ring, RINGS)) else "2024-12-28"
            yield _box(label, x, y, block.label_align, layout)
            yield _box(word, x + block.value[0], y + block.value[1], block.value_align, layout)


def _ring(bounds):
    return ring_name(*bounds)


def _box(text, x, y, align, layout):
    width, height = text_mask(text, layout.font, layout.font_size).size
    left = x - ALIGN[align] * width
    return left, y - height / 2, left + width, y + height / 2


@each_layout
def test_the_plot_reaches_about_20_um_at_about_12_px_per_um(layout):
    assert 18 <= layout.half_range <= 24
    assert 10 <= layout.px_per_um <= 14
    assert max(layout.circles) <= layout.half_range


def test_ring_labels_are_in_the_unit_of_the_sheet():
    fields = ring_fields("{low:.3f}-{high:.3f} mm", ">{low:.3f} mm", um_per_unit=1000.0)
    assert fields[1] == ("ring_2_4", "0.002-0.004 mm")
    assert fields[-1] == ("ring_20_inf", ">0.020 mm")
    assert math.isinf(RINGS[-1][1])


def test_an_open_ring_without_a_label_is_not_printed():
    assert [name for name, _ in ring_fields("R<{high:g}", None)][-1] == "ring_15_20"
