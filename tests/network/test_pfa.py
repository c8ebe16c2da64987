import torch

from triptych.network.pfa import next_stage


def _stages(similarity, shares):
    stages = [None]
    for share in shares:
        stages.append(next_stage(similarity, share, stages[-1]))
    return stages[1:]


def test_the_least_similar_pairs_come_first_and_all_are_in_the_end():
    similarity = torch.tensor([0.9, -0.2, 0.5, 0.1, 0.3])
    stages = _stages(similarity, (0.2, 0.6, 1.0))
    assert [stage.training.tolist() for stage in stages] == [[1], [1, 3, 4], [1, 3, 4, 2, 0]]


def test_what_a_stage_does_not_train_on_is_pending():
    stages = _stages(torch.rand(10, generator=torch.Generator().manual_seed(0)), (0.25, 1.0))
    for stage in stages:
        assert sorted([*stage.training.tolist(), *stage.pending.tolist()]) == list(range(10))
    assert (len(stages[0].training), len(stages[1].pending)) == (3, 0)


def test_ties_keep_their_order():
    assert next_stage(torch.zeros(4), 0.5).training.tolist() == [0, 1]


def test_a_new_ranking_sorts_what_is_pending_and_keeps_what_is_in():
    first = next_stage(torch.tensor([0.1, 0.2, 0.3, 0.4]), 0.25)
    second = next_stage(torch.tensor([0.9, 0.8, 0.7, 0.1]), 0.5, first)
    assert (first.training.tolist(), second.training.tolist()) == ([0], [0, 3])
    assert second.pending.tolist() == [2, 1]
