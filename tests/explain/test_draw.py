from importlib.util import find_spec

import numpy as np
import pytest
from PIL import Image

from triptych.errors import MissingExtraError, TriptychError
from triptych.explain import Alignment, HeatMap, draw


@pytest.fixture
def heat():
    values = np.zeros((3, 3), np.float32)
    values[0, 2] = 1.0
    view = Image.new("RGB", (40, 40), "white")
    return draw.heat_maps([HeatMap(view, values, "type-1", "normal", "panels", "Grad-CAM++", (0, 0, 40, 40))])


def test_a_figure_is_written_as_png_and_svg_and_the_same_one_has_the_same_bytes(heat, tmp_path):
    first, second = (draw.save(heat, tmp_path / name, "gradcam") for name in ("one", "two"))
    assert [path.name for path in first] == ["gradcam.png", "gradcam.svg"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert Image.open(first[0]).size[0] > 300


def test_heat_is_drawn_at_its_position(heat, tmp_path):
    picture = np.asarray(Image.open(draw.save(heat, tmp_path, "g")[0]).convert("RGB")).astype(int)
    right = picture[:, picture.shape[1] // 2 :]
    warm = right[..., 0] - right[..., 2]  # red against blue
    rows, columns = np.where(warm > 60)
    assert rows.mean() < right.shape[0] / 2
    assert columns.mean() > right.shape[1] / 2


def test_a_class_without_a_usable_picture_has_an_empty_row(tmp_path):
    sheet = draw.sample_sheet({"normal": [Image.new("RGB", (900, 300), "red")] * 2, "type-1": []})
    assert [axis.get_title(loc="left") for axis in sheet.axes] == ["normal", "", "type-1", ""]
    assert draw.save(sheet, tmp_path, "samples")[1].exists()


def test_every_alignment_has_a_panel_and_every_class_a_colour():
    vectors = np.random.default_rng(0).normal(size=(12, 5)).astype(np.float32)
    figure = draw.embeddings([Alignment("one", vectors), Alignment("two", vectors)], ["a", "b"] * 6, ["a", "b"], 0)
    assert [axis.get_title() for axis in figure.axes] == ["(a) one", "(b) two"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["a", "b"]
    points = [len(points.get_offsets()) for points in figure.axes[0].collections]
    assert points == [6, 6]


def test_a_folder_that_cannot_be_written_is_named(heat, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TriptychError, match=r"file: cannot be written"):
        draw.save(heat, tmp_path / "file", "g")


def test_without_matplotlib_the_message_gives_the_pip_line(monkeypatch):
    assert find_spec("matplotlib")
    draw.check_figures()
    monkeypatch.setattr(draw, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'triptych\[figures\]'"):
        draw.check_figures()
