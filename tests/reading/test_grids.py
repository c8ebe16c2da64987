"""Grids in pages of words, read as cells."""

from printed_words import read, table, word


def test_each_value_of_a_grid_is_named_by_its_row_and_its_column():
    words = table(("", "X", "Y"), ("Mean", "0.10", "0.20"), ("Max", "5.31", "4.20"), ("Cpk", "1.40", "1.35"))
    expected = {"mean_x": 0.1, "mean_y": 0.2, "Max X": 5.31, "Max Y": 4.2, "Cpk X": 1.4, "Cpk Y": 1.35}
    assert read(words) == expected


def test_a_grid_ends_at_a_line_whose_value_is_not_under_a_heading_of_values():
    words = table(("Accuracy", "X", "Y"), ("Max", "5.31", "4.20"), ("Min", "-3.10", "-2.60"))
    words += [word("Tolerance", -60, 90), word("50 um", 40, 90)]
    assert read(words)["Tolerance"] == 50


def test_wide_headings_tell_repeated_ones_apart():
    heads = [("X", 60), ("Y", 260)]
    words = [word(text, x, 0) for text, x in heads]
    words += [word(text, 100 * i, 30) for i, text in enumerate(("Mean", "Max", "Mean", "Max"))]
    words += [word(text, 100 * i, 60) for i, text in enumerate(("0.10", "5.31", "0.20", "4.20"))]
    assert read(words) == {"mean_x": 0.1, "X Max": 5.31, "mean_y": 0.2, "Y Max": 4.2}


def test_the_only_column_of_values_adds_to_names_of_axes_only():
    assert read(table(("Axis", "Cpk"), ("X", "1.40"), ("Y", "1.35"))) == {"X Cpk": 1.4, "Y Cpk": 1.35}
    named = read(table(("Item", "Value"), ("Depth", "1.40"), ("Holes", "135")))
    assert (named["Depth"], named["total"]) == (1.4, 135)


def test_percentages_under_a_percent_sign_belong_to_their_rows():
    words = table(("Distance", "Count", "%"), ("0-2", "40", "80.0"), ("2-4", "10", "20.0"), ("Total", "50", "100.0"))
    read_values = read(words)
    assert read_values["0-2 %"] == 80
    assert read_values["Total %"] == 100
    assert read_values["total"] == 50


def test_headings_in_columns_of_numbers_are_not_names_and_values():
    words = table(("", "Min", "Max"), ("X", "-3.00", "3.10"), ("Y", "-2.00", "2.10"))
    assert read(words) == {"X Min": -3, "X Max": 3.1, "Y Min": -2, "Y Max": 2.1}


def test_a_heading_over_two_lines_names_the_column_under_it():
    words = [word("Holes", 0, 17), word("X", 150, 0), word("Y", 350, 0)]
    words += [word(text, 100 * (i + 1), 30) for i, text in enumerate(("Mean", "Max", "Mean", "Max"))]
    words += [word(text, 100 * i, 60) for i, text in enumerate(("937", "0.10", "5.31", "0.20", "4.20"))]
    assert read(words) == {"total": 937, "mean_x": 0.1, "X Max": 5.31, "mean_y": 0.2, "Y Max": 4.2}


def test_lines_below_a_grid_are_not_its_rows():
    grid = table(("", "X", "Y"), ("Min", "-4.87", "-1.75"), ("Max", "1.45", "1.07"))
    far = [word("Weight", 0, 120), word("46.7", 200, 120)]
    assert read([*grid, *far])["Weight"] == 46.7
    below = [word("Pressure:", 0, 90), word("564.1", 200, 90)]
    assert read([*grid, *below])["Pressure"] == 564.1


def test_names_with_values_below_a_line_of_headings_and_values_are_not_its_rows():
    words = table(("Drift", "Taper", "Flatness"), ("0.66", "5.85", "0.39"), ("Depth", "56.3"))
    assert read(words) == {"Drift": 0.66, "Taper": 5.85, "Flatness": 0.39, "Depth": 56.3}


def test_headings_that_stand_close_together_are_of_different_columns():
    heads = [word("Results", 0, 0), word("Min", 75, 0), word("Median", 112, 0)]
    rows = [word("Area", 0, 30), word("7.17", 72, 30), word("60.1", 125, 30)]
    assert read([*heads, *rows]) == {"Area Min": 7.17, "Area Median": 60.1}


def test_the_corner_of_a_grid_is_not_the_name_of_its_first_heading():
    words = table(("Report", "Height", "Width"), ("Mean", "1.78", "2.09"), ("Sigma", "2.06", "0.61"))
    expected = {"Mean Height": 1.78, "Mean Width": 2.09, "Sigma Height": 2.06, "Sigma Width": 0.61}
    assert read(words) == expected
    assert read(table(("Report", "Cp"), ("Area", "1.78"), ("Width", "2.06")))["Area"] == 1.78


def test_a_long_name_of_a_row_does_not_take_the_heading_of_the_first_column():
    words = table(("", "X", "Y"), ("Mean position", "0.66", "0.71"), ("Min", "-3.77", "-3.95"), columns=(0, 120, 220))
    found = read(words)
    assert (found["Min X"], found["Min Y"]) == (-3.77, -3.95)


def test_limits_of_a_mean_are_not_the_mean():
    words = table(("", "UCL", "LCL"), ("Mean X", "12.04", "11.99"), ("Range R", "0.08", "0.03"))
    expected = {"Mean X UCL": 12.04, "Mean X LCL": 11.99, "Range R UCL": 0.08, "Range R LCL": 0.03}
    assert read(words) == expected


def test_tables_may_stand_side_by_side():
    left = table(("", "Cp", "Cpk"), ("Bore", "1.21", "1.05"), ("Slot", "1.31", "1.15"), columns=(0, 80, 150))
    right = table(("Groups", "26"), ("Size", "4"), ("Rejects", "7"), columns=(300, 420))
    expected = {"Bore Cp": 1.21, "Bore Cpk": 1.05, "Slot Cp": 1.31, "Slot Cpk": 1.15}
    assert read([*left, *right]) == expected | {"Groups": 26, "Size": 4, "Rejects": 7}
