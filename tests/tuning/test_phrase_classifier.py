import pytest
import torch

from triptych.answers.measured import Trait
from triptych.progress import silent
from triptych.tuning.phrase_classifier import (
    PhraseClassifier,
    likeliest_phrases,
    phrase_loss,
    phrase_targets,
    sizes_for,
    train_phrase_classifier,
)
from triptych.tuning.views import PATCH_CHANNELS


def _described(value: float) -> tuple[Trait, ...]:
    where = "right" if value > 0 else "left"
    return (Trait("side", where, (value,)), Trait("far", "far" if abs(value) > 1 else "", (abs(value), value)))


@pytest.fixture
def scene():
    """Forty feature maps that encode a number at one position in one channel, and its description."""
    torch.manual_seed(0)
    values = torch.linspace(-2, 2, 40)
    maps = 0.1 * torch.randn(40, 6 + PATCH_CHANNELS, 3, 3)
    maps[:, 2, 1, 1] += values
    return maps, [_described(float(value)) for value in values]


def test_sizes_list_the_phrases_that_were_seen_and_count_the_values(scene):
    sizes = sizes_for(scene[1], channels=6, grid=3)
    assert sizes.phrases == {"side": ["left", "right"], "far": ["far"]}
    assert sizes.values == 3


def test_targets_know_which_phrase_is_right_and_which_trait_has_none(scene):
    targets = phrase_targets(scene[1], sizes_for(scene[1], channels=6, grid=3))
    assert targets.phrase["side"].tolist() == [0] * 20 + [1] * 20
    assert targets.phrase["far"][0] == 0
    assert targets.phrase["far"][20] == -1
    assert targets.values.mean(dim=0).abs().max() < 1e-5
    assert torch.allclose(targets.values.std(dim=0, correction=0), torch.ones(3), atol=1e-4)


def test_a_picture_without_a_trait_has_no_values_of_it(scene):
    described = [*scene[1], (Trait("tint", "red", (0.5,)),)]
    targets = phrase_targets(described, sizes_for(described, channels=6, grid=3))
    assert targets.values[-1, :3].isnan().all()
    assert targets.phrase["side"][-1] == -1


def test_it_learns_to_see_phrases_and_values(scene):
    sizes = sizes_for(scene[1], channels=6, grid=3)
    targets, classifier = phrase_targets(scene[1], sizes), PhraseClassifier(sizes)
    classifier.fit(scene[0])
    compressed = classifier.compress(scene[0])
    before = phrase_loss(classifier.eval(), compressed, targets, torch.arange(40))
    train_phrase_classifier(classifier, compressed, targets, silent)
    assert phrase_loss(classifier, compressed, targets, torch.arange(40)) < before / 3
    with torch.no_grad():
        logits, values = classifier(compressed)
    assert (logits["side"].argmax(dim=1) == targets.phrase["side"]).float().mean() > 0.9
    assert torch.corrcoef(torch.stack([values[:, 0], targets.values[:, 0]]))[0, 1] > 0.95


def test_the_words_of_the_likeliest_phrase_are_shown_one_trait_behind_the_other():
    words = {"side": torch.tensor([[[1.0, 0.0]], [[0.0, 1.0]]]), "far": torch.tensor([[[5.0, 5.0], [0.0, 0.0]]])}
    shown = likeliest_phrases({"side": torch.tensor([[3.0, 2.0], [1.0, 1.5]]), "far": torch.zeros(2, 1)}, words)
    assert shown[0].tolist() == [[1.0, 0.0], [5.0, 5.0], [0.0, 0.0]]
    assert shown[1, 0].tolist() == [0.0, 1.0]
