from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from triptych.answers.ask import Answers
from triptych.config import Config
from triptych.features.readings import reading_features
from triptych.features.vector import Features
from triptych.preparation.branch_inputs import BranchInputs, with_variants
from triptych.preparation.pictures import plot_picture
from triptych.preparation.prepared import DrawnRecord, Prepared
from triptych.reading import Reading, digitise
from triptych.records import Record
from triptych.simulate import LAYOUTS, draw_points, draw_record, draw_style
from triptych.training.augmentation import (
    CANDIDATES,
    NONE,
    Choice,
    can_choose,
    candidate_losses,
    choose_augmentation,
    draw,
)


@pytest.fixture(scope="module")
def prepared():
    """Ten records of two classes, as they come from reading."""
    rng, items = np.random.default_rng(0), []
    for i in range(10):
        label = ("normal", "type-2")[i % 2]
        picture = draw_record(draw_points(label, rng), LAYOUTS[0], draw_style(LAYOUTS[0], rng), {})
        reading = Reading(ok=True, values={"yield": float(i)}, plot=digitise(picture))
        none = np.zeros(1)
        record = Record(str(i), Image.new("RGB", (16, 16)), label=label)
        numbers = reading_features(reading.values, reading.plot.density)
        items.append(Prepared(record, reading, Answers("", ""), (), none, none, none, none, numbers))
    return items


NONE_YET = torch.zeros(10)
INPUTS = BranchInputs(NONE_YET, NONE_YET, NONE_YET, NONE_YET, NONE_YET)


@pytest.mark.parametrize(("name", "count"), [("resample", 80), ("turn", 70)])
def test_records_are_drawn_in_numbers_as_many_of_each(prepared, name, count):
    drawn = draw(prepared, name, Config())
    assert len(drawn) == count
    assert all(isinstance(item, DrawnRecord) for item in drawn)
    assert {item.origin for item in drawn} == set(range(len(prepared)))
    assert all(item.record is prepared[item.origin].record for item in drawn)
    features = Features(["yield", "∴ plot_centroid_x"])
    inputs = with_variants(INPUTS, prepared, drawn, features)
    assert inputs.variants.shape == (10, count // 10, 2)
    assert (inputs.variants[:, :, 0] == np.arange(10.0)[:, None]).all()  # unknown fields are those of the record
    assert inputs.drawn_plots.shape == (10, count // 10, 96, 96)
    third = [item for item in drawn if item.origin == 3]
    assert (inputs.drawn_plots[3, -1].numpy() == plot_picture(third[-1].density, 96)).all()


def test_records_of_one_id_keep_what_was_drawn_from_each(prepared):
    alike = [replace(item, record=replace(item.record, id="same")) for item in prepared]
    drawn = draw(alike, "resample", Config())
    inputs = with_variants(INPUTS, alike, drawn, Features(["yield"]))
    assert (inputs.variants[:, :, 0] == np.arange(10.0)[:, None]).all()


def test_a_record_without_a_plot_stands_for_itself(prepared):
    plain = replace(prepared[0], reading=Reading(ok=True, values={"yield": 0.0}), numbers={"yield": 0.0})
    drawn = draw([plain, *prepared[1:]], "resample", Config())
    inputs = with_variants(INPUTS, [plain, *prepared[1:]], drawn, Features(["yield"]))
    assert inputs.variants[0].unique().tolist() == [0.0]
    assert inputs.drawn_plots[0].unique().tolist() == [255]  # white
    assert with_variants(INPUTS, [plain], [], Features(["yield"])) is INPUTS


@pytest.mark.parametrize(
    ("excess", "chosen"),
    [
        ({}, Choice("resample", "turn")),
        ({"turn": 0.05}, Choice("resample", "turn")),  # not clearly worse, and plots gain more from it
        ({"turn": 1.0, NONE: 0.05}, Choice("resample", "resample")),
        ({"resample": 0.05, "turn": 1.0}, Choice("resample", NONE)),
        ({"resample": 1.0}, Choice("turn", "turn")),
        ({"resample": 1.0, "turn": 1.0}, Choice(NONE, NONE)),
    ],
)
def test_the_greatest_variety_that_is_not_clearly_worse_is_chosen(excess, chosen):
    noise = np.linspace(-0.3, 0.3, 10)
    losses = {name: 0.5 + excess.get(name, 0.0) + noise * len(name) for name in CANDIDATES}
    halves = [{name: found[rows] for name, found in losses.items()} for rows in (slice(5), slice(5, None))]
    assert choose_augmentation(halves, Config()) == chosen


def test_candidates_are_compared_on_records_held_out(prepared):
    losses = candidate_losses(prepared[:6], prepared[6:], Config())
    assert set(losses) == set(CANDIDATES)
    assert all(len(found) == 4 and (found > 0).all() for found in losses.values())
    again = candidate_losses(prepared[:6], prepared[6:], Config())
    np.testing.assert_array_equal(again["resample"], losses["resample"])


def test_there_is_nothing_to_choose_without_plots_or_with_a_named_augmentation(prepared):
    plain = [replace(item, reading=Reading(ok=True, values=item.reading.values)) for item in prepared]
    assert can_choose(prepared, Config())
    assert not can_choose(plain, Config())
    assert not can_choose(prepared, Config().changed("augment.tda=turn"))
    assert not can_choose(prepared, Config().changed("encoders.readings=false"))


def test_none_draws_nothing(prepared):
    assert draw(prepared, NONE, Config()) == []
