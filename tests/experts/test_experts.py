"""What all experts have in common."""

from dataclasses import replace

import pytest
import torch

from triptych.config import load_config
from triptych.errors import TriptychError
from triptych.experts.registry import open_experts
from triptych.preparation.pictures import plot_picture, small_picture
from triptych.progress import silent

NAMES = [*load_config().experts, "sklearn:k_neighbors"]


@pytest.fixture
def shown(data):
    """The records with words among their readings, and pictures, dark or light by class."""
    shade = torch.where(data.labels == 1, 200, 60)
    noise = torch.randint(0, 40, (30, 3, 16, 16), generator=torch.Generator().manual_seed(1))
    pictures = (shade[:, None, None, None] + noise).to(torch.uint8)
    sizes = replace(data.context.sizes, words=2)
    return replace(data, context=replace(data.context, sizes=sizes), inputs=replace(data.inputs, pictures=pictures))


@pytest.mark.parametrize("name", NAMES)
def test_an_expert_learns_is_kept_and_says_the_same_again(shown, name):
    expert = open_experts([name])[name]
    assert expert.takes_part(shown)
    fitted = expert.fit(shown, silent)
    found = fitted.log_probabilities(shown.inputs)
    assert found.shape == (30, 2)
    assert found.dtype == torch.float64
    torch.testing.assert_close(found.exp().sum(dim=1), torch.ones(30, dtype=torch.float64))
    assert (found.argmax(dim=1) == shown.labels).double().mean() > 0.8
    again = expert.restore({key: tensor.clone() for key, tensor in fitted.state().items()}, shown.context)
    assert torch.equal(again.log_probabilities(shown.inputs), found)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_expert(shown, name):
    def found():
        return open_experts([name])[name].fit(shown, silent).log_probabilities(shown.inputs)

    before = torch.random.get_rng_state()
    assert torch.equal(found(), found())
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("name", NAMES)
def test_one_record_is_judged_as_among_others(shown, name):
    fitted = open_experts([name])[name].fit(shown, silent)
    alone = fitted.log_probabilities(shown.inputs[torch.tensor([3])])
    torch.testing.assert_close(alone, fitted.log_probabilities(shown.inputs)[3:4], atol=1e-4, rtol=0)


def test_experts_without_anything_to_learn_from_take_no_part(data):
    none = replace(data.context.sizes, readings=0, words=0)
    bare = replace(data, context=replace(data.context, sizes=none), inputs=replace(data.inputs, readings=None))
    found = {name for name, expert in open_experts(NAMES).items() if expert.takes_part(bare)}
    assert found == {"panels", "frozen", "sklearn:svc", "sklearn:k_neighbors"}


def test_words_alone_are_for_the_expert_of_words(data):
    words = replace(data.context.sizes, words=4)
    worded = replace(data, context=replace(data.context, sizes=words))
    experts = open_experts(["readings", "trees", "words"])
    assert [expert.takes_part(worded) for expert in experts.values()] == [False, False, True]


def test_an_unknown_expert_is_refused_with_those_that_there_are():
    with pytest.raises(TriptychError, match=r"'oracle'.*panels.*readings"):
        open_experts(["oracle"])
    with pytest.raises(TriptychError, match=r"sklearn:oracle.*svc"):
        open_experts(["sklearn:oracle"])


def test_a_small_picture_keeps_its_colours():
    from PIL import Image

    found = small_picture(Image.new("RGB", (400, 300), (10, 20, 30)))
    assert found.shape == (3, 160, 160)
    assert found.reshape(3, -1).max(axis=1).tolist() == [10, 20, 30]


def test_a_record_without_a_plot_is_judged_by_the_class_frequencies(data):
    import numpy as np

    densities = [np.eye(16, dtype=np.float32) if label else np.ones((16, 16)) for label in data.labels]
    plots = torch.from_numpy(np.stack([plot_picture(density, 16) for density in densities]))
    plotted = replace(data, inputs=replace(data.inputs, plots=plots))
    picture = open_experts(["picture"])["picture"]
    fitted = picture.fit(plotted, silent)
    assert (fitted.log_probabilities(plotted.inputs).argmax(dim=1) == data.labels).all()
    white = replace(plotted.inputs, plots=torch.full_like(plots, 255))
    torch.testing.assert_close(fitted.log_probabilities(white).exp(), torch.full((30, 2), 0.5, dtype=torch.float64))
