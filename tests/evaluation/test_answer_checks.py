import pytest

from triptych.answers.ask import Answers
from triptych.answers.defect_book import load_book
from triptych.answers.prompt_facts import state_facts
from triptych.evaluation.answer_checks import Audited, audit, named_class, text_score, wrong_axis, wrong_direction

LIMITS = load_book().limits  # centred within 2 um
CLASSES = ["normal", "type-1", "type-2"]
RIGHT, CENTRE = {"mean_x": 5.0, "mean_y": 0.2}, {"mean_x": 0.1, "mean_y": 0.2}


@pytest.mark.parametrize(
    ("text", "readings", "wrong"),
    [
        ("The dots are shifted to the right.", RIGHT, False),
        ("The dots are shifted to the lower right.", RIGHT, False),  # y is too small to contradict
        ("The dots are shifted to the left.", RIGHT, True),
        ("The cloud is centred on the target.", RIGHT, True),
        ("The cloud is centred on the target.", CENTRE, False),
        ("The dots lie far to the top.", CENTRE, True),
        ("The dots are pink. A legend stands to the right.", RIGHT, None),
        ("The dots are displaced.", RIGHT, None),
        ("The pattern is shifted to the upper left, a marked deviation.", RIGHT, True),
        ("The dots are shifted to the left.", {}, None),
    ],
)
def test_directions(text, readings, wrong):
    assert wrong_direction(text, readings, LIMITS) is wrong


@pytest.mark.parametrize(
    ("text", "sigma", "wrong"),
    [
        ("The cloud is elongated along the horizontal axis.", (4.0, 2.0), False),
        ("The cloud is elongated along the horizontal axis.", (2.0, 4.0), True),
        ("The spread is stretched along y by a factor of 2.", (2.0, 4.0), False),
        ("The spread is stretched along y.", (4.0, 2.0), True),
        ("The spread is stretched along y.", (2.05, 2.0), False),  # too near to be judged
        ("It is stretched along x and y.", (4.0, 2.0), None),
        ("Sigma is 4 um along x.", (2.0, 4.0), None),
    ],
)
def test_axes(text, sigma, wrong):
    assert wrong_axis(text, dict(zip(("sigma_x", "sigma_y"), sigma, strict=True))) is wrong


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("The readings fit type-1 best: candy. Close to it: type-2.", "type-1"),
        ("Known are normal and type-1. Therefore it is Type 2.", "type-2"),
        ("This is normal.", "normal"),
        ("The class that fits best is type-2, with a probability of 60%. The others: normal 40%.", "type-2"),
        ("The pattern is wide, a slight deviation. The verdict is type-1. It is not normal.", "type-1"),
        ("It may be normal or type-1.", None),
        ("An abnormal cloud.", None),
    ],
)
def test_verdicts(text, named):
    assert named_class(text, CLASSES) == named


def test_words_that_tell_the_class_score_high_and_others_low():
    labels = ["oval", "flat"] * 20
    assert text_score([f"dots are {label}-shaped" for label in labels], labels, 0) == 100
    assert text_score(["dots"] * 40, labels, 0) < 60
    assert text_score(["dots"] * 3, ["a", "b", "b"], 0) is None


def _record(mean_x, label, reasoning=None):
    readings = {"mean_x": mean_x, "mean_y": 0.0, "sigma_x": 3.0, "sigma_y": 2.0}
    stated = " ".join(fact.sentence for fact in state_facts(readings, LIMITS))
    return Audited(
        Answers("The dots are shifted to the left.", stated if reasoning is None else reasoning), readings, label
    )


def test_an_audit_counts_what_is_stated_wrong_and_missing():
    records = [_record(5.0, "type-1"), _record(-5.0, "type-2"), _record(5.0, "type-1", "It is best called type-2.")]
    vlm, llm = audit([*records, _record(5.0, None, "")], LIMITS, CLASSES)
    assert (vlm.kind, vlm.answers, vlm.missing) == ("vlm", 4, 0)
    assert (vlm.tallies["direction"].stated, vlm.tallies["direction"].wrong) == (4, 3)
    assert (llm.answers, llm.missing) == (3, 1)
    assert (llm.tallies["direction"].stated, llm.tallies["direction"].wrong) == (2, 0)
    assert (llm.tallies["axis"].stated, llm.tallies["axis"].wrong) == (2, 0)
    assert (llm.tallies["verdict"].stated, llm.tallies["verdict"].wrong) == (1, 1)
    assert llm.to_json()["verdict"] == {"stated": 1, "wrong": 1}


def test_words_that_give_away_the_group_and_not_the_class_score_nothing_where_groups_stay_together():
    """Every group has words of its own, and one class."""
    texts = [f"{'word' + str(i // 4)} {'again' + str(i // 4)}" for i in range(48)]
    labels = ["ab"[i // 4 % 2] for i in range(48)]
    alone, together = text_score(texts, labels, 0), text_score(texts, labels, 0, [i // 4 for i in range(48)])
    assert alone > 90
    assert together < 60
