import math

import pytest
import torch

from triptych.alignment import itc_loss, self_similarity

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
    image = torch.eye(3)
    text = torch.stack([image[0], image[0], image[2]])  # records 0 and 1 carry the same text
    same = torch.tensor([[True, True, False], [True, True, False], [False, False, True]])
    image = image.clone().requires_grad_()
    itc_loss(image, text, TAU, same)[None].backward()
    pulled = -image.grad[1] @ text[0]
    assert pulled > 0  # record 1 is drawn towards the text that it shares
    itc = itc_loss(torch.stack([text[0], text[0], text[2]]), text, torch.tensor(0.01), same)
    assert itc.item() == pytest.approx(2 / 3 * math.log(2), abs=1e-3)  # the evenly spread target's own entropy


def test_the_temperature_learns():
    tau = torch.tensor(0.5, requires_grad=True)
    itc_loss(torch.eye(3), torch.eye(3), tau).backward()
    assert tau.grad > 0  # aligned pairs want a sharper contrast


def test_self_similarity_is_the_cosine_of_a_records_own_pair():
    image = torch.tensor([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    text = torch.tensor([[2.0, 0.0], [0.0, 5.0], [-1.0, 0.0]])
    assert self_similarity(image, text).tolist() == [1.0, 0.0, -1.0]
