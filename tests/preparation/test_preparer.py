import json

import numpy as np
import pytest
from PIL import Image

from triptych.config import load_config
from triptych.preparation.preparer import Preparer
from triptych.preparation.state import PreparerState
from triptych.reading.printed_names import parse_label
from triptych.records import Record

CONFIG = load_config(None, ("reading.ocr=none", "answers.vlm=none", "answers.llm=none"))


@pytest.fixture(scope="module")
def values() -> list[np.ndarray]:
    """Grey values 0 to 255 of three pictures, the first of which has them all."""
    rng = np.random.default_rng(0)
    ramp = np.repeat(np.arange(256, dtype=np.uint16), 20).reshape(64, 80)
    return [ramp, *(rng.integers(0, 256, (8, 10)).repeat(8, 0).repeat(8, 1).astype(np.uint16) for _ in range(2))]


def _prepared(preparer: Preparer, pictures: list[np.ndarray]) -> list:
    return list(preparer.prepare(Record(str(i), Image.fromarray(picture)) for i, picture in enumerate(pictures)))


def test_deep_pictures_are_encoded_like_the_same_pictures_of_8_bits(values):
    deep = [1000 + 2 * picture for picture in values]
    preparer = Preparer(CONFIG, ["a", "b"])
    preparer.learn_depth(Record(str(i), Image.fromarray(picture)) for i, picture in enumerate(deep))
    for one, other in zip(
        _prepared(preparer, deep), _prepared(preparer, [p.astype(np.uint8) for p in values]), strict=True
    ):
        assert np.array_equal(one.image, other.image)


def test_a_trained_preparer_scales_by_the_training_range_and_says_what_lies_beyond(values):
    learning = Preparer(CONFIG, ["a", "b"])
    learning.learn_depth([Record("train", Image.fromarray(1000 + 2 * values[0]))])
    state = PreparerState.from_json(learning.state.to_json())
    inside, beyond = _prepared(Preparer(CONFIG, ["a", "b"], state), [1000 + values[1], 60_000 + values[1]])
    (same,) = _prepared(learning, [1000 + values[1]])
    assert np.array_equal(inside.image, same.image)
    assert not any(problem.startswith("picture:") for problem in inside.reading.problems)
    assert "far outside 1000 to 1510, the range of the training pictures" in beyond.reading.problems[0]


def test_a_trained_preparer_keeps_the_users_words_of_its_training(tmp_path):
    path = tmp_path / "words.yaml"
    path.write_text("mean: [gemiddelde]", encoding="utf-8")
    config = CONFIG.changed(f"reading.words=[{path}]")
    with Preparer(config, ["a", "b"]) as learning:
        kept = json.loads(json.dumps(learning.state.to_json()))
    for change in (lambda: path.write_text("sigma: [gemiddelde]", encoding="utf-8"), path.unlink):
        change()
        with Preparer(config, ["a", "b"], PreparerState.from_json(kept)) as trained:
            label = parse_label("Gemiddelde X", trained.reader.vocabulary)
        assert label is not None
        assert label.field == "mean_x"


def test_a_preparer_reads_by_the_layouts_that_its_configuration_names(given_layout):
    config = CONFIG.changed(f"reading.layouts=[{given_layout}]", "reading.ocr=rapidocr")
    with Preparer(config, ["a", "b"]) as preparer:
        assert [layout.name for layout in preparer.reader.layouts] == ["console"]
        assert preparer.state.layouts == ()
        assert [layout.name for layout in preparer.state.given or ()] == ["console"]


def test_models_without_words_of_their_own_still_load():
    assert PreparerState.from_json({"layouts": []}).words is None


def test_models_without_a_depth_still_load():
    assert PreparerState.from_json({"layouts": []}).depth is None


def test_a_reading_that_is_not_finite_is_missing_and_named():
    readings = {"torque": float("inf"), "depth": float("-inf"), "size": 1.5, "unset": float("nan")}
    (item,) = Preparer(CONFIG, ["a", "b"]).prepare([Record("1", Image.new("RGB", (32, 32)), readings)])
    assert item.numbers == item.reading.values == {"size": 1.5}
    assert item.reading.problems == [
        "the reading 'torque' is not a finite number and counts as missing",
        "the reading 'depth' is not a finite number and counts as missing",
    ]
    assert set(item.reading.problems) <= set(item.notes)
