import numpy as np
import pytest
from PIL import Image

from triptych.records import BitDepth, learn_depth

RNG = np.random.default_rng(0)
ALL = 10**9


def _noise(low: int, high: int, dtype=np.uint16) -> np.ndarray:
    return RNG.integers(low, high + 1, (40, 50)).astype(dtype)


def _learn(*pictures: np.ndarray):
    return learn_depth([(f"{i}.png", Image.fromarray(picture)) for i, picture in enumerate(pictures)], ALL)


def test_the_range_goes_from_the_lowest_to_the_highest_value_of_any_picture():
    dark, bright = np.full((40, 50), 1000, np.uint16), np.full((40, 50), 1200, np.uint16)
    bright[10:14, 10:14] = 1400  # a small defect counts
    assert _learn(dark, bright).depth == BitDepth((1000, 1400), eight_bit=False)


@pytest.mark.parametrize("hot", [65535, 0])
def test_single_hot_and_dead_pixels_do_not_count(hot):
    plain = np.full((40, 50), 1000, np.uint16)
    plain[:, 25:] = 1400
    broken = plain.copy()
    broken[[0, 9, 30, 39], [0, 40, 20, 49]] = hot
    assert _learn(plain, broken).depth.range == (1000, 1400)


def test_a_few_pictures_far_outside_all_others_do_not_count_and_are_named():
    learned = _learn(*(_noise(1000, 1400) for _ in range(39)), np.full((40, 50), 65535, np.uint16))
    low, high = learned.depth.range
    assert 1000 <= low < 1100 < 1300 < high <= 1400
    (warning,) = learned.warnings
    assert "1 of 40 training pictures lie far outside the range of the others" in warning
    assert warning.endswith(": 39.png")


def test_a_class_of_brighter_pictures_counts():
    learned = _learn(*(_noise(1000, 1400) for _ in range(20)), *(_noise(20_000, 30_000) for _ in range(3)))
    assert learned.depth.range[1] > 29_000
    assert learned.warnings == ()


def test_without_high_bit_depth_pictures_there_is_no_range_and_none_is_decoded(tmp_path):
    Image.new("L", (40, 40)).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes((tmp_path / "a.png").read_bytes()[:60])  # its header is whole, and it is not
    sources = [(name, tmp_path / name) for name in ("a.png", "b.png")]
    assert learn_depth(sources, ALL).depth == BitDepth(None, eight_bit=True)
    assert learn_depth([], ALL).depth == BitDepth(None, eight_bit=False)


def test_a_data_set_of_8_and_more_bits_is_warned_about():
    learned = _learn(_noise(1000, 1400), _noise(0, 255, np.uint8), _noise(0, 255, np.uint8))
    assert learned.depth.eight_bit
    assert "1 of 3 training pictures have more than 8 bits; they are scaled by their range" in learned.warnings[0]


def test_pictures_that_cannot_be_used_do_not_count(tmp_path):
    (tmp_path / "bad.png").write_bytes(b"no picture")
    Image.fromarray(_noise(1000, 1400)).save(tmp_path / "cut.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "cut.png").read_bytes()[:200])
    deep = Image.fromarray(np.full((40, 50), np.nan, np.float32))
    sources = [("bad.png", tmp_path / "bad.png"), ("cut.png", tmp_path / "cut.png"), ("nan", deep)]
    assert learn_depth(sources, ALL).depth == BitDepth(None, eight_bit=False)


def test_a_picture_of_several_records_counts_once():
    picture = Image.fromarray(_noise(0, 255, np.uint8))
    learned = learn_depth([("a", picture), ("b", picture), ("c", Image.fromarray(_noise(0, 4095)))], ALL)
    assert "1 of 2 training pictures" in learned.warnings[0]


@pytest.mark.parametrize("depth", [BitDepth(None, eight_bit=True), BitDepth((1000.5, 1400), eight_bit=False)])
def test_it_is_kept_with_a_model(depth):
    assert BitDepth.from_json(depth.to_json()) == depth
