import base64
import io

import numpy as np
import pytest
from PIL import Image

from parsed_page import Page
from triptych.layouts.sheets import MAX_SIDE, data_uri, layout_sheets
from triptych.layouts.show import layouts_page, readings_page
from triptych.reading.box import Box
from triptych.reading.layout_file import load_layout_file
from triptych.reading.learned_layout import Layout
from triptych.reading.reading import Field, Reading
from triptych.reading.samples import Sample, SampledLayout, Samples
from triptych.records import Failure

PROBLEM = "mean_x, mean_y: <b>10</b> um is printed"


def reading(*problems):
    """A reading of two fields, the second of which is in doubt."""
    total = Field(
        "total", "Total <i>", "500", 500.0, None, Box(5, 5, 30, 15), Box(60, 5, 80, 15), "checked", ("agrees",)
    )
    mean = Field("mean_x", "Mean X", "0,010", 10.0, 1000.0, Box(5, 20, 30, 30), Box(60, 20, 80, 30), "doubtful")
    return Reading(not problems, problems=list(problems), fields=(total, mean), layout=0)


@pytest.fixture
def samples():
    """One layout with two records, and pictures of all other kinds."""
    page = np.full((50, 100, 3), 255, dtype=np.uint8)
    seen = SampledLayout(Sample("a.png", reading(PROBLEM), page), 2, {"a.png": [PROBLEM]})
    unknown = [Sample("b.png", reading("total: wrong"), page)]
    return Samples({0: seen}, unknown, {"c.png": ["rings: wrong"]}, ["d.png"])


def test_the_page_shows_layouts_and_everything_without_one(samples):
    html = readings_page(samples, [Layout((100, 50), ())], [Failure("e.png", "no picture")], 1, 6)
    page = Page(html)
    assert page.open == []
    assert "1 of 6 pictures read in full. 1 layout." in html
    assert len(page.all("img")) == 2
    assert {link["href"] for link in page.all("a")} >= {"#layout-1", "#unknown", "#without", "#failures"}
    for words in ("2 records", "c.png", "d.png", "e.png", "no picture", "Total &lt;i&gt;", "&lt;b&gt;10&lt;/b&gt;"):
        assert words in html


def test_every_link_leads_to_a_place_in_the_page_and_nothing_points_outside(samples):
    page = Page(readings_page(samples, [Layout((100, 50), ())], [], 1, 6))
    places = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert {link["href"].removeprefix("#") for link in page.all("a")} <= places
    assert all(image["src"].startswith("data:image/png;base64,") for image in page.all("img"))
    assert not page.all("script")
    assert not page.all("link")


def test_a_sheet_says_of_each_field_what_it_is_and_how_sure(samples):
    (sheet,) = layout_sheets(samples, [Layout((100, 50), (), name="mine", given=True)])
    assert (sheet.title, sheet.given, sheet.size, sheet.count) == ("mine", True, (100, 50), 2)
    total, mean = sheet.rows
    assert (total.meaning, total.value, total.unit, total.sure, total.checks) == (
        "Holes",
        "500",
        "",
        "Checked",
        ("agrees",),
    )
    assert (mean.text, mean.value, mean.unit, mean.sure) == ("0,010", "10 µm", "mm", "In doubt")
    assert mean.doubts == ("<b>10</b> um is printed",)


def test_layout_files_are_drawn_with_their_boxes(path):
    page = Page(layouts_page([load_layout_file(path)]))
    boxes = {tuple(rect[key] for key in ("class", "x", "y", "width", "height")) for rect in page.all("rect")}
    assert ("name", "36", "28", "54", "24") in boxes
    assert len(boxes) == 4


def test_large_pictures_are_reduced():
    kind, _, data = data_uri(np.zeros((10, 2 * MAX_SIDE, 3), dtype=np.uint8)).partition(",")
    assert kind == "data:image/png;base64"
    assert Image.open(io.BytesIO(base64.b64decode(data))).size == (MAX_SIDE, 5)
