"""What a model stores about its training records."""

import shutil

import numpy as np
import pytest
from PIL import Image

from triptych import DefectClassifier, open_records
from triptych.errors import TriptychError
from triptych.model.folder import load_model, save_model
from triptych.model.reference import REFERENCE
from triptych.records import Record


def test_every_training_record_is_stored_with_its_label_numbers_and_out_of_fold_probabilities(fitted, simulated):
    records, found = open_records(simulated).split("train"), fitted.model_.reference
    classes = fitted.model_.classes
    assert found.ids == [record.id for record in records]
    assert found.digests == [record.digest() for record in records]
    assert [classes[i] for i in found.labels] == [record.label for record in records]
    assert set(found.folds) == {0, 1}
    np.testing.assert_allclose(found.out_of_fold.sum(axis=1), 1)
    assert {"total", "sigma_x"} <= set(found.fields)
    assert found.numbers.shape == (len(records), len(found.fields))
    assert len(found.embedding) == len(records)
    assert np.ptp(found.embedding, axis=0).max() > 0


def test_out_of_fold_probabilities_do_not_come_from_weights_that_saw_the_record(fitted):
    stored = fitted.model_.metrics["out_of_fold"]["probabilities"]
    by_id = dict(zip(fitted.model_.metrics["out_of_fold"]["records"], stored["pool"], strict=True))
    reference = fitted.model_.reference
    pooled_on_all = np.array([by_id[name] for name in reference.ids])
    assert np.abs(pooled_on_all - reference.out_of_fold).max() > 1e-3


def test_a_model_keeps_its_reference_when_it_is_saved_and_loaded(model, fitted):
    found, kept = load_model(model).reference, fitted.model_.reference
    assert (found.ids, found.digests, found.fields) == (kept.ids, kept.digests, kept.fields)
    for name in ("labels", "sides", "folds", "out_of_fold", "numbers", "embedding"):
        np.testing.assert_array_equal(getattr(found, name), getattr(kept, name))


def test_a_model_of_an_older_version_has_none(model, tmp_path):
    folder = shutil.copytree(model, tmp_path / "model")
    (folder / REFERENCE).unlink()
    older = load_model(folder)
    assert older.reference is None
    shutil.copy(model / REFERENCE, folder)
    save_model(older, folder)  # the file would belong to another model
    assert not (folder / REFERENCE).exists()


def test_a_damaged_reference_is_a_clear_error(model, tmp_path):
    folder = shutil.copytree(model, tmp_path / "model")
    (folder / REFERENCE).write_bytes(b"{}")
    with pytest.raises(TriptychError, match="the model is damaged"):
        load_model(folder)


NAMES = {"picture class", "picture nearest", "readings class", "readings relative", "readings nearest"}


def test_training_records_are_compared_with_the_others_out_of_fold(fitted):
    found = fitted.model_.reference
    assert set(found.distances) == NAMES
    assert all(np.isfinite(values).all() for values in found.distances.values())
    assert found.distances["readings nearest"].min() > 0  # no record was compared with itself


def test_a_record_of_another_kind_is_unlike_the_training_records(fitted, simulated):
    records = list(open_records(simulated).split("test"))
    like = fitted.assess(records[:1])
    rng = np.random.default_rng(0)
    noise = Image.fromarray(rng.integers(0, 255, (200, 300, 3), dtype=np.uint8))
    (other,) = fitted.assess([Record(id="noise", image=noise)])
    assert other.novelty < like[0].novelty
    assert other.decision.verdict == "review"
    assert any(reason.startswith("unlike the training records: its ") for reason in other.decision.reasons)


def test_the_result_is_the_same_after_saving(model, fitted, simulated):
    records = list(open_records(simulated).split("test"))[:4]
    stored = DefectClassifier.load(model).assess(records)
    assert [item.novelty for item in stored] == [item.novelty for item in fitted.assess(records)]
