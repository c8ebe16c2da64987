import pytest
import torch

from triptych.answers.measured import Trait
from triptych.progress import silent
from triptych.tuning.sight import Sight, aims, align_sight, alignment_loss, sizes_for


def _described(value: float) -> tuple[Trait, ...]:
    where = "right" if value > 0 else "left"
    return (Trait("side", where, (value,)), Trait("far", "far" if abs(value) > 1 else "", (abs(value), value)))


@pytest.fixture
def scene():
    """Forty pictures that show a number, at one place of their map and in one channel, and what is said of it."""
    torch.manual_seed(0)
    values = torch.linspace(-2, 2, 40)
    maps = 0.1 * torch.randn(40, 6, 3, 3)
    maps[:, 2, 1, 1] += values
    return maps, [_described(float(value)) for value in values]


@pytest.fixture
def goal_of(scene):
    """The sizes, and what is to be learned."""
    sizes = sizes_for(scene[1], channels=6, grid=3, width=16)
    words = {name: torch.randn(len(phrases), 16) for name, phrases in sizes.phrases.items()}
    return sizes, aims(scene[1], sizes, words)


def test_sizes_list_the_phrases_that_were_seen_and_count_the_values(goal_of):
    sizes, _ = goal_of
    assert sizes.phrases == {"side": ["left", "right"], "far": ["far"]}
    assert sizes.measures == 3


def test_aims_know_which_phrase_is_right_and_which_trait_has_none(goal_of):
    _, goal = goal_of
    assert goal.phrase["side"].tolist() == [0] * 20 + [1] * 20
    assert goal.phrase["far"][0] == 0
    assert goal.phrase["far"][20] == -1
    assert goal.measures.mean(dim=0).abs().max() < 1e-5
    assert torch.allclose(goal.measures.std(dim=0, correction=0), torch.ones(3), atol=1e-4)


def test_a_picture_without_a_trait_has_no_measures_of_it(scene):
    described = [*scene[1], (Trait("tint", "red", (0.5,)),)]
    sizes = sizes_for(described, channels=6, grid=3, width=16)
    goal = aims(described, sizes, {})
    assert goal.measures[-1, :3].isnan().all()
    assert goal.phrase["side"][-1] == -1


def test_aligned_vectors_lie_nearest_to_the_right_words(scene, goal_of):
    sizes, goal = goal_of
    sight = Sight(sizes)
    sight.reduce.fit(scene[0])
    compressed = sight.reduce.compress(scene[0])
    before = alignment_loss(sight.eval(), compressed, goal, torch.arange(40))
    align_sight(sight, compressed, goal, silent)
    assert alignment_loss(sight, compressed, goal, torch.arange(40)) < before / 3
    with torch.no_grad():
        vectors = sight(compressed)
    assert vectors.shape == (40, 2, 16)
    nearest = torch.cosine_similarity(vectors[:, 0, None], goal.words["side"][None], dim=2).argmax(dim=1)
    assert (nearest == goal.phrase["side"]).float().mean() > 0.9
