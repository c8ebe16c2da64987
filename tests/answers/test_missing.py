from triptych.answers.ask import GIVEN_UP, Answers
from triptych.answers.missing import missing_answers, missing_in_training, missing_lines


def test_missing_answers_are_counted_by_branch_with_the_usual_reason():
    answers = [
        Answers("seen", "told"),
        *[Answers("", "", errors={"vlm": "slow", "llm": GIVEN_UP})] * 2,
        Answers("seen", "", errors={"llm": "connection refused"}),
    ]
    found = missing_answers(answers)
    assert missing_lines(found) == [
        "vlm: 2 of 4 records have no answer (slow)",
        "llm: 3 of 4 records have no answer (connection refused)",
    ]
    assert missing_in_training(found)[0].endswith("; these were trained without it")


def test_a_branch_without_a_provider_is_not_missing():
    assert missing_answers([Answers("", "told", unasked=("vlm",))]) == {}


def test_a_model_without_any_answer_of_a_branch_was_trained_without_it():
    found = missing_answers([Answers("seen", "")])
    assert missing_in_training(found) == [
        "llm: 1 of 1 records have no answer (no reason was given); the model was trained without it"
    ]
