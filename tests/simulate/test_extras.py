"""Fields besides the readings."""

import numpy as np

from triptych.simulate.extras import EXTRAS, draw_extras
from triptych.simulate.layouts import LAYOUTS, LEDGER, TICKET


def test_a_sheet_with_extra_fields_gets_a_word_for_each():
    extras = draw_extras(TICKET, np.random.default_rng(0))
    assert list(extras) == ["Machine", "Lot", "Tool", "Date"]
    assert all(extras.values())


def test_a_sheet_without_extra_fields_gets_none():
    assert draw_extras(LEDGER, np.random.default_rng(0)) == {}


def test_every_extra_field_of_every_sheet_can_be_drawn():
    printed = {name for layout in LAYOUTS if layout.extras for name, _ in layout.extras.fields}
    assert printed == set(EXTRAS)
