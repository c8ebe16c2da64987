import pytest

from triptych.reading.box import Box
from triptych.reading.ocr import Word
from triptych.reading.page_words import classify_words
from triptych.reading.split_words import split_word


def word(text: str, x: float = 0, y: float = 0, width: float = 100) -> Word:
    return Word(text, Box(x, y, x + width, y + 20), 1.0)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Mean X: 0.12", "Mean X", "0.12"),
        ("N=532", "N", "532"),
        ("0-2 um: 270", "0-2 um", "270"),
        ("R<=4: 531", "R<=4", "531"),
        ("Sigma Y -1.5 um", "Sigma Y", "-1.5 um"),
        ("Lot: A12-7", "Lot", "A12-7"),
    ],
)
def test_a_name_and_its_value_in_one_piece_are_parted(text, name, value):
    pieces = split_word(word(text))
    assert pieces.name is not None
    assert pieces.value is not None
    assert (pieces.name.text, pieces.value.text) == (name, value)
    assert pieces.name.box.x1 == pieces.value.box.x0


@pytest.mark.parametrize("text", ["Mean X:", "2-4 um", "R <= 4", "Hole position report", "12-15 um"])
def test_names_stay_whole(text):
    assert split_word(word(text)) == (word(text), None)


@pytest.mark.parametrize("text", ["0.12", "-3", "26.6 %", "O"])
def test_values_stay_whole(text):
    assert split_word(word(text)) == (None, word(text))


def test_a_name_in_two_pieces_is_joined():
    page = classify_words([word("R <=", 0, width=40), word("2.0 um", 50, width=60), word("47", 200, width=30)])
    assert [name.text for name in page.names] == ["R <= 2.0 um"]
    assert [value.text for value in page.values] == ["47"]


def test_pieces_without_a_letter_or_digit_are_dropped():
    page = classify_words([word("Lot"), word(":", 120, width=5), word("=", 140, width=5)])
    assert [name.text for name in page.names] == ["Lot"]
    assert not page.values


def test_a_colon_read_as_a_letter_is_dropped():
    page = classify_words([word("Holes"), word("日", 120, width=10), word("413", 140, width=30)])
    assert [name.text for name in page.names] == ["Holes"]


def test_words_that_are_not_numbers_are_values_if_they_are_in_a_column():
    rows = [("Machine", "DM-07"), ("Mean X", "0.10"), ("Mean Y", "0.20")]
    words = [word(text, x, 30 * i) for i, row in enumerate(rows) for text, x in zip(row, (0, 150), strict=True)]
    page = classify_words(words)
    assert [(name.text, value.text) for name, value in page.pairs] == [("Machine", "DM-07")]


def test_a_title_without_a_value_remains_a_name():
    page = classify_words([word("Report"), word("Mean X", 0, 30), word("0.10", 150, 30)])
    assert [name.text for name in page.names] == ["Report", "Mean X"]


def test_a_stated_unit_holds_for_the_page():
    page = classify_words([word("Unit: mm")])
    assert [(unit.um, unit.stated) for unit in page.units] == [(1000, True)]


def test_the_words_of_a_name_that_ocr_parted_are_joined():
    page = classify_words([word("STD", 0, width=40), word("DEV", 38, width=40), word("X", 84, width=12)])
    assert [name.text for name in page.names] == ["STD DEV X"]


def test_headings_of_different_columns_stay_apart():
    page = classify_words([word("Min", 0, width=40), word("Max", 70, width=40)])
    assert sorted(name.text for name in page.names) == ["Max", "Min"]


def test_a_time_is_no_ring():
    assert [name.label for name in classify_words([word("12:30")]).names] == [None]
    rings = classify_words([word("10:12", y=0), word("12:30", y=30)]).names
    assert all(name.label and name.label.ring for name in rings)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Lot: W98417 Operator: Weber", [("Lot", "W98417"), ("Operator", "Weber")]),
        ("X = 0.12 um, Y = 0.31 um", [("X", "0.12 um"), ("Y", "0.31 um")]),
        ("孔總數：943 判定：合格", [("孔總數", "943"), ("判定", "合格")]),
        ('"mean_x": -1.7649,', [("mean_x", "-1.7649")]),
        ('"lot": "B67002",', [("lot", "B67002")]),
        ("USL 15.00 um", [("USL", "15.00 um")]),
        ("Start: 12:30", [("Start", "12:30")]),
    ],
)
def test_names_and_values_in_one_word(text, pairs):
    page = classify_words([word(text, width=300)])
    assert [(name.title, value.text) for name, value in page.pairs] == pairs


def test_an_unknown_name_keeps_its_number_if_another_value_follows():
    page = classify_words([word("Rinq 2.0 um", width=100), word("47", 150, width=30)])
    assert [name.text for name in page.names] == ["Rinq 2.0 um"]


def test_chinese_characters_are_as_wide_as_two_letters():
    ((name, value),) = classify_words([word("批號：L29417", width=120)]).pairs
    assert name.box.x1 == value.box.x0 == pytest.approx(120 * 5 / 11)


def test_the_end_of_an_overlapping_neighbour_is_no_part_of_a_number():
    page = classify_words([word("Sigma 2.60 um", 0, width=128), word("1 1.44 um", 118, width=82)])
    assert [value.text for value in page.values] == ["1.44 um"]
    page = classify_words([word("Sigma 2.60 um", 0, width=110), word("1 1.44 um", 118, width=82)])
    assert [value.text for value in page.values] == []


def test_names_in_a_line_of_captions_are_no_values_of_one_another():
    words = [Word(text, Box(x, 0, x + 90, 30), 1.0) for text, x in (("29.57", 0), ("195.5", 200))]
    words += [word("Thickness", 0, 30), word("Pressure", 200, 30), word("Median", 0, 70), word("28.89", 200, 70)]
    words += [word("Max", 0, 100), word("91.27", 200, 100)]
    assert [pair for pair in classify_words(words).pairs if pair[0].text == "Thickness"] == []
