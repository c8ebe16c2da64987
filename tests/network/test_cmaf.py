import pytest
import torch

from triptych.network.cmaf import CMAF

DIM, REDUCED, HEADS = 6, 4, 2


@pytest.fixture
def inputs():
    generator = torch.Generator().manual_seed(0)
    shapes = {"image": (3, DIM, 2, 2), "vlm": (3, DIM, 1, 1), "llm": (3, DIM, 1, 1), "readings": (3, DIM, 1, 1)}
    return {name: torch.randn(shape, generator=generator) for name, shape in shapes.items()}


@pytest.fixture
def cmaf():
    torch.manual_seed(0)
    return CMAF(("image", "vlm", "llm", "readings"), DIM, REDUCED, HEADS)


def _weights_by_hand(cmaf, inputs, b, head, position):
    """Equation 7 for one record, head and position: the context of each of the head's channels."""
    size = REDUCED // HEADS

    def project(layer, vector):
        return (layer.weight[:, :, 0, 0] @ vector + layer.bias)[head * size : (head + 1) * size]

    q = project(cmaf.project_query, inputs["vlm"][b, :, 0, 0])
    k = project(cmaf.project_key, inputs["llm"][b, :, 0, 0])
    v = project(cmaf.project_value, inputs["image"][b, :, position // 2, position % 2])
    context = []
    for i in range(size):
        scores = torch.exp(torch.stack([q[i] * k[j] for j in range(size)]) / REDUCED**0.5)
        context.append(sum(scores[j] / scores.sum() * v[j] for j in range(size)))
    return torch.stack(context)


def test_weights_are_equation_7(cmaf, inputs):
    weights = cmaf.weights(inputs)
    for b, position in ((0, 0), (1, 3), (2, 2)):
        context = torch.cat([_weights_by_hand(cmaf, inputs, b, head, position) for head in range(HEADS)])
        expected = torch.sigmoid(cmaf.project_weights.weight[:, :, 0, 0] @ context + cmaf.project_weights.bias)
        torch.testing.assert_close(weights[b, :, position // 2, position % 2], expected)


def test_there_is_one_weight_per_branch_and_position_between_0_and_1(cmaf, inputs):
    weights = cmaf.weights(inputs)
    assert weights.shape == (3, 4, 2, 2)
    assert ((weights > 0) & (weights < 1)).all()


def test_the_fused_map_is_the_weighted_sum_of_equation_8(cmaf, inputs):
    weights = cmaf.weights(inputs)
    expected = torch.zeros(3, DIM, 2, 2)
    for i, name in enumerate(cmaf.branches):
        expected += weights[:, i : i + 1] * inputs[name].expand(3, DIM, 2, 2)
    torch.testing.assert_close(cmaf(inputs), expected)


@pytest.mark.parametrize("name", ["image", "vlm", "llm"])
def test_every_branch_of_the_attention_moves_the_weights(cmaf, inputs, name):
    moved = inputs | {name: inputs[name] + 1}
    assert not torch.allclose(cmaf.weights(moved), cmaf.weights(inputs))


def test_heads_must_share_the_channels_evenly():
    with pytest.raises(ValueError, match=r"fusion\.reduced \(5\) must be a multiple of fusion\.heads \(2\)"):
        CMAF(("image", "vlm", "llm"), DIM, 5, 2)


def test_without_the_sigmoid_the_weights_are_the_projection_itself(cmaf, inputs):
    bounded = cmaf.weights(inputs)
    cmaf.sigmoid = False
    torch.testing.assert_close(torch.sigmoid(cmaf.weights(inputs)), bounded)
    assert cmaf.weights(inputs).min() < 0
