"""Names that end with a number."""

from printed_words import read, table, word


def test_rows_and_columns_may_be_numbered():
    rows = table(("", "Mean", "Max"), ("Hole 1", "0.66", "14.5"), ("Hole 2", "0.71", "15.5"))
    assert read(rows) == {"Hole 1 Mean": 0.66, "Hole 1 Max": 14.5, "Hole 2 Mean": 0.71, "Hole 2 Max": 15.5}
    columns = table(("", "Hole 1", "Hole 2"), ("Min", "0.66", "14.5"), ("Max", "0.71", "15.5"))
    assert read(columns) == {"Min Hole 1": 0.66, "Min Hole 2": 14.5, "Max Hole 1": 0.71, "Max Hole 2": 15.5}


def test_a_number_that_was_found_apart_belongs_to_the_name():
    heads = [word("Hole", 200, 0), word("2", 246, 0), word("Width", 400, 0)]
    rows = [word("Median", 0, 30), word("78.24", 200, 30), word("69.39", 400, 30)]
    assert read([*heads, *rows]) == {"Median Hole 2": 78.24, "Median Width": 69.39}


def test_a_count_after_its_name_stays_a_count():
    assert read([word("Holes 12", 0, 0), word("Cpk", 0, 30), word("1.33", 200, 30)]) == {"total": 12, "Cpk": 1.33}
    shared = [word("Holes 12", 0, 0), word("80.0 %", 200, 0)]
    assert read(shared)["total"] == 12
