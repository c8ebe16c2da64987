import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from triptych.reading.box import Box
from triptych.reading.glyphs import LEAST_EXAMPLES, SHAPE, Glyphs, find_line
from triptych.reading.ink import line_pieces

WHOLE = Box(0, 0, 200, 40)


def printed(text, seed=0, size=20, x=20):
    """A grey strip [40, 200] with `text`, and noise."""
    picture = Image.new("L", (200, 40), 235)
    ImageDraw.Draw(picture).text((x, 8), text, fill=20, font=ImageFont.load_default(size))
    noise = np.random.default_rng(seed).normal(0, 6, (40, 200))
    return np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8)


def line(text, **options):
    found = find_line(printed(text, **options), WHOLE)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def glyphs():
    """The glyphs of a machine that printed many numbers."""
    rng, known = np.random.default_rng(1), Glyphs()
    for seed in range(80):
        text = f"{rng.choice(['', '-'])}{rng.integers(10, 100)}.{rng.integers(100, 1000)}"
        known = known.learned(line(text, seed=seed), text)
    return known


def test_numbers_are_read_once_all_digits_are_known(glyphs):
    for seed, text in enumerate(["-70.123", "98.654", "3", "0", "11", "7", "-0.7"]):
        assert glyphs.read(line(text, seed=1000 + seed)) == text


def test_nothing_is_read_while_examples_are_few():
    few = Glyphs()
    for seed in range(LEAST_EXAMPLES - 1):
        few = few.learned(line("0123456789", seed=seed, size=16, x=5), "0123456789")
    assert few.read(line("123", size=16)) is None
    enough = few.learned(line("0123456789", seed=99, size=16, x=5), "0123456789")
    assert enough.read(line("123", size=16)) == "123"


def test_an_unknown_character_is_not_read(glyphs):
    assert glyphs.read(line("K12")) is None
    assert glyphs.read(line("W")) is None


def test_a_wide_gap_is_a_space(glyphs):
    assert glyphs.read(line("12   34")) == "12 34"


def test_digits_that_touch_are_cut_apart(glyphs):
    picture = printed("84")
    left, right = line_pieces(picture, WHOLE)
    picture[20, int(left.x1) : int(right.x0)] = 165
    assert len(line_pieces(picture, WHOLE)) == 1
    assert glyphs.read(find_line(picture, WHOLE)) == "84"


def test_a_sign_that_touches_a_digit_is_not_lost(glyphs):
    picture = printed("-4")
    sign, digit = line_pieces(picture, WHOLE)
    picture[int(sign.y0) : int(sign.y1), int(sign.x1) - 1 : int(digit.x0) + 4] = 20
    assert len(line_pieces(picture, WHOLE)) == 1
    assert glyphs.read(find_line(picture, WHOLE)) in (None, "-4")


def test_a_digit_that_is_wider_than_all_others_is_not_read(glyphs):
    # Noisy print has large radii, within which a digit with a touching sign can lie.
    noisy = replace(glyphs.classifier, radii=10 * glyphs.classifier.radii)
    four = line("4")
    wider = four.features.copy()
    wider[0, -SHAPE] += 0.3
    assert noisy.read(four) == "4"
    assert noisy.read(replace(four, features=wider)) is None


def test_a_text_with_another_number_of_characters_is_not_learned(glyphs):
    assert glyphs.learned(line("123"), "1234") is glyphs


def test_print_in_light_on_dark_is_the_same(glyphs):
    assert glyphs.read(find_line(255 - printed("-48.250"), WHOLE)) == "-48.250"


def test_a_strip_without_print_has_no_line():
    assert find_line(np.full((40, 200), 235, np.uint8), WHOLE) is None


def test_glyphs_survive_json_with_the_same_classifier(glyphs):
    loaded = Glyphs.from_json(json.loads(json.dumps(glyphs.to_json())))
    assert np.array_equal(loaded.classifier.weights, glyphs.classifier.weights)
    assert loaded.read(line("-70.123")) == "-70.123"
    assert Glyphs.from_json(Glyphs().to_json()).classifier is None
