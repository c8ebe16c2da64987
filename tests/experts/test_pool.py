import pytest
import torch

from triptych.config import PoolConfig
from triptych.experts.likelihood import log_normalised
from triptych.experts.pool import Pool, fit_pool

LABELS = torch.arange(300) % 3


def _expert(strength, seed, temperature=1.0):
    """Log-probabilities of an expert whose logits are right by `strength` standard deviations."""
    noise = torch.randn(300, 3, generator=torch.Generator().manual_seed(seed))
    return log_normalised(strength * temperature * (noise + strength * torch.nn.functional.one_hot(LABELS, 3)))


def _loss(pool, by_expert):
    return torch.nn.functional.nll_loss(pool.log_probabilities(by_expert), LABELS).item()


def test_the_pool_is_a_weighted_geometric_mean():
    by_expert = {"a": torch.tensor([[0.8, 0.2]]).log(), "b": torch.tensor([[0.5, 0.5]]).log()}
    found = Pool({"a": 0.5, "b": 0.5}).log_probabilities(by_expert).exp()
    expected = torch.tensor([[0.8, 0.2]]).sqrt() / torch.tensor([0.8, 0.2]).sqrt().sum()
    torch.testing.assert_close(found, expected.double())


def test_an_expert_that_knows_nothing_is_left_out():
    noise = torch.randn(300, 3, generator=torch.Generator().manual_seed(7))
    by_expert = {"good": _expert(2.0, 0), "noise": log_normalised(noise)}
    pool = fit_pool(by_expert, LABELS, PoolConfig())
    assert pool.weights["noise"] == 0
    assert pool.weights["good"] > 0.5


def test_two_experts_that_err_apart_are_better_together():
    by_expert = {"a": _expert(1.5, 1), "b": _expert(1.5, 2)}
    pool = fit_pool(by_expert, LABELS, PoolConfig())
    assert pool.weights["a"] == pytest.approx(pool.weights["b"], rel=0.4)
    assert _loss(pool, by_expert) < 0.9 * min(_loss(Pool({name: 1.0}), by_expert) for name in by_expert)


@pytest.mark.parametrize("temperature", [0.3, 3.0])
def test_the_sum_of_the_weights_is_an_inverse_temperature(temperature):
    """An expert that is too timid is sharpened, and one that is too sure is softened."""
    by_expert = {"a": _expert(1.5, 1, temperature)}
    pool = fit_pool(by_expert, LABELS, PoolConfig())
    assert pool.weights["a"] == pytest.approx(1 / temperature, rel=0.3)


def test_of_few_records_the_weights_stay_nearly_equal():
    by_expert = {"a": _expert(1.6, 1), "b": _expert(1.4, 2)}
    few = {name: found[:12] for name, found in by_expert.items()}

    def apart(prior):
        weights = fit_pool(few, LABELS[:12], PoolConfig(prior=prior)).weights
        return abs(weights["a"] - weights["b"])

    assert apart(50.0) < 0.1
    assert apart(50.0) < apart(0.01)


def test_equal_weights_add_up_to_one():
    assert Pool.equal(["a", "b", "c", "d"]).weights == dict.fromkeys("abcd", 0.25)
