"""The page of `triptych agreement`."""

import pytest

from parsed_page import Page
from triptych.agreement.page import LISTED, WIDTH, agreement_page, figure_cells, summary
from triptych.agreement.ratings import Ratings
from triptych.agreement.statistics import analyse


def _ratings(n=20, wrong=2, **changes):
    truth = ["bad", "ok"] * (n // 2)
    anna = [("ok" if i < 2 * wrong and i % 2 == 0 else label) for i, label in enumerate(truth)]
    values = {
        "items": [f"{i}.png" for i in range(n)],
        "trials": {"anna": [anna, truth], "ben": [truth]},
        "reference": truth,
    }
    return Ratings(**(values | changes))


@pytest.fixture
def ratings():
    return _ratings()


@pytest.fixture
def page(ratings):
    return Page(agreement_page(analyse(ratings, "ok"), ratings, "labels.csv"))


def test_all_figures_are_shown_with_intervals_and_verdicts(page, ratings):
    for figure in analyse(ratings, "ok").figures:
        for cell in figure_cells(figure):
            assert " ".join(cell.split()) in page.words
    assert "anna: miss (escape)" in page.words
    assert "all labels (Fleiss)" in page.words


def test_disputed_items_are_listed_with_all_labels(page):
    assert "0.png bad ok, bad bad" in page.words
    assert "Disputed 2" in page.words
    assert "bad and ok were given to the same item 2 times" in page.words


def test_the_summary_counts_verdicts(ratings):
    assert summary(analyse(ratings, "ok"), 20).startswith("20 items, 2 of them disputed. Of 6 rates with usual limits:")
    alone = _ratings(reference=None)
    assert summary(analyse(alone, None), 20) == "20 items, 2 of them disputed."


def test_bars_lie_inside_their_picture(ratings):
    html = agreement_page(analyse(ratings, "ok"), ratings, "t")
    bars = [one for one in Page(html).all("path") if "H" in one["d"]]
    assert bars
    for bar in bars:
        low, _, high = bar["d"].removeprefix("M").partition(" 7 H")
        assert 0 < float(low) < float(high) < WIDTH


def test_perfect_agreement_and_figures_of_nothing_have_a_page():
    ratings = _ratings(n=2, wrong=0, reference=["ok", "ok"], trials={"ben": [["ok", "ok"]]})
    page = Page(agreement_page(analyse(ratings, "ok"), ratings, "t"))
    assert "All labels of all items are equal." in page.words
    assert "there are no such items" in page.words


def test_further_disputed_items_are_counted():
    ratings = _ratings(n=2 * LISTED + 6, wrong=LISTED + 3)
    words = Page(agreement_page(analyse(ratings, "ok"), ratings, "t")).words
    assert "3 more items are in the JSON file only." in words
    assert f"Disputed {LISTED + 3}" in words


def test_text_of_tables_is_escaped():
    ratings = _ratings(items=[f"<b>{i}" for i in range(20)], notes=["<i>note"])
    html = agreement_page(analyse(ratings, "ok"), ratings, "<u>title")
    assert not any(tag in html for tag in ("<b>0", "<i>note", "<u>title", "<script"))
