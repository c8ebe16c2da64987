"""The random style of a sheet."""

import numpy as np
import pytest

from triptych.simulate.layouts import LAYOUTS
from triptych.simulate.style import draw_style


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_styles_cover_their_ranges(layout):
    rng = np.random.default_rng(0)
    styles = [draw_style(layout, rng) for _ in range(300)]
    assert {style.pink for style in styles} == set(layout.pinks)
    assert all(1.4 <= style.dot_radius <= 3.6 for style in styles)
    assert all(abs(style.tilt) <= 0.8 for style in styles)
    for chance in ("tilt", "blur", "jpeg_quality"):
        present = np.mean([bool(getattr(style, chance)) for style in styles])
        assert 0.2 < present < 0.6  # each occurs on some sheets, not on all


def test_the_same_generator_gives_the_same_style():
    first, second = (draw_style(LAYOUTS[0], np.random.default_rng(5)) for _ in range(2))
    assert first == second
