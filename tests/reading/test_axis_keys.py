"""Names of one letter, and the name before them on their line."""

from printed_words import read, word


def test_letters_are_completed_by_the_name_of_their_line():
    words = [word("Max.", 0, 0), word("X: 3.5", 100, 0), word("Y: 2.6", 200, 0)]
    words += [word("Ave.", 0, 30), word("X: 0.2", 100, 30), word("Y: -0.3", 200, 30)]
    assert read(words) == {"Max. X": 3.5, "Max. Y": 2.6, "mean_x": 0.2, "mean_y": -0.3}


def test_the_second_letter_has_the_name_before_the_first():
    assert read([word("Mean X = -1.44", 0, 0), word("Y = 0.53", 200, 0)]) == {"mean_x": -1.44, "mean_y": 0.53}


def test_a_letter_alone_on_its_line_stays_as_it_is():
    assert read([word("Z: 3.5", 0, 0), word("Depth: 1.25", 0, 30)]) == {"Z": 3.5, "Depth": 1.25}


def test_keys_that_other_lines_have_are_completed_too():
    lines = [("FID1", "0.034", "0.008", "0.916"), ("FID2", "0.009", "0.002", "0.802")]
    words = []
    for i, (name, *numbers) in enumerate(lines):
        keys = (f"{name} dx", "dy", "score")
        words += [
            word(f"{key}={number}", 200 * j, 30 * i) for j, (key, number) in enumerate(zip(keys, numbers, strict=True))
        ]
    expected = {"FID1 dx": 0.034, "FID1 dy": 0.008, "FID1 score": 0.916}
    assert read(words) == expected | {"FID2 dx": 0.009, "FID2 dy": 0.002, "FID2 score": 0.802}
