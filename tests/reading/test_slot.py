import numpy as np

from triptych.reading.box import Box
from triptych.reading.ocr import Word
from triptych.reading.printed_names import parse_label
from triptych.reading.slot import TRIAL, Slot

BOX = Box(0, 0, 50, 20)


def slot(name="Cpk"):
    return Slot(name, parse_label(name), BOX, BOX, BOX, np.zeros((20, 50), np.uint8))


def after(slot, records, text="1.47", shown="1.47"):
    for _ in range(records):
        slot = slot.compared(slot.cell(Word(text, BOX, 1.0)), shown)
    return slot


def test_known_characters_are_trusted_after_a_trial():
    assert not after(slot(), TRIAL - 1).trusts("1.52")
    assert after(slot(), TRIAL).trusts("1.52")


def test_one_disagreement_starts_a_new_trial():
    differed = after(after(slot(), TRIAL), 1, shown="1.41")
    assert not differed.trusts("1.52")
    assert after(differed, TRIAL).trusts("1.52")


def test_a_lost_decimal_point_is_neither_trusted_nor_a_disagreement():
    trusted = after(after(slot(), TRIAL), 1, text="1.52", shown="152")
    assert trusted.trusts("1.52")
    assert not trusted.trusts("152")


def test_letters_read_as_digits_count_as_digits():
    assert after(slot("N"), TRIAL, text="1O", shown="10").trusts("12")


def test_words_with_letters_are_not_trusted():
    assert not after(slot("Lot"), TRIAL, text="K12", shown="K12").trusts("K12")
    assert after(slot("Date"), TRIAL, text="2024-05-06", shown="2024-05-06").trusts("2024-05-07")
