import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from triptych.progress import silent
from triptych.records import Record, RecordSet, open_records
from triptych.records.near_duplicates import find_near_duplicates


def _photograph(seed: int) -> Image.Image:
    """Smooth random structure at several scales, similar to photographs."""
    rng = np.random.default_rng(seed)
    total = np.zeros((240, 320))
    for size in (5, 12, 40, 90):
        noise = Image.fromarray(rng.normal(0, 1, (size, size)).astype(np.float32))
        total += np.asarray(noise.resize((320, 240), Image.Resampling.BICUBIC)) / size**0.4
    return Image.fromarray((127 + 45 * total / total.std()).clip(0, 255).astype(np.uint8)).convert("RGB")


def _jpeg(image):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=40)
    return Image.open(buffer).convert("RGB")


def _noisy(image):
    noise = np.random.default_rng(0).normal(0, 8, (image.height, image.width, 3))
    return Image.fromarray((np.asarray(image) + noise).clip(0, 255).astype(np.uint8))


CHANGES = {
    "JPEG": _jpeg,
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.15),
    "duller": lambda image: ImageEnhance.Contrast(image).enhance(0.6),
    "darker": lambda image: image.point([int(255 * (v / 255) ** 1.5) for v in range(256)] * 3),
    "cropped": lambda image: image.crop((10, 8, image.width - 8, image.height - 6)),
    "shifted": lambda image: image.transform(image.size, Image.Transform.AFFINE, (1, 0, 6, 0, 1, 4), fillcolor="white"),
    "noise": _noisy,
    "smaller": lambda image: image.resize((image.width // 2, image.height // 2)),
}


def _records(*rows: tuple[str, Image.Image, str, str]) -> RecordSet:
    return RecordSet(tuple(Record(name, image, label=label, split=split) for name, image, label, split in rows))


@pytest.fixture(scope="module")
def plots(simulated):
    """Simulated records: similar plots with different dots and numbers."""
    records = list(open_records(simulated))[::2]
    return [replace(record, image=record.load_image().resize((400, 300))) for record in records]


@pytest.mark.parametrize("change", CHANGES)
def test_a_training_picture_in_the_test_split_is_found(change):
    pictures = [_photograph(seed) for seed in range(8)]
    rows = [(str(i), picture, "a", "train") for i, picture in enumerate(pictures)]
    found = find_near_duplicates(_records(*rows, ("again", CHANGES[change](pictures[3]), "a", "test")), silent)
    assert [pair.records for pair in found.across_splits] == [("3", "again")]
    assert found.two_labels == ()
    assert (
        "1 record(s) outside train have pictures that (nearly) repeat some in train (3 and again)"
        in (found.warnings()[0])
    )


@pytest.mark.parametrize("change", ["JPEG"])
def test_a_duplicate_plot_is_found_among_similar_plots(plots, change):
    first = next(record for record in plots if record.split == "train")
    again = replace(first, id="again", image=CHANGES[change](first.image), split="test")
    found = find_near_duplicates(RecordSet((*plots, again)), silent)
    assert [pair.records for pair in found.across_splits] == [(first.id, "again")]


def test_similar_plots_and_photographs_are_not_duplicates(plots):
    assert find_near_duplicates(RecordSet(tuple(plots)), silent).warnings() == []
    rows = [(str(i), _photograph(i), "ab"[i % 2], ("train", "test")[i % 3 == 0]) for i in range(12)]
    assert find_near_duplicates(_records(*rows), silent).warnings() == []


def test_a_difference_in_one_place_makes_another_picture():
    picture = _photograph(0)
    other = picture.copy()
    other.paste(_photograph(1).crop((0, 0, 110, 90)), (120, 80))
    assert (
        find_near_duplicates(_records(("a", picture, "x", "train"), ("b", other, "y", "test")), silent).warnings() == []
    )


@pytest.mark.parametrize("change", ["none", "JPEG"])
def test_one_picture_with_two_labels_is_found_within_a_split_too(change):
    again = CHANGES.get(change, Image.Image.copy)(_photograph(0))
    others = [(str(i), _photograph(i), "y", "train") for i in (1, 2, 3)]
    found = find_near_duplicates(
        _records(("a", _photograph(0), "x", "train"), ("b", again, "y", "train"), *others), silent
    )
    assert [(pair.records, pair.labels, pair.equal) for pair in found.two_labels] == [
        (("a", "b"), ("x", "y"), change == "none")
    ]
    assert "1 pair(s) of (nearly) equal pictures have different labels (a: x and b: y)" in found.warnings()[0]
    assert json.loads(json.dumps(found.to_json()))["two_labels"][0]["records"] == ["a", "b"]


def test_records_of_one_group_or_one_file_are_not_reported(tmp_path):
    records = _records(("a", _photograph(0), "x", "train"), ("b", _photograph(0), "x", "test"))
    assert find_near_duplicates(records, silent).across_splits
    assert not find_near_duplicates(RecordSet(tuple(replace(r, group="g") for r in records)), silent).warnings()
    _photograph(0).save(tmp_path / "1.png")
    rows = [Record(f"1.png#{i}", tmp_path / "1.png", {"n": float(i)}, "xy"[i], "train") for i in (0, 1)]
    assert not find_near_duplicates(RecordSet(tuple(rows)), silent).warnings()
    assert find_near_duplicates(RecordSet(tuple(replace(r, readings={}) for r in rows)), silent).two_labels


def test_pictures_that_cannot_be_decoded_are_passed_over(tmp_path):
    (tmp_path / "a.png").write_text("no picture")
    rows = [Record(name, tmp_path / name, label="x", split="train") for name in ("a.png", "gone.png")]
    assert find_near_duplicates(RecordSet(tuple(rows)), silent).compared == 0


def test_of_very_many_pictures_a_sample_is_compared_with_a_warning(monkeypatch):
    monkeypatch.setattr("triptych.records.near_duplicates.MOST_PICTURES", 4)
    rows = [(str(i), _photograph(0), "x", ("train", "test")[i % 2]) for i in range(6)]
    assert find_near_duplicates(_records(*rows), silent).warnings()[-1].endswith("4 of 6 pictures were compared")
