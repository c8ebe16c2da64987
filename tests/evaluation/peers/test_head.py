import torch

from triptych.evaluation.peers.head import LinearHead, protocol_optimizer
from triptych.progress import silent


def _problem():
    generator = torch.Generator().manual_seed(0)
    labels = ["b", "a"] * 20
    signs = torch.tensor([1.0 if label == "b" else -1.0 for label in labels])
    features = torch.randn(40, 5, generator=generator) * 100 + 1000
    features[:, 2] = signs * 0.01  # tells the classes apart, at a small scale
    return features, labels


def test_it_finds_what_tells_classes_apart_at_any_scale():
    features, labels = _problem()
    head = LinearHead().fit(features, labels, 0, silent)
    assert head.predict(features).labels == labels
    torch.testing.assert_close(head.probabilities(features).sum(dim=1), torch.ones(40))


def test_the_seed_decides():
    features, labels = _problem()
    one, again, other = (LinearHead().fit(features, labels, seed, silent).layer.weight for seed in (1, 1, 2))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_a_constant_feature_does_no_harm():
    features, labels = _problem()
    features[:, 0] = 7.0
    assert LinearHead().fit(features, labels, 0, silent).predict(features).labels == labels


def test_the_learning_rate_decays_as_in_the_protocol():
    optimizer, schedule = protocol_optimizer(torch.nn.Linear(2, 2), 1e-2)
    for _ in range(15):
        optimizer.step()
        schedule.step()
    assert optimizer.param_groups[0]["lr"] == 0.75e-2
