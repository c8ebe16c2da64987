from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest

from triptych.errors import TriptychError
from triptych.evaluation import protocol
from triptych.evaluation.protocol import Split, data_splits, given_splits, proportional_splits, simulated_splits
from triptych.progress import silent
from triptych.records import Record, RecordSet


def test_every_seed_draws_records_of_its_own_in_the_papers_proportion(tmp_path):
    splits = simulated_splits(tmp_path, 25, 10, silent)
    first, second = splits(0), splits(1)
    assert (len(first.train), len(first.test)) == (25, 10)
    assert {r.digest() for r in first.train} & {r.digest() for r in second.train} == set()


def test_simulated_sets_are_divided_in_the_papers_proportion(tmp_path):
    split = proportional_splits(tmp_path, 35, silent)(0)
    assert (len(split.train), len(split.test)) == (25, 10)


def test_what_was_drawn_is_drawn_once(tmp_path, monkeypatch):
    before = [record.digest() for record in simulated_splits(tmp_path, 10, 4, silent)(0).train]
    monkeypatch.setattr("triptych.evaluation.protocol.simulate_dataset", None)
    assert [record.digest() for record in simulated_splits(tmp_path, 10, 4, silent)(0).train] == before


@pytest.mark.parametrize("seed", [0, 1])
def test_own_data_are_divided_anew_whatever_split_they_name(simulated, seed):
    split = data_splits(simulated)(seed)
    train, test = ({record.id for record in part} for part in (split.train, split.test))
    assert not train & test
    assert len(train | test) == 40
    shares = Counter(record.label for record in split.test)
    assert set(shares) == {"normal", "type-1", "type-2", "type-3", "type-4"}


def test_another_seed_divides_in_another_way(simulated):
    splits = data_splits(simulated)
    assert {r.id for r in splits(0).test} != {r.id for r in splits(1).test}
    assert {r.id for r in splits(0).test} == {r.id for r in splits(0).test}


def _manifest(folder):
    """Six records of four pictures, of which one serves three records."""
    images = ["a.png", "b.png", "c.png", "c.png", "c.png", "d.png"]
    labels = ["x", "y", "x", "y", "x", "y"]
    pd.DataFrame({"image": images, "label": labels, "width": range(6)}).to_csv(folder / "manifest.csv", index=False)
    rows = [
        (0, "a.png", "train"),
        (0, "b.png", "train"),
        (0, "c.png#3", "test"),
        (1, "d.png", "train"),
        (1, "a.png", "test"),
    ]
    pd.DataFrame(rows, columns=["seed", "image", "split"]).to_csv(folder / "splits.csv", index=False)
    return folder / "splits.csv"


def test_records_are_divided_as_a_table_says(tmp_path):
    splits = given_splits(tmp_path, _manifest(tmp_path))
    assert [r.id for r in splits(0).train] == ["a.png", "b.png"]
    assert [(r.id, r.label, r.readings["width"]) for r in splits(0).test] == [("c.png#3", "y", 3.0)]
    assert [r.id for r in splits(1).train] == ["d.png"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("b.png,train", "e.png,train", "holds no record 'e.png'"),
        ("seed,image,split", "seed,image,part", "there is no column 'split'"),
        ("c.png#3,test", "a.png,test", "seed 0 needs records in train and others in test; the seeds in it are 0, 1"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(tmp_path, old, new, message):
    table = _manifest(tmp_path)
    table.write_text(table.read_text().replace(old, new))
    with pytest.raises(TriptychError, match=message):
        given_splits(tmp_path, table)(0)


def test_two_records_of_one_id_cannot_be_divided_by_it(tmp_path, monkeypatch):
    table = _manifest(tmp_path)
    twice = RecordSet((Record("a.png", tmp_path / "a.png"), Record("a.png", tmp_path / "b.png")))
    monkeypatch.setattr(protocol, "open_records", lambda _, group=None: twice)
    with pytest.raises(TriptychError, match=r"two records are called 'a\.png'"):
        given_splits(tmp_path, table)


def test_smaller_parts_lie_within_greater_ones_and_keep_the_proportions(simulated):
    train = data_splits(simulated)(0).train
    split = Split(0, train, RecordSet(()))
    small, large = split.smaller(14), split.smaller(21)
    assert (len(small), len(large)) == (14, 21)
    assert {r.id for r in small} < {r.id for r in large} < {r.id for r in train}
    assert all(n >= 2 for n in Counter(r.label for r in small).values())
    shares = Counter(r.label for r in large)
    assert all(abs(shares[label] / 21 - n / len(train)) < 0.06 for label, n in Counter(r.label for r in train).items())
    assert {r.id for r in replace(split, seed=1).smaller(14)} != {r.id for r in small}
