from collections import Counter

import pytest

from triptych.evaluation.protocol import data_splits, simulated_splits
from triptych.progress import silent


def test_every_seed_draws_records_of_its_own_in_the_papers_proportion(tmp_path):
    splits = simulated_splits(tmp_path, 25, 10, silent)
    first, second = splits(0), splits(1)
    assert (len(first.train), len(first.test)) == (25, 10)
    assert {r.digest() for r in first.train} & {r.digest() for r in second.train} == set()


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
