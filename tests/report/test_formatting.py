import pytest

from triptych.report.formatting import count, loss_name, percent, reading_name, reading_value, share


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("total", "Holes"),
        ("mean_x", "Mean x"),
        ("ring_2_4", "2 to 4 µm"),
        ("ring_20_inf", "Beyond 20 µm"),
        ("Lot no.", "Lot no."),
    ],
)
def test_fields_are_headed_in_words_and_unknown_ones_by_their_own_name(name, heading):
    assert reading_name(name) == heading


def test_lengths_carry_their_unit_and_counts_and_words_do_not():
    assert reading_value("sigma_y", 2.3456) == "2.35 µm"
    assert reading_value("total", 1234.0) == "1234"
    assert reading_value("Lot", "K48213") == "K48213"


def test_a_probability_is_never_rounded_to_certain_or_impossible():
    assert [share(value) for value in (0.0, 0.001, 0.625, 0.9999, 1.0)] == ["0%", "<1%", "62%", ">99%", "100%"]


def test_a_score_that_does_not_exist_is_a_dash():
    assert percent(80.766) == "80.8"
    assert percent(None) == "–"


def test_losses_have_names_in_words():
    assert loss_name("itc_pending") == "pending records"
    assert loss_name("my_loss") == "my loss"


def test_nouns_agree_with_their_number():
    assert count(1, "record") == "1 record"
    assert count(1200, "record") == "1,200 records"
