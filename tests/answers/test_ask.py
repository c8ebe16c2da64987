from dataclasses import replace

import numpy as np
import pytest
import yaml
from PIL import Image

from triptych.answers.ask import Asker, Subject
from triptych.answers.defect_book import load_book
from triptych.answers.prompts import load_prompts
from triptych.answers.provider import Reply
from triptych.answers.store import AnswerStore
from triptych.errors import TriptychError
from triptych.reading import digitise
from triptych.simulate import LAYOUTS, draw_record, draw_style


class Echo:
    """Answers with its prompt."""

    def __init__(self, identity, batch_size=2) -> None:
        self.id, self.batch_size, self.batches = identity, batch_size, []

    def answer(self, questions):
        self.batches.append(questions)
        return enumerate(Reply(f"{self.id} heard: {question.prompt}") for question in questions)


@pytest.fixture
def asker(tmp_path):
    return Asker(Echo("vlm"), Echo("llm"), load_prompts(), load_book(), AnswerStore(tmp_path / "a.sqlite"))


def _subject(shade=0, **readings):
    return Subject(Image.new("RGB", (20, 20), (shade, 0, 0)), readings, None)


def test_the_vlm_is_asked_the_papers_question_about_the_picture(asker):
    subject = _subject()
    asker.ask([subject])
    ((question,),) = asker.vlm.batches
    assert question.prompt == "Please comprehensively describe the distribution and shape of the image."
    assert question.image is subject.image


def test_the_llms_question_carries_description_facts_and_book(asker):
    (answers,) = asker.ask([_subject(mean_x=3.0, mean_y=0.0)])
    for part in ("vlm heard: Please", "- The mean lies at (+3.00, +0.00) um, shifted to the right", "- type-4: "):
        assert part in answers.reasoning


def test_each_is_asked_once_per_record(asker):
    for _ in range(2):
        asker.ask([_subject(total=5.0), _subject(total=5.0)])
    asker.ask([_subject(total=6.0)])
    assert [len(batch) for batch in asker.vlm.batches] == [1]
    assert [len(batch) for batch in asker.llm.batches] == [1, 1]


def test_questions_go_out_in_batches_and_answers_come_back_in_order(asker):
    alone = [asker.ask([_subject(shade, total=float(shade))])[0] for shade in (3, 1)]
    together = asker.ask([_subject(shade, total=float(shade)) for shade in (1, 2, 3, 4, 5)])
    assert [together[2], together[0]] == alone
    assert [len(batch) for batch in asker.vlm.batches] == [1, 1, 2, 1]
    assert "5 holes" in together[4].reasoning


class Faulty(Echo):
    """Raises, fails, gives no reply or an empty one if a picture's shade is in `faults`."""

    def __init__(self, identity, **faults) -> None:
        super().__init__(identity)
        self.faults = faults

    def answer(self, questions):
        self.batches.append(questions)
        for index, question in enumerate(questions):
            fault = self.faults.get(f"shade_{question.image.getpixel((0, 0))[0]}")
            if fault == "raise":
                raise ConnectionError("the line is cut")
            if fault != "silent":
                yield index, Reply("" if fault else "dots", fault if fault != "empty" else "")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("down", "down"),
        ("raise", "ConnectionError: the line is cut"),
        ("silent", "the provider gave no reply"),
        ("empty", "an empty answer"),
    ],
)
def test_a_failure_leaves_only_its_own_branch_missing(asker, fault, error):
    asker = replace(asker, vlm=Faulty("vlm", shade_2=fault))
    found = asker.ask([_subject(shade, total=float(shade)) for shade in (1, 2, 3)])
    assert [answers.missing for answers in found] == [(), ("vlm",), ()]
    assert "(there is no description)" in found[1].reasoning
    (failure,) = [entry for entry in asker.store.entries() if entry.error]
    assert (failure.error, failure.tries) == (error, 1)


def test_the_next_run_asks_only_for_missing_answers(asker):
    subjects = [_subject(shade) for shade in (1, 2, 3)]
    replace(asker, vlm=Faulty("vlm", shade_2="raise")).ask(subjects)
    asker.ask(subjects)
    assert [[q.image.getpixel((0, 0))[0] for q in batch] for batch in asker.vlm.batches] == [[2]]
    assert not [entry for entry in asker.store.entries() if entry.error]


