"""DefectClassifier among scikit-learn's tools, with the mean of each class in the place of training (but once)."""

import copy
import json
import pickle

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.base import clone, is_classifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import VotingClassifier
from sklearn.model_selection import (
    GridSearchCV,
    RandomizedSearchCV,
    cross_val_predict,
    cross_val_score,
    cross_validate,
)
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

import means
from triptych import Config, DefectClassifier, Record, RecordSet
from triptych.errors import InputError

PICTURE = Image.new("RGB", (32, 32))
X = [Record(f"r{i}", PICTURE, {"width": float(i // 10) + 0.03 * (i % 10)}) for i in range(20)]
Y = ["bad"] * 10 + ["ok"] * 10  # sorted: plain folds would each hold one class


@pytest.fixture
def _means(monkeypatch):
    means.use_means(monkeypatch)


@pytest.fixture
def tiny(quick):
    """Settings with which a real training takes a second."""
    settings = (
        "warm_up.epochs=0",
        "experts=[panels]",
        "cross_fitting.folds=1",
        "alignment.stages=[]",
        "fusion.epochs=8",
    )
    return quick.changed(*settings, "answers.vlm=none", "answers.llm=none")


@pytest.mark.usefixtures("_means")
@pytest.mark.parametrize("scoring", [None, "accuracy", "roc_auc", "f1_macro", "balanced_accuracy"])
def test_cross_validation_keeps_the_shares_of_the_classes_and_scores(scoring):
    assert is_classifier(DefectClassifier())
    assert cross_val_score(DefectClassifier(), X, Y, cv=5, scoring=scoring).tolist() == [1.0] * 5


@pytest.mark.usefixtures("_means")
@pytest.mark.parametrize("as_x", [list, lambda x: RecordSet(tuple(x)), lambda x: np.array(x, dtype=object)])
@pytest.mark.parametrize(
    "as_y", [list, np.array, lambda y: np.array(y) == "ok", lambda y: pd.factorize(np.array(y))[0]]
)
def test_records_and_labels_of_any_kind_are_cross_validated(as_x, as_y):
    found = cross_validate(DefectClassifier(), as_x(X), as_y(Y), cv=2, scoring=["neg_log_loss", "accuracy"])
    assert (found["test_accuracy"] == 1).all()
    assert (found["test_neg_log_loss"] > -0.7).all()


@pytest.mark.usefixtures("_means")
@pytest.mark.parametrize("kind", ["paths", "pictures", "arrays", "table"])
def test_pictures_and_tables_are_cross_validated(kind, tmp_path):
    arrays = np.stack([np.full((20, 20), 250 * (i // 10), np.uint8) for i in range(20)])
    for i, array in enumerate(arrays):
        Image.fromarray(array).save(tmp_path / f"{i}.png")
    given = {
        "paths": [str(tmp_path / f"{i}.png") for i in range(20)],
        "pictures": [Image.fromarray(array) for array in arrays],
        "arrays": arrays,
        "table": pd.DataFrame({"image": list(arrays), "die": range(20)}).assign(die=1),
    }[kind]
    assert cross_val_score(DefectClassifier(), given, Y, cv=2).tolist() == [1.0, 1.0]


@pytest.mark.usefixtures("_means")
def test_nested_settings_are_searched():
    grid = {"config__fusion__epochs": np.array([1, 2]), "config__augment__tda": ["none", "turn"], "seed": [0, 1]}
    search = GridSearchCV(DefectClassifier(), grid, cv=2).fit(X, Y)
    assert search.best_estimator_.config == Config().changed("fusion.epochs=1", "augment.tda=none")
    drawn = RandomizedSearchCV(DefectClassifier(), grid, n_iter=3, cv=2, random_state=0).fit(X, Y)
    assert len(drawn.cv_results_["params"]) == 3
    steps = Pipeline([("same", FunctionTransformer()), ("classifier", DefectClassifier())])
    search = GridSearchCV(steps, {"classifier__config__decision__accept_above": [0.5]}, cv=2).fit(X, Y)
    assert search.best_estimator_["classifier"].config.decision.accept_above == 0.5


@pytest.mark.usefixtures("_means")
def test_class_probabilities_are_used_by_others():
    shares = cross_val_predict(DefectClassifier(), X, Y, cv=2, method="predict_proba")
    assert (shares.argmax(axis=1) == [0] * 10 + [1] * 10).all()
    calibrated = CalibratedClassifierCV(DefectClassifier(), cv=2).fit(X, Y)
    assert calibrated.predict([X[0], X[-1]]).tolist() == ["bad", "ok"]
    voting = VotingClassifier([("a", DefectClassifier()), ("b", DefectClassifier(seed=1))], voting="soft").fit(X, Y)
    assert voting.score(X, Y) == 1.0


@pytest.mark.usefixtures("_means")
def test_a_normal_class_that_numbers_stand_for_is_left_out_with_a_warning():
    with pytest.warns(UserWarning, match="normal='ok' is left out, because the labels are of type int64"):
        cross_val_predict(DefectClassifier(Config(normal="ok")), X, Y, cv=2, method="predict_proba")


@pytest.mark.parametrize("config", [None, Config(seed=4)])
def test_every_setting_is_a_parameter_and_clones_keep_it(config):
    classifier = DefectClassifier(config, seed=2)
    assert {"config": config, "seed": 2, "work_dir": None}.items() <= classifier.get_params(deep=False).items()
    assert classifier.get_params()["config__fusion__epochs"] == 60
    assert classifier.set_params(seed=3, config__fusion__epochs=np.int64(5), config__normal="ok") is classifier
    assert clone(classifier).get_params() == classifier.get_params()
    assert (classifier.seed, classifier.config.fusion.epochs, classifier.config.normal) == (3, 5, "ok")
    assert classifier.config.seed == (4 if config else 0)
    for name, value in classifier.get_params().items():
        assert classifier.set_params(**{name: value}).get_params()[name] == value


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"config__fusion__epoch": 1}, "fusion.epoch: there is no such key; allowed are kind, epochs"),
        ({"config__fusions__epochs": 1}, "fusions: there is no such key; allowed are seed, normal"),
        ({"config__fusion__epochs": -1}, "fusion.epochs: Input should be greater than or equal to 0; found -1"),
        ({"config__fusion__epochs__more": 1}, "epochs is a value and has no keys below it"),
        ({"epochs": 1}, "Invalid parameter 'epochs'"),
    ],
)
def test_a_setting_that_there_is_not_is_a_value_error(params, message):
    with pytest.raises(ValueError, match=message):
        DefectClassifier().set_params(**params)


def test_what_is_no_configuration_is_refused_in_fit():
    with pytest.raises(InputError, match=r"config is of type dict; give a Config"):
        DefectClassifier({"fusion": {"epochs": 1}}).fit(X, Y)


@pytest.mark.usefixtures("_means")
@pytest.mark.parametrize("y", [[2] * 10 + [10] * 10, [False] * 10 + [True] * 10, np.repeat([0.0, 1.0], 10)], ids=str)
def test_labels_come_back_in_their_own_type_and_order(y):
    classifier = DefectClassifier().fit(X, y)
    np.testing.assert_array_equal(classifier.classes_, np.unique(y), strict=True)
    predicted = classifier.predict(X)
    np.testing.assert_array_equal(predicted, np.asarray(y), strict=True)
    assert (classifier.classes_[classifier.predict_proba(X).argmax(axis=1)] == predicted).all()
    assert classifier.score(X, y) == 1.0


@pytest.mark.usefixtures("_means")
def test_records_that_cannot_be_used_are_warned_of_and_count_as_wrong():
    classifier = DefectClassifier().fit(X, Y)
    bad = Record("bad.png", "bad.png")
    with pytest.warns(UserWarning, match=r"1 record\(s\) are without a prediction; the first: bad.png: cannot be read"):
        assert classifier.predict([X[0], bad]).tolist() == ["bad", None]
    with pytest.warns(UserWarning, match="without a prediction"):
        assert classifier.score([X[0], bad], ["bad", "bad"]) == 0.5
    with pytest.warns(UserWarning, match="without a prediction"):
        assert classifier.score([bad], ["bad"], sample_weight=[2.0]) == 0.0


@pytest.mark.usefixtures("_means")
def test_labels_of_records_are_used_where_y_is_none_and_records_without_are_listed():
    records = [Record(r.id, r.image, r.readings, label) for r, label in zip(X, Y, strict=True)]
    with pytest.warns(UserWarning, match=r"1 record\(s\) are not used to train; the first: odd: has no label"):
        classifier = DefectClassifier().fit([*records, Record("odd", PICTURE)])
    assert [failure.id for failure in classifier.failures_] == ["odd"]
    assert classifier.score(records) == 1.0
    with pytest.raises(InputError, match="some records have no label; give y"):
        classifier.score(X)


@pytest.mark.usefixtures("_means")
def test_columns_of_a_table_are_remembered_and_the_label_is_no_reading():
    table = pd.DataFrame({"image": [PICTURE] * 20, "width": [r.readings["width"] for r in X], "label": Y})
    classifier = DefectClassifier().fit(table)
    assert (classifier.feature_names_in_.tolist(), classifier.n_features_in_) == (["image", "width"], 2)
    assert classifier.predict(table.drop(columns="label")).tolist() == Y
    other = DefectClassifier().fit(table, ["x", "y"] * 10)
    assert other.classes_.tolist() == ["x", "y"]
    assert not hasattr(classifier.fit(X, Y), "n_features_in_")


@pytest.mark.usefixtures("_means")
def test_what_a_table_lacks_to_be_read_is_warned_of():
    table = pd.DataFrame({"image": [PICTURE] * 20, "lists": [[1]] * 20, "width": range(20), "label": Y})
    with pytest.warns(UserWarning, match="column 'lists' holds neither numbers nor text"):
        DefectClassifier().fit(table)


def test_it_and_its_records_travel_to_other_processes(quick):
    classifier, records = pickle.loads(pickle.dumps((DefectClassifier(quick, seed=3), RecordSet(tuple(X)))))
    assert classifier.get_params() == DefectClassifier(quick, seed=3).get_params()
    assert [(r.id, r.readings) for r in records] == [(r.id, r.readings) for r in X]


def test_every_run_of_a_search_has_a_folder_of_its_own(monkeypatch, tmp_path):
    folders = []

    def fit(records, config, work_dir, track):
        folders.append(work_dir)
        return means.fit_means(records, config, work_dir, track)

    means.use_means(monkeypatch)
    monkeypatch.setattr("triptych.classifier.fit", fit)
    for _ in range(2):
        grid = {"config__fusion__epochs": [1, 2]}
        GridSearchCV(DefectClassifier(work_dir=str(tmp_path)), grid, cv=2, refit=False).fit(X, Y)
    assert (len(folders), len(set(folders))) == (8, 4)
    assert {folder.parent for folder in folders} == {tmp_path}


def test_notebooks_show_it(quick):
    assert "DefectClassifier" in DefectClassifier(quick)._repr_html_()
    assert "experts" in repr(DefectClassifier(quick))


def test_a_trained_model_keeps_the_type_of_the_labels_and_can_be_copied(tiny, tmp_path):
    y = [2] * 10 + [10] * 10
    classifier = DefectClassifier(tiny).fit(X, y)
    expected = classifier.predict_proba(X)
    assert (classifier.classes_.tolist(), classifier.predict(X).dtype) == ([2, 10], np.int64)
    for same in (pickle.loads(pickle.dumps(classifier)), copy.deepcopy(classifier)):
        np.testing.assert_array_equal(same.predict_proba(X), expected)
    classifier.save(tmp_path / "model")
    loaded = DefectClassifier.load(tmp_path / "model")
    assert json.loads((tmp_path / "model" / "labels.json").read_text())["dtype"] == "int64"
    np.testing.assert_array_equal(loaded.classes_, classifier.classes_, strict=True)
    np.testing.assert_array_equal(loaded.predict_proba(X), expected)
    assert loaded.score(X, y) == classifier.score(X, y) > 0.5
