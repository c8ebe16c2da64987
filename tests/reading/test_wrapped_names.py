"""Names in two lines."""

from printed_words import read, word


def test_a_name_in_two_lines_belongs_to_the_value_between_them():
    words = [word("Copper", 0, 0), word("thickness", 0, 22), word("22.18", 200, 11)]
    words += [word("Yield", 0, 60), word("98.5", 200, 60)]
    assert read(words) == {"Copper thickness": 22.18, "Yield": 98.5}


def test_two_names_with_values_of_their_own_are_not_joined():
    words = [word("Copper", 0, 0), word("1.20", 200, 0), word("Nickel", 0, 22), word("3.40", 200, 22)]
    assert read(words) == {"Copper": 1.2, "Nickel": 3.4}


def test_a_heading_in_two_lines_belongs_to_the_value_under_it():
    words = [word("Feed", 0, 0), word("[m/min]", 0, 20), word("1.00", 0, 50)]
    words += [word("Force", 150, 0), word("[N]", 150, 20), word("56.0", 150, 50)]
    assert read(words) == {"Feed [m/min]": 1.0, "Force [N]": 56.0}


def test_a_title_above_two_headings_is_not_joined_with_one_of_them():
    words = [
        word("Inspection", 0, 0),
        word("Feed", 0, 20),
        word("Force", 70, 20),
        word("1.00", 0, 50),
        word("56.0", 70, 50),
    ]
    assert read(words) == {"Feed": 1.0, "Force": 56.0}
