import pytest
import torch

from triptych.network import principal_components as module
from triptych.network.principal_components import principal_components


@pytest.fixture
def decompositions(monkeypatch):
    """The sizes of the matrices that are decomposed, with nothing known from before."""
    monkeypatch.setattr(module, "_known", type(module._known)())
    sizes, eigh = [], torch.linalg.eigh
    monkeypatch.setattr(torch.linalg, "eigh", lambda matrix: sizes.append(len(matrix)) or eigh(matrix))
    return sizes


def maps(seed: int) -> torch.Tensor:
    return torch.randn(40, 5, 3, 3, generator=torch.Generator().manual_seed(seed))


def test_the_first_components_carry_most_of_the_variance():
    features = maps(0) * torch.tensor([1.0, 5.0, 1.0, 9.0, 1.0])[:, None, None]
    strongest = principal_components(features, 2).components.abs().argmax(dim=1)
    assert sorted(strongest.tolist()) == [1, 3]


def test_equal_maps_are_decomposed_once_and_others_anew(decompositions):
    first, again = principal_components(maps(0), 2), principal_components(maps(0), 2)
    assert decompositions == [5]
    torch.testing.assert_close(first.components, again.components, rtol=0, atol=0)
    changed = maps(0)
    changed[-1, -1, -1, -1] += 1
    for other in (changed, maps(0).flip(0), maps(0).half(), maps(0).transpose(2, 3)):
        principal_components(other, 2)
    assert principal_components(maps(0), 3).components.shape == (3, 5)
    assert len(decompositions) == 6


def test_only_the_last_results_are_kept(decompositions, monkeypatch):
    monkeypatch.setattr(module, "KEPT", 2)
    for seed in (0, 1, 0, 2, 0, 1):  # 1 has not been used for longest when 2 comes
        principal_components(maps(seed), 2)
    assert len(decompositions) == 4
