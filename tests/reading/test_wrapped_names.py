"""Names in two lines."""

from printed_words import read, word


def test_a_name_in_two_lines_belongs_to_the_value_between_them():
    words = [word("Copper", 0, 0), word("thickness", 0, 22), word("22.18", 200, 11)]
    words += [word("Yield", 0, 60), word("98.5", 200, 60)]
    assert read(words) == {"Copper thickness": 22.18, "Yield": 98.5}


def test_two_names_with_values_of_their_own_are_not_joined():
    words = [word("Copper", 0, 0), word("1.20", 200, 0), word("Nickel", 0, 22), word("3.40", 200, 22)]
    assert read(words) == {"Copper": 1.2, "Nickel": 3.4}
