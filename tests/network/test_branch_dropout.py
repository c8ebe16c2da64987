import torch

from triptych.network.branch_dropout import BranchDropout

INPUTS = {"image": torch.ones(400, 3, 2, 2), "vlm": torch.ones(400, 3, 1, 1)}


def test_in_training_each_branch_of_each_record_is_left_out_whole_or_kept_as_it_is():
    torch.manual_seed(0)
    dropped = BranchDropout(0.3).train()(INPUTS)
    for z in dropped.values():
        per_record = z.flatten(1)
        assert set(per_record.unique().tolist()) == {0.0, 1.0}
        assert (per_record.min(dim=1).values == per_record.max(dim=1).values).all()
        assert 0.22 < (per_record[:, 0] == 0).float().mean() < 0.38
    assert not torch.equal(dropped["image"][:, 0, 0, 0], dropped["vlm"][:, 0, 0, 0])  # each on its own


def test_in_use_every_branch_is_kept():
    kept = BranchDropout(0.3).eval()(INPUTS)
    assert all(torch.equal(kept[name], z) for name, z in INPUTS.items())
