import math

import pytest
import torch

from triptych.network.contrastive_loss import itc_loss, self_similarity

TAU = torch.tensor(0.5)


def _by_hand(image, text, tau):
    """Equations 3 and 4, term by term."""
    b = len(image)
    s = [[torch.nn.functional.cosine_similarity(image[i], text[j], dim=0).item() for j in range(b)] for i in range(b)]
    i2t = [math.exp(s[i][i] / tau) / sum(math.exp(s[i][j] / tau) for j in range(b)) for i in range(b)]
    t2i = [math.exp(s[i][i] / tau) / sum(math.exp(s[j][i] / tau) for j in range(b)) for i in range(b)]
    return 0.5 * sum(-math.log(p) - math.log(q) for p, q in zip(i2t, t2i, strict=True)) / b


def test_the_loss_is_equations_3_and_4():
    image, text = torch.randn(2, 5, 7, generator=torch.Generator().manual_seed(0))
    assert itc_loss(image, text, TAU).item() == pytest.approx(_by_hand(image, text, 0.5), rel=1e-5)


def test_aligned_pairs_cost_less_than_exchanged_ones():
    image = torch.eye(4)
    assert itc_loss(image, image, TAU) < itc_loss(image, image.roll(1, 0), TAU)


def test_only_the_direction_of_a_vector_counts():
    image, text = torch.randn(2, 5, 7, generator=torch.Generator().manual_seed(1))
    assert itc_loss(3 * image, 0.1 * text, TAU).item() == pytest.approx(itc_loss(image, text, TAU).item(), rel=1e-5)


def test_records_with_the_same_text_are_no_negatives_of_one_another():
    image, text = torch.randn(2, 4, 7, generator=torch.Generator().manual_seed(2))
    text[1] = text[0]  # records 0 and 1 carry the same text
    same = (text[:, None] == text[None, :]).all(dim=2)
    found = itc_loss(image, text, TAU, same).item()
    s = torch.nn.functional.cosine_similarity(image[:, None], text[None, :], dim=2) / 0.5
    negatives = {0: [2, 3], 1: [2, 3], 2: [0, 1, 3], 3: [0, 1, 2]}
    total = 0.0
    for i, others in negatives.items():
        own = math.exp(s[i, i])
        total -= math.log(own / (own + sum(math.exp(s[i, j]) for j in others)))
        total -= math.log(own / (own + sum(math.exp(s[j, i]) for j in others)))
    assert found == pytest.approx(0.5 * total / 4, rel=1e-5)
    assert found < itc_loss(image, text, TAU).item()


def test_a_batch_with_one_text_has_nothing_to_learn():
    image = torch.randn(3, 5, requires_grad=True)
    loss = itc_loss(image, torch.ones(3, 5), TAU, torch.ones(3, 3, dtype=torch.bool))
    loss.backward()
    assert loss.item() == 0
    assert not image.grad.any()


def test_the_temperature_learns():
    tau = torch.tensor(0.5, requires_grad=True)
    itc_loss(torch.eye(3), torch.eye(3), tau).backward()
    assert tau.grad > 0  # aligned pairs want a sharper contrast


def test_self_similarity_is_the_cosine_of_a_records_own_pair():
    image = torch.tensor([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    text = torch.tensor([[2.0, 0.0], [0.0, 5.0], [-1.0, 0.0]])
    assert self_similarity(image, text).tolist() == [1.0, 0.0, -1.0]
