import pytest

from triptych.reading.meanings import meaning_of, parse_meaning, unit_of
from triptych.reading.printed_names import parse_label


@pytest.mark.parametrize(
    "meaning", ["total", "mean_x", "sigma_y", "variance_x", "3 sigma_x", "ring_2.5_4", "ring_20_inf"]
)
def test_meanings_survive_being_written(meaning):
    assert meaning_of(parse_meaning(meaning)) == meaning


@pytest.mark.parametrize(
    ("printed", "meaning", "unit"),
    [
        ("Mean X (mm)", "mean_x", "mm"),
        ("3σ y", "3 sigma_y", None),
        ("0.08-0.16 mil", "ring_2_4", None),
        ("> 20 um", "ring_20_inf", None),
        ("Variance X", "variance_x", None),
    ],
)
def test_printed_names_have_meanings(printed, meaning, unit):
    label = parse_label(printed)
    assert label is not None
    assert (meaning_of(label), unit_of(label)) == (meaning, unit)


@pytest.mark.parametrize("meaning", ["mean", "mean_z", "0 sigma_x", "ring_4_2", "ring", "Total", "ring_2_4_6"])
def test_other_meanings_are_refused(meaning):
    with pytest.raises(ValueError, match="is not a meaning; allowed are total"):
        parse_meaning(meaning)
