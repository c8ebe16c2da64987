"""What is stored about the alignment."""

from dataclasses import replace

import pytest
import torch

from small_network import SIZES
from triptych.encoders.chosen import open_encoders
from triptych.network.alignment_views import AlignmentViews, Observer, restore_views
from triptych.network.network import Network


@pytest.fixture
def network(config, inputs):
    torch.manual_seed(0)
    network = Network(config, SIZES, open_encoders(config.encoders)).eval()
    network.fit_inputs(inputs)
    return network


@pytest.fixture
def observer(network, inputs):
    return Observer(network, network.compress(inputs), seed=0)


def test_similarity_is_the_mean_cosine_of_the_image_with_its_texts(observer, network, inputs):
    compressed = network.compress(inputs)
    z = {name: maps.mean(dim=(2, 3)) for name, maps in network.represent(compressed).items()}
    cosines = [torch.cosine_similarity(z["image"], z[text]) for text in ("vlm", "llm")]
    assert torch.allclose(observer.view().similarity, sum(cosines) / 2, atol=1e-5)


def test_components_keep_distances_within_and_between_panels(observer, network, inputs):
    vectors = observer.view().vectors
    assert vectors.shape == (30, 3, 16)
    z = network.represent(network.compress(inputs))
    unit = [torch.nn.functional.normalize(z[name].mean(dim=(2, 3)), dim=1) for name in ("image", "vlm", "llm")]
    full, kept = torch.cdist(torch.cat(unit), torch.cat(unit)), vectors.transpose(0, 1).flatten(0, 1)
    assert torch.allclose(torch.cdist(kept, kept), full, atol=1e-3)  # the network has 16 channels


def test_views_survive_a_state_of_half_precision(observer):
    found = AlignmentViews(observer.panels, observer.view(), observer.view())
    again = restore_views(found.state())
    assert again.panels == ["image", "vlm", "llm"]
    assert torch.allclose(again.after.vectors, found.after.vectors, atol=1e-2)
    assert restore_views({}) is None


def test_a_damaged_state_is_refused(observer):
    state = AlignmentViews(observer.panels, observer.view(), observer.view()).state()
    with pytest.raises(ValueError, match="wrong shape"):
        restore_views(state | {"alignment.vectors": torch.zeros(2, 30, 2, 4)})
    with pytest.raises(ValueError, match="differ in length"):
        restore_views(state | {"alignment.similarity": torch.zeros(2, 3)})


def test_records_without_a_text_are_left_out_and_a_text_that_no_record_has_is_no_panel(network, inputs):
    some = torch.arange(30) < 4
    compressed = network.compress(replace(inputs, missing_vlm=some))
    assert len(Observer(network, compressed, 0).view().similarity) == 26
    observer = Observer(network, replace(compressed, missing_vlm=some | True), 0)
    assert observer.panels == ["image", "llm"]


def test_without_a_text_there_is_nothing_to_see(network, inputs):
    network.activate(["image", "readings"])
    assert not Observer(network, network.compress(inputs), 0).can_see
