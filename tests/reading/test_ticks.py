import pytest

from triptych.reading.box import Box
from triptych.reading.ocr import Word
from triptych.reading.plot import Plot
from triptych.reading.ticks import tick_scale, without_ticks

PLOT = Plot(center=(200, 200), radius=100, half=100, half_y=100, circle=True)


def at(text, x, y):
    return Word(text, Box(x - 10, y - 8, x + 10, y + 8), 1.0)


def test_numbers_that_rise_evenly_along_an_axis_are_ticks():
    left = [at(str(number), 85, 200 - 4 * number) for number in (-20, -10, 0, 10, 20)]
    below = [at(str(number), 200 + 4 * number, 315) for number in (-20, -10, 0, 10, 20)]
    assert without_ticks([*left, *below], PLOT) == []


def test_values_beside_the_plot_are_not_ticks():
    counts = [at(text, 315, 110 + 30 * i) for i, text in enumerate(("87", "249", "335", "0", "0"))]
    assert without_ticks(counts, PLOT) == counts


def test_words_on_the_plot_are_dropped():
    assert without_ticks([at("e", 200, 180), at("Mean X", 400, 180)], PLOT) == [at("Mean X", 400, 180)]


def test_numbers_far_from_the_plot_are_not_ticks():
    far = [at(str(10 * i), 400, 100 + 40 * i) for i in range(5)]
    assert without_ticks(far, PLOT) == far


def test_a_text_box_in_the_plot_is_kept():
    lines = [
        Word(text, Box(110, y, 110 + 8 * len(text), y + 16), 1.0) for text, y in (("n=401", 110), ("μx=-1.15", 130))
    ]
    unknown = Word("Cpk=1.2", Box(110, 148, 166, 164), 1.0)
    assert without_ticks([*lines, unknown, at("e", 250, 250)], PLOT) == [*lines, unknown]


def test_numbers_that_belong_to_names_beside_the_plot_are_not_ticks():
    rows = [(at(str(2 * i), 315, 110 + 30 * i), at("um", 345, 110 + 30 * i)) for i in range(5)]
    words = [word for row in rows for word in row]
    assert without_ticks(words, PLOT) == words


def numbered(values, line, along, start=200, px=4):
    """Labels of `values` at `start` + `px` times the value along x (0) or y (1), at `line` across."""
    places = [(value, start + px * value) for value in values]
    return [at(f"{value:g}", place, line) if along == 0 else at(f"{value:g}", line, place) for value, place in places]


def test_tick_labels_give_the_scale_and_the_zero():
    labels = numbered((-10, 0, 10, 20), 315, along=0, start=150) + numbered((-20, 0, 20), 85, along=1, start=190, px=-4)
    scale = tick_scale([*labels, at("x [mm]", 200, 335), at("Mean [mil]", 400, 200)], PLOT)
    assert scale is not None
    assert scale.zero == pytest.approx((150, 190))
    assert scale.per_px == pytest.approx((0.25, 0.25))
    assert scale.unit == 1000


def test_a_lost_minus_sign_and_a_misread_label_do_not_change_the_scale():
    labels = numbered((-20, -10, 0, 10, 20), 315, along=0) + numbered((-20, -10, 0, 10, 20), 85, along=1, px=-4)
    labels[0] = at("20", 120, 315)
    labels[7] = at("6", 85, 200)
    labels[9] = at("20 -", 85, 120)  # with its tick mark
    scale = tick_scale(labels, PLOT)
    assert scale is not None
    assert scale.zero == pytest.approx((200, 200))
    assert scale.per_px == pytest.approx((0.25, 0.25))
    assert scale.unit is None


def test_numbers_along_one_axis_only_are_no_scale():
    assert tick_scale(numbered((-20, -10, 0, 10, 20), 315, along=0), PLOT) is None
