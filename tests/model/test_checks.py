import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

from triptych.errors import TriptychError
from triptych.features.scaling import identity_scales
from triptych.model.checks import (
    check_classes,
    check_features,
    check_pool,
    check_weights,
    checked_precedents,
    checked_sizes,
)
from triptych.model.folder import load_model


@pytest.mark.parametrize("sizes", [None, [], {"text": -1}, {"text": True}, {"text": "1"}, {"text": 10**30}])
def test_sizes_that_no_network_can_have_are_refused(sizes):
    with pytest.raises(ValueError, match="of the network"):
        checked_sizes(sizes)


@pytest.mark.parametrize(("classes", "normal"), [(None, None), (["a", "a"], None), (["a", 1], None), (["a", "b"], "c")])
def test_labels_that_are_not_different_names_are_refused(classes, normal):
    with pytest.raises(ValueError, match="label"):
        check_classes(classes, [1, 1], normal)


@pytest.mark.parametrize("counts", [None, [], [1], [1, 0], [1, -1], [1, 2.0], [1, "2"], [True, 2]])
def test_counts_that_are_no_numbers_of_records_are_refused(counts):
    with pytest.raises(ValueError, match="counts"):
        check_classes(["a", "b"], counts, None)


def test_features_that_do_not_fit_the_network_are_refused():
    with pytest.raises(ValueError, match="features are not 3 different names"):
        check_features(["a", "b"], 3)


@pytest.mark.parametrize("weights", [None, [], {}, {"a": -1}, {"a": "1"}, {"a": float("nan")}, {"a": 0}, {"b": 1}])
def test_weights_of_experts_that_cannot_be_used_are_refused(weights):
    assert check_pool({"a": 1, "c": 0}, ["a"]) == {"a": 1.0, "c": 0.0}
    with pytest.raises(ValueError, match=r"the weights of the experts|has learned nothing"):
        check_pool(weights, ["a"])


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(value):
    with pytest.raises(ValueError, match="the weights w are not all finite numbers"):
        check_weights({"w": torch.tensor([1.0, value])})


def test_the_scale_of_readings_that_are_all_equal_is_infinite():
    weights = {"branches.readings.scales": torch.tensor([float("inf")])}
    assert check_weights(weights) == weights


@pytest.mark.parametrize("row", [0, 3, 5])
def test_a_scale_of_zero_is_refused(row):
    scales = torch.from_numpy(identity_scales(2))
    assert check_weights({"branches.readings.scales": scales})
    scales[row, 1] = 0.0
    with pytest.raises(ValueError, match="a scale that is not positive"):
        check_weights({"branches.readings.scales": scales})
    with pytest.raises(ValueError, match="a scale that is not positive"):
        check_weights({"branches.readings.scales": scales.long()})


@pytest.mark.parametrize("found", [1.5, [], {"a": 1}, {"a": [1]}, {"a": [["p"]]}, {"a": [["p", 1]]}])
def test_precedents_of_another_form_are_refused(found):
    with pytest.raises(ValueError, match="the precedents"):
        checked_precedents(found)


def test_precedents_are_pairs_of_a_picture_and_a_class():
    assert checked_precedents({"a": [["p", "red"]]}) == {"a": [("p", "red")]}


def _without_a_class(folder) -> None:
    labels = json.loads((folder / "labels.json").read_text())
    labels["classes"] = labels["classes"][1:]
    (folder / "labels.json").write_text(json.dumps(labels))


def _with_a_feature_more(folder) -> None:
    experts = json.loads((folder / "experts.json").read_text())
    experts["parts"][0]["features"].append("another")
    (folder / "experts.json").write_text(json.dumps(experts))


def _with_an_expert_that_has_learned_nothing(folder) -> None:
    experts = json.loads((folder / "experts.json").read_text())
    experts["weights"]["words"] = 0.5
    (folder / "experts.json").write_text(json.dumps(experts))


def _with_weights_of_nan(folder) -> None:
    weights = load_file(folder / "weights.safetensors")
    next(tensor for tensor in weights.values() if tensor.ndim == 2)[0, 0] = float("nan")
    save_file(weights, folder / "weights.safetensors")


DAMAGES = (_without_a_class, _with_a_feature_more, _with_an_expert_that_has_learned_nothing, _with_weights_of_nan)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_model_whose_parts_do_not_fit_together_is_damaged(model, tmp_path, damage):
    shutil.copytree(model, tmp_path / "model")
    damage(tmp_path / "model")
    with pytest.raises(TriptychError, match="the model is damaged"):
        load_model(tmp_path / "model")