def test_a_provider_that_is_down_is_given_up_after_a_while(asker, monkeypatch):
    monkeypatch.setattr("triptych.answers.ask.GIVE_UP", 4)
    down = Faulty("vlm", **{f"shade_{shade}": "down" for shade in range(20)})
    asker = replace(asker, vlm=down)
    found = asker.ask([_subject(shade, total=float(shade)) for shade in range(20)])
    assert sum(map(len, down.batches)) == 4
    assert all(answers.missing == ("vlm",) for answers in found)


def test_a_provider_that_cannot_be_used_at_all_ends_the_run(asker):
    class Unusable(Echo):
        def answer(self, questions):
            raise TriptychError("its weights are missing")

    with pytest.raises(TriptychError, match="its weights are missing"):
        replace(asker, llm=Unusable("llm")).ask([_subject()])


def test_a_prompt_with_an_unknown_placeholder_is_refused(monkeypatch, tmp_path):
    built_in = load_prompts().model_dump()
    (tmp_path / "data").mkdir()
    for change, message in (
        ({"llm": "Think of {facts} and {weather}"}, "prompt llm: unknown placeholder weather; allowed are book, descr"),
        ({"vlm": "Describe {this}"}, "prompt vlm: unknown placeholder this; allowed are none"),
        (
            {"tasks": {"choose": "{letters}"}},
            r"prompt tasks\.choose: unknown placeholder letters; allowed are fields, op",
        ),
    ):
        (tmp_path / "data" / "prompts.yaml").write_text(yaml.safe_dump(built_in | change))
        monkeypatch.setattr("triptych.answers.prompts.files", lambda package: tmp_path)
        with pytest.raises(TriptychError, match=message):
            load_prompts()
        monkeypatch.undo()


class Sketch(Echo):
    """Answers with the position of the dots or the signs of the facts, depending on `uses`."""

    def __init__(self, uses) -> None:
        super().__init__(f"sketch-{uses}")
        self.uses = frozenset({uses})

    def answer(self, questions):
        for index, question in enumerate(questions):
            seen = question.plot.count if "plot" in self.uses else [entry.signs for entry in question.book.classes]
            yield index, Reply(f"saw {seen}")


def test_the_address_of_an_answer_covers_the_plot_where_the_provider_uses_it(asker):
    picture = Image.new("RGB", (20, 20))
    plots = [_plot(count) for count in (5.0, 7.0)]
    subjects = [Subject(picture, {}, plot) for plot in plots]
    uses_plot = replace(asker, vlm=Sketch("plot"))
    assert [uses_plot.ask([subject])[0].description for subject in subjects] == ["saw 5.0", "saw 7.0"]
    blind = Echo("blind")
    blind.uses = frozenset()
    for subject in subjects:
        replace(asker, vlm=blind).ask([subject])
    assert len(blind.batches) == 1


def test_the_address_of_an_answer_covers_the_books_signs_where_the_provider_uses_the_book(asker):
    book = asker.book
    other = book.model_copy(update={"classes": tuple(e.model_copy(update={"signs": ("wide",)}) for e in book.classes)})
    assert other.text() == book.text()  # the prompt is the same
    uses_book = replace(asker, llm=Sketch("book"))
    one, two = (replace(uses_book, book=each).ask([_subject()])[0].reasoning for each in (book, other))
    assert one != two


def test_a_provider_without_uses_is_asked_again_for_another_plot(asker):
    for count in (5.0, 7.0):
        asker.ask([Subject(Image.new("RGB", (20, 20)), {}, _plot(count))])
    assert len(asker.vlm.batches) == 2


def _plot(count):
    """A plot with `count` dots."""
    rng = np.random.default_rng(0)
    picture = draw_record(rng.normal(0, 2, (200, 2)), LAYOUTS[0], draw_style(LAYOUTS[0], rng), {})
    plot = digitise(picture)
    assert plot is not None
    return replace(plot, count=count)
