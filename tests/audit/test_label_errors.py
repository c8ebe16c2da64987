from dataclasses import replace

import numpy as np
import pytest
import torch

from triptych.audit.label_errors import confident_classes, doubt_labels, expected_errors, label_findings
from triptych.config import PoolConfig


def test_a_record_counts_as_the_most_probable_class_that_reaches_its_threshold():
    labels = np.array([0, 0, 0, 1, 1])
    probabilities = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.4, 0.6], [0.2, 0.8]])
    # thresholds: class 0 (0.9 + 0.7 + 0.2) / 3 = 0.6, class 1 (0.6 + 0.8) / 2 = 0.7
    assert confident_classes(probabilities, labels).tolist() == [0, 0, 1, -1, 1]


def test_expected_errors_scale_the_confident_joint_to_the_number_of_labels():
    labels = np.array([0] * 10 + [1] * 4)
    confident = np.array([0] * 4 + [1] + [-1] * 5 + [1] * 4)  # one of five confident zeros counts as one
    assert expected_errors(confident, labels, 2) == pytest.approx(0.2 * 10)


@pytest.fixture
def flipped():
    """Sixty records of two well separated classes, of which 7 and 40 are labelled wrongly, and their neighbours."""
    truth = np.repeat([0, 1], 30)
    labels = truth.copy()
    labels[[7, 40]] = 1 - labels[[7, 40]]
    logs = torch.tensor(np.log(np.where(truth[:, None] == [0, 1], 0.9, 0.1)))
    near = np.array([[row for row in range(60) if truth[row] == truth[own] and row != own][:5] for own in range(60)])
    return labels, logs, near


def test_flipped_labels_are_first_and_reported(flipped):
    labels, logs, near = flipped
    doubts = doubt_labels({"readings": logs}, range(60), {"readings": near}, labels, 2, PoolConfig())
    assert set(doubts.order[:2]) == {7, 40}
    assert set(doubts.reported(labels, 0.5)) == {7, 40}
    assert doubts.doubt[7] > 0.5 > doubts.doubt[8]
    assert doubts.agreement == 58 / 60
    assert doubts.reported(labels, 0.999999) == []


def test_neighbours_alone_judge_without_cross_fitting(flipped):
    labels, _, near = flipped
    doubts = doubt_labels({}, [], {"readings": near}, labels, 2, PoolConfig())
    assert set(doubts.order[:2]) == {7, 40}


def test_only_records_whose_neighbours_dissent_are_reported(flipped):
    labels, logs, near = flipped
    doubts = doubt_labels({"readings": logs}, range(60), {"readings": near}, labels, 2, PoolConfig())
    agreeing = doubts.agreeing.copy()
    agreeing[7] = 0.8
    assert replace(doubts, agreeing=agreeing).reported(labels, 0.5) == [40]


def test_a_finding_says_what_fits_better(flipped):
    labels, logs, near = flipped
    doubts = doubt_labels({"readings": logs}, range(60), {"readings": near}, labels, 2, PoolConfig())
    found = label_findings(doubts, labels, [f"r{row}" for row in range(60)], ["bad", "good"], 0.5)
    words = {finding.records[0]: finding.words for finding in found}
    assert "labelled good" in words["r7"]
    assert "bad fits better" in words["r7"]
    assert "0% of the nearest neighbours have the given label" in words["r7"]
