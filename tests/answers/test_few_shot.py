from dataclasses import replace

import pytest
from PIL import Image

from triptych.answers.ask import Asker, Subject
from triptych.answers.defect_book import load_book
from triptych.answers.few_shot import Shot, draw_shots, select_shots, shuffled, subject_digest
from triptych.answers.measured import Measured
from triptych.answers.prompt_facts import state_facts
from triptych.answers.prompts import listed, load_prompts
from triptych.answers.provider import Reply
from triptych.answers.store import AnswerStore
from triptych.config import AnswersConfig
from triptych.errors import TriptychError
from triptych.records import Record

BOOK = load_book()


def _shot(label, number):
    return Shot(label, f"- total {number}", f"{label}-{number}")


SHOTS = [_shot(label, number) for label in ("normal", "type-1") for number in range(3)]


def test_a_record_is_shown_as_many_of_each_class_the_classes_in_turn():
    shown = [(shot.label, shot.facts) for shot in select_shots("another", SHOTS, 2)]
    assert shown == [
        ("normal", "- total 0"),
        ("type-1", "- total 0"),
        ("normal", "- total 1"),
        ("type-1", "- total 1"),
    ]


def test_a_record_gets_the_spare_example_instead_of_itself():
    for own in SHOTS:
        shown = select_shots(own.subject, SHOTS, 2)
        assert own not in shown
        assert [shot.label for shot in shown] == ["normal", "type-1"] * 2  # so their number reveals nothing


def test_of_equal_records_one_is_drawn():
    drawn = draw_shots([_shot("normal", 1), _shot("normal", 1), _shot("normal", 2)], "normal", 1)
    assert [shot.subject for shot in drawn] == ["normal-1", "normal-2"]


def test_too_few_records_of_a_class_are_refused_with_a_possible_value():
    with pytest.raises(TriptychError, match=r"answers\.shots=3: the class 'normal' has 3 .* to 2 or less"):
        draw_shots(SHOTS[:3], "normal", 3)


def test_the_seed_and_not_the_order_of_the_records_decides():
    records = [Record(f"r{i}", Image.new("RGB", (4, 4)), label="ab"[i % 2]) for i in range(20)]
    one, other = shuffled(records, 1), shuffled(records[::-1], 1)
    assert {label: [r.id for r in some] for label, some in one.items()} == {
        label: [r.id for r in some] for label, some in other.items()
    }
    assert [r.id for r in one["a"]] != [r.id for r in shuffled(records, 2)["a"]]


class Listener:
    """Stores its questions."""

    id, batch_size = "listener", 1

    def __init__(self) -> None:
        self.prompts = []

    def answer(self, questions):
        self.prompts += [question.prompt for question in questions]
        return enumerate(Reply("heard") for _ in questions)


def _subject(number):
    return Subject(Image.new("RGB", (9, 9), (number, 0, 0)), {"total": float(number)}, None)


def test_the_prompt_shows_facts_and_labels_but_never_the_records_own(tmp_path):
    subjects = [_subject(number) for number in range(4)]
    shots = []
    for number, subject in enumerate(subjects):
        facts = state_facts(subject.readings, BOOK.limits)
        shots.append(Shot(("normal", "type-1")[number % 2], listed(facts), subject_digest(subject.image, facts)))
    asker = Asker(
        Measured(), Listener(), load_prompts(), BOOK, AnswerStore(tmp_path / "a.sqlite"), AnswersConfig(shots=1), shots
    )
    asker.ask([*subjects, _subject(9)])
    own, others = asker.llm.prompts[0], asker.llm.prompts[-1]
    assert "- There are 0 holes.\nClass: normal" in others
    assert "- There are 1 holes.\nClass: type-1" in others
    assert "- There are 0 holes.\nClass:" not in own
    assert "- There are 2 holes.\nClass: normal" in own
    assert [prompt.count("Class: ") for prompt in asker.llm.prompts] == [2] * 5
    without = replace(asker, llm=Listener(), shots=())
    without.ask([_subject(9)])
    assert "whose class is known" not in without.llm.prompts[0]
