"""Classes and splits of a data set before it is drawn."""

from collections import Counter

import numpy as np
import pytest

from triptych.simulate.classes import CLASSES
from triptych.simulate.plan import apportion, plan_records

PAPER = [225, 92, 44, 50, 44]


def counts(plan, split=None):
    found = Counter(record.label for record in plan if split in (None, record.split))
    return [found[label] for label in CLASSES]


def test_455_records_are_those_of_the_paper():
    plan = plan_records(455, 130 / 455, np.random.default_rng(0))
    assert counts(plan) == PAPER
    assert counts(plan, "test") == [64, 26, 13, 14, 13]
    assert sum(counts(plan, "train")) == 325


def test_any_other_number_keeps_the_proportions():
    plan = plan_records(100, 0.3, np.random.default_rng(0))
    assert counts(plan) == [49, 20, 10, 11, 10]
    assert sum(counts(plan, "test")) == 30


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_every_class_is_in_both_splits_however_few_the_records(share):
    plan = plan_records(10, share, np.random.default_rng(0))
    assert len(plan) == 10
    assert min(counts(plan, "train")) >= 1
    assert min(counts(plan, "test")) >= 1


def test_ids_are_unique_and_independent_of_the_class():
    plan = plan_records(455, 130 / 455, np.random.default_rng(0))
    assert len({record.id for record in plan}) == 455
    assert len({record.label for record in plan[:30]}) >= 3
    assert len({record.split for record in plan[:30]}) == 2


def test_largest_remainders_get_what_is_left_over():
    assert apportion(10, [1, 1, 1]) == [4, 3, 3]
    assert apportion(7, [60, 30, 10]) == [4, 2, 1]


def test_every_share_is_at_least_the_minimum():
    assert apportion(10, PAPER, least=2) == [2, 2, 2, 2, 2]
    assert apportion(3, PAPER, least=1) == [1, 1, 1, 1, 1]
