import numpy as np
from PIL import Image

from triptych.answers.defect_book import load_book
from triptych.answers.measured import Measured, grade
from triptych.answers.prompt_facts import state_facts
from triptych.answers.provider import Question
from triptych.answers.rules import Rules
from triptych.reading import digitise
from triptych.simulate import LAYOUTS, draw_record, draw_style

BOOK = load_book()


def _describe(points: np.ndarray) -> str:
    rng = np.random.default_rng(0)
    image = draw_record(points, LAYOUTS[0], draw_style(LAYOUTS[0], rng), {})
    ((_, reply),) = Measured().answer([Question("Describe the picture.", image=image, plot=digitise(image))])
    return reply.text


def _cloud(mean=(0, 0), sigma=(2, 2), n=400) -> np.ndarray:
    return np.random.default_rng(1).normal(mean, sigma, size=(n, 2))


def test_the_description_states_the_position_of_the_dots():
    assert "centred on the target" in _describe(_cloud())
    assert "far shifted to the lower right" in _describe(_cloud(mean=(5, -5)))
    assert "to the top" in _describe(_cloud(mean=(0, 4)))


def test_the_description_states_their_spread():
    assert "tight" in _describe(_cloud(sigma=(1.5, 1.5)))
    assert "widely spread out" in _describe(_cloud(sigma=(4, 4)))
    assert "very elongated along the vertical axis" in _describe(_cloud(sigma=(1.8, 4)))
    assert "along the horizontal axis" in _describe(_cloud(sigma=(4, 1.8)))


def test_the_description_distinguishes_a_candy_from_a_heavy_tailed_cloud():
    rng = np.random.default_rng(2)
    wings = np.concatenate([rng.normal((-5, 0), (1, 3), (90, 2)), rng.normal((5, 0), (1, 3), (90, 2))])
    candy = np.concatenate([wings, rng.normal(0, 1.6, (320, 2))])
    assert "like a candy" in _describe(candy)
    assert "long tails" in _describe(2.2 * rng.standard_t(3.5, (500, 2)))


def test_a_picture_without_a_plot_is_described_by_its_colours():
    picture = Image.new("RGB", (80, 60), (20, 20, 90))
    ((_, reply),) = Measured().answer([Question("Describe the picture.", image=picture)])
    said = reply.text
    assert "dark" in said
    assert "mostly blue" in said
    assert "no dot plot" in said


def test_a_grade_is_the_first_whose_bound_holds():
    grades = ((1.0, "small"), (2.0, "medium"), (9.0, "large"))
    assert [grade(value, grades) for value in (1.0, 1.5, 99.0)] == ["small", "medium", "large"]


def _reason(**readings: float) -> str:
    facts = state_facts(readings, BOOK.limits)
    ((_, reply),) = Rules().answer([Question("Which class?", facts=facts, book=BOOK)])
    return reply.text


def test_rules_state_every_fact_and_the_class_whose_signs_they_show():
    said = _reason(mean_x=0.1, mean_y=0.0, sigma_x=1.9, sigma_y=1.9)
    assert "centred within" in said
    assert "The readings fit normal best (centred, tight, round)" in said


def test_rules_name_classes_that_fit_almost_as_well():
    said = _reason(mean_x=0.1, mean_y=0.0, sigma_x=3.0, sigma_y=2.0)
    assert "fit type-3 best" in said
    assert "Close to it: type-1, type-4." in said


def test_rules_without_readings_give_no_verdict():
    assert _reason() == "There are no readings."
