import pytest

from triptych.answers.choose import choice_reply, lettered_options

CLASSES = ("normal", "type-1", "type-2")


def test_options_stand_under_letters():
    assert lettered_options(CLASSES) == "A. normal\nB. type-1\nC. type-2"


def test_a_letter_counts_with_a_space_before_it_and_without_and_other_tokens_not_at_all():
    reply = choice_reply(CLASSES, [("A", 0.1), ("The", 0.5), (" A", 0.1), ("C", 0.2), ("AB", 0.1)])
    assert reply.probabilities == pytest.approx({"normal": 0.5, "type-1": 0.0, "type-2": 0.5})


def test_the_text_lists_the_probabilities_the_likeliest_class_first():
    reply = choice_reply(CLASSES, [("A", 0.1), ("B", 0.6), ("C", 0.3)])
    assert reply.text == (
        "The class that fits best is type-1, with a probability of 60%. The others: type-2 30%, normal 10%."
    )


def test_without_a_likely_letter_there_is_no_answer():
    reply = choice_reply(CLASSES, [("The", 0.9), ("D", 0.1)])
    assert (reply.text, reply.probabilities) == ("", None)
    assert "none of the letters A, B, C is a likely beginning" in reply.error
