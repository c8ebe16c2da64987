"""Text as masks."""

import numpy as np
import pytest

from triptych.simulate.fonts import text_mask


@pytest.mark.parametrize("font", ["aileron", "bitmap"])
def test_masks_of_one_font_are_equally_high_and_grow_with_the_text(font):
    short, long = text_mask("-1.2", font, 20), text_mask("Sigma X (um) -1.2", font, 20)
    assert short.height == long.height
    assert short.width < long.width


@pytest.mark.parametrize("font", ["aileron", "bitmap"])
@pytest.mark.parametrize("text", ["Mj(", "Wy]", "+0.015", ">20"])
def test_no_ink_is_cut_off_at_the_ends(font, text):
    ink = np.asarray(text_mask(text, font, 22))
    assert ink.max() == 255
    assert ink[:, [0, -1]].max() < 128


def test_the_line_is_high_enough_for_accents_and_descenders():
    ink = np.asarray(text_mask("Äj(", "aileron", 22))
    assert ink[[0, -1]].max() < 128


def test_the_bitmap_font_is_scaled_to_the_size_asked_for():
    assert text_mask("0", "bitmap", 22).height == 22
    assert text_mask("0", "bitmap", 33).height == 33
