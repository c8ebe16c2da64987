from dataclasses import replace

import pytest

from triptych.reading import digitise
from triptych.reading.box import Box
from triptych.reading.cell import Cell
from triptych.reading.checks import KnownLayout, check
from triptych.reading.ocr import Word
from triptych.reading.printed_names import parse_label

ROWS = {
    "N": "500",
    "Mean X": "0.00",
    "Mean Y": "1.00",
    "Sigma X": "2.00",
    "Sigma Y": "2.00",
    "0-2": "180",
    "2-4": "240",
    "4-6": "72",
    ">6": "8",
}


def cells(**changed: str | None):
    """The cells of `ROWS` in two columns; `changed` by the position in `ROWS`, as `row_5="181"`; None drops a row."""
    rows = dict(ROWS)
    names = list(ROWS)
    for key, text in changed.items():
        rows[names[int(key.removeprefix("row_"))]] = text
    return [
        Cell(
            name,
            parse_label(name),
            Box(0, 30 * i, 60, 30 * i + 20),
            Word(text, Box(100, 30 * i, 140, 30 * i + 20), 1.0),
        )
        for i, (name, text) in enumerate(rows.items())
        if text is not None
    ]


@pytest.fixture
def plot(draw_plot, cloud):
    """A plot that agrees with `ROWS`."""
    return digitise(draw_plot(cloud(500, (0, 1), (2, 2))))


def test_a_table_that_adds_up(plot):
    checked = check(cells(), plot)
    assert checked.ok
    assert checked.values == {
        "total": 500,
        "mean_x": 0,
        "mean_y": 1,
        "sigma_x": 2,
        "sigma_y": 2,
        "ring_0_2": 180,
        "ring_2_4": 240,
        "ring_4_6": 72,
        "ring_6_inf": 8,
    }
    assert list(checked.values)[:2] == ["total", "mean_x"]
    assert not checked.suspects


def test_a_wrong_count_is_named_and_all_counts_are_suspected(plot):
    checked = check(cells(row_5="181"), plot)
    assert not checked.ok
    assert "total: 500 is printed, but the rings sum to 501" in checked.faults
    assert len(checked.suspects) == 5


def test_one_illegible_count_is_worked_out(plot):
    checked = check(cells(row_6="?"), plot)
    assert checked.ok
    assert checked.values["ring_2_4"] == 240
    assert checked.notes == ("ring_2_4: not legible; computed from the total and the other rings",)
    assert len(checked.suspects) == 1


def test_moments_that_the_rings_do_not_allow_are_a_fault_even_without_a_plot():
    checked = check(cells(row_3="0.20", row_4="0.20", row_2="0.10"), None)
    assert not checked.ok
    assert checked.faults[0].startswith("mean_x, mean_y, sigma_x, sigma_y: ")


def test_counts_that_the_plot_contradicts_are_a_fault(plot):
    checked = check(cells(row_5="20", row_6="400"), plot)
    assert not checked.ok
    assert any(fault.startswith("ring_0_2: ") for fault in checked.faults)


def test_no_field_is_required_but_y_where_x_is_printed():
    assert check(cells(row_0=None, row_1=None, row_2=None, row_3=None, row_4=None), None).ok
    assert check(cells(row_3=None, row_4=None, row_5=None, row_6=None, row_7=None, row_8=None), None).ok
    lacking = check(cells(row_2=None), None)
    assert lacking.faults == lacking.absent == ("mean_y: not found",)


def test_a_missing_value_is_not_a_value(plot):
    checked = check(cells(row_2="NaN"), plot)
    assert "mean_y" not in checked.values
    assert checked.faults == ("mean_y: no value is printed ('NaN')",)


def test_percentages_and_tolerances_are_fields_of_their_own(plot):
    values = check(cells(row_5="180 (36.0%)", row_1="0.00 ± 0.09"), plot).values
    assert (values["ring_0_2"], values["ring_0_2 %"]) == (180, 36)
    assert (values["mean_x"], values["mean_x ±"]) == (0, 0.09)


def test_a_count_read_as_one_with_its_percentage_is_divided_if_the_total_agrees(plot):
    values = check(cells(row_8="81.6%", row_7="7214,4 %"), plot).values
    assert (values["ring_6_inf"], values["ring_6_inf %"], values["ring_4_6"]) == (8, 1.6, 72)
    assert "ring_6_inf %" not in check(cells(row_8="91.6%"), plot).values


def test_unknown_fields_keep_their_names_and_texts(plot):
    where = Box(0, 300, 60, 320)
    extra = [Cell("Lot", None, where, Word("K123", where, 1.0)), Cell("Depth", None, where, Word("0.35", where, 1.0))]
    values = check([*cells(), *extra], plot).values
    assert (values["Lot"], values["Depth"]) == ("K123", 0.35)


def test_a_count_without_a_legible_name_among_the_rings_is_a_fault(plot):
    # Where counts are printed within radii, its ring would otherwise be lost silently.
    lost = [cell if cell.name != "2-4" else Cell("R%", None, cell.label_box, cell.value) for cell in cells()]
    assert any("'240' stands among the counts" in fault for fault in check(lost, plot).faults)


def test_a_number_of_which_a_part_was_missed_is_a_fault(plot):
    partial = [
        Cell(c.name, c.label, c.label_box, Word(c.value.text, c.value.box, 0.0)) if c.name == "Mean Y" else c
        for c in cells()
    ]
    assert check(partial, plot).faults == ("mean_y: more is printed than '1.00'",)


def test_moments_with_other_decimals_than_their_layout_has_are_suspected(plot):
    assert check(cells(row_1="0.0"), plot, KnownLayout(decimals=2)).suspects == {("mean_x",)}


def test_what_confirms_a_value_is_named(plot):
    confirmed = check(cells(), plot, KnownLayout(um_per_radius=20.0)).confirmed
    assert confirmed["total"] == confirmed["ring_2_4"] == "follows from the other counts"
    assert "the plot shows" in confirmed["mean_y"]
    assert "the plot shows" in confirmed["sigma_x"]
    # A scale that was computed from the sigmas does not confirm them.
    assert "sigma_x" not in check(cells(), plot).confirmed
    assert set(check(cells(row_0=None, row_5="180 (36.0%)", row_6="240 (20.0%)"), None).confirmed) == {"ring_0_2"}


def test_two_different_readings_are_a_fault_unless_the_sum_confirms_one(plot):
    table = cells()
    mean_x, ring = (replace(cell, again=text) for cell, text in ((table[1], "0.80"), (table[5], "188")))
    assert check([mean_x if cell.key == mean_x.key else cell for cell in table], plot).faults == (
        "mean_x: read as '0.00' and as '0.80'",
    )
    assert check([ring if cell.key == ring.key else cell for cell in table], plot).ok


def test_further_statistics_confirm_or_contradict_one_another():
    def table(**values):
        return [
            Cell(name, None, Box(0, 30 * i, 60, 30 * i + 20), Word(text, Box(100, 30 * i, 140, 30 * i + 20), 1.0))
            for i, (name, text) in enumerate(values.items())
        ]

    agreeing = check(table(Min="1.20", Max="9.80", Range="8.60"), None)
    assert agreeing.ok
    assert set(agreeing.confirmed) == {"Min", "Max", "Range"}
    contradicting = check(table(Min="7.20", Max="1.80"), None)
    assert [fault.partition(":")[0] for fault in contradicting.faults] == ["Min, Max"]
