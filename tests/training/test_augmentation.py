from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from triptych.answers.ask import Answers
from triptych.augment.resample import Resample
from triptych.augment.turn import Turn
from triptych.config import Config
from triptych.features.readings import reading_features
from triptych.features.vector import Features
from triptych.preparation.branch_inputs import BranchInputs, with_variants
from triptych.preparation.plot_pictures import plot_picture
from triptych.preparation.prepared import DrawnRecord, Prepared
from triptych.progress import silent
from triptych.reading import Reading, digitise
from triptych.records import Record
from triptych.simulate import LAYOUTS, draw_points, draw_record, draw_style
from triptych.training import augmentation
from triptych.training.augmentation import CANDIDATES, NONE, Choice, choose_augmentation, draw


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
        items.append(Prepared(record, reading, Answers("", ""), (), none, none, none, numbers))
    return items


NONE_YET = torch.zeros(10)
PANELS = BranchInputs(NONE_YET, NONE_YET, NONE_YET, NONE_YET, NONE_YET)


class NoPictures:
    """A preparer that must have nothing to do."""

    def prepare(self, records):
        """Whatever `records` holds, which is nothing."""
        assert list(records) == []
        return iter(())


@pytest.mark.parametrize(("augmenter", "count"), [(Resample(), 80), (Turn(), 70)])
def test_records_are_drawn_in_numbers_as_many_of_each(prepared, augmenter, count):
    drawn = draw(augmenter, Config(), NoPictures(), prepared, silent)
    assert len(drawn) == count
    assert all(isinstance(item, DrawnRecord) for item in drawn)
    assert {item.origin for item in drawn} == set(range(len(prepared)))
    assert all(item.record is prepared[item.origin].record for item in drawn)
    features = Features(["yield", "∴ plot_centroid_x"])
    panels = with_variants(PANELS, prepared, drawn, features)
    assert panels.variants.shape == (10, count // 10, 2)
    assert (panels.variants[:, :, 0] == np.arange(10.0)[:, None]).all()  # unknown fields are those of the record
    assert panels.drawn_plots.shape == (10, count // 10, 96, 96)
    third = [item for item in drawn if item.origin == 3]
    assert (panels.drawn_plots[3, -1].numpy() == plot_picture(third[-1].density, 96)).all()


def test_records_of_one_id_keep_what_was_drawn_from_each(prepared):
    alike = [replace(item, record=replace(item.record, id="same")) for item in prepared]
    drawn = draw(Resample(), Config(), NoPictures(), alike, silent)
    panels = with_variants(PANELS, alike, drawn, Features(["yield"]))
    assert (panels.variants[:, :, 0] == np.arange(10.0)[:, None]).all()


def test_a_record_without_a_plot_stands_for_itself(prepared):
    plain = replace(prepared[0], reading=Reading(ok=True, values={"yield": 0.0}), numbers={"yield": 0.0})
    drawn = draw(Resample(), Config(), NoPictures(), [plain, *prepared[1:]], silent)
    panels = with_variants(PANELS, [plain, *prepared[1:]], drawn, Features(["yield"]))
    assert panels.variants[0].unique().tolist() == [0.0]
    assert panels.drawn_plots[0].unique().tolist() == [255]  # white
    assert with_variants(PANELS, [plain], [], Features(["yield"])) is PANELS


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
def test_the_greatest_variety_that_is_not_clearly_worse_is_chosen(prepared, monkeypatch, excess, chosen):
    noise = np.linspace(-0.3, 0.3, len(prepared))
    monkeypatch.setattr(augmentation, "_losses", lambda name, *_: 0.5 + excess.get(name, 0.0) + noise * len(name))
    assert choose_augmentation(prepared, Config()) == chosen


def test_every_loss_is_of_a_record_that_was_held_out(prepared):
    losses = {name: augmentation._losses(name, prepared, Config()) for name in CANDIDATES}
    assert all(len(found) == 10 and (found > 0).all() for found in losses.values())
    again = augmentation._losses("resample", prepared, Config())
    np.testing.assert_array_equal(again, losses["resample"])


def test_pictures_without_a_plot_are_left_as_they_are(prepared):
    plain = [replace(item, reading=Reading(ok=True, values=item.reading.values)) for item in prepared]
    assert choose_augmentation(plain, Config()) == Choice(NONE, NONE)
    assert choose_augmentation(plain, Config().changed("augment.tda=turn")) == Choice("turn", "turn")


def test_records_of_one_group_are_in_one_fold(prepared):
    grouped = [replace(item, record=replace(item.record, group=f"g{i // 4}")) for i, item in enumerate(prepared)]
    for known, held_out in augmentation._folds(grouped, seed=0):
        assert not {i // 4 for i in known} & {i // 4 for i in held_out}
    assert len(augmentation._folds(grouped, seed=0)) == 2


def test_a_class_in_one_group_alone_does_not_stop_the_choice(prepared):
    grouped = [replace(item, record=replace(item.record, group=item.record.label)) for item in prepared]
    assert np.isfinite(augmentation._losses(NONE, grouped, Config())).all()


def test_with_a_single_group_nothing_is_chosen_by_cross_validation(prepared):
    grouped = [replace(item, record=replace(item.record, group="g")) for item in prepared]
    assert choose_augmentation(grouped, Config()) == Choice(NONE, NONE)
