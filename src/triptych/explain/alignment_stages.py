"""The progress of alignment: the ranking of the records (Figure 5), and image embeddings after stages (Figure 8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from triptych.config import Config
from triptych.experts.expert import TrainingSet
from triptych.experts.panels import new_network
from triptych.network.compute import choose_device, threads_for
from triptych.network.network import Network
from triptych.network.phases import rank, run_phase
from triptych.preparation.branch_inputs import BranchInputs
from triptych.preparation.prepared import Prepared
from triptych.progress import Track
from triptych.records import Decoder
from triptych.training.fitting import Augmented


@dataclass(frozen=True)
class Alignment:
    """Image embeddings [n, dim] of the training records after some stages of alignment, and a title."""

    title: str
    vectors: NDArray[np.float32]


@dataclass(frozen=True)
class Ranking:
    """Training records after the warm-up, the least self-similar first.

    Attributes:
        records: in that order.
        similarity: the mean cosine similarity of each record's (image, LLM) and (image, VLM) pairs.
        decoder: the decoder of their pictures.
    """

    records: list[Prepared]
    similarity: NDArray[np.float32]
    decoder: Decoder = field(default_factory=Decoder)


def ranked_records(training: Augmented, decoder: Decoder, track: Track) -> Ranking:
    """The training records as the first stage of alignment ranks them."""
    with threads_for(training.data.context.config):
        network, inputs = _warmed_up(training.data, track)
        similarity = rank(network, inputs.to(network.device)).numpy()
    order = np.argsort(similarity, kind="stable")
    return Ranking([training.items[i] for i in order], similarity[order], decoder)


def aligned_embeddings(training: Augmented, track: Track) -> Iterator[Alignment]:
    """The embeddings without alignment, after its first, middle and last stage, and after direct alignment.

    All start from the same warm-up. A stage depends only on earlier stages, so the first stages of an alignment equal
    an alignment with fewer stages.
    """
    config = training.data.context.config
    with threads_for(config):
        network, inputs = _warmed_up(training.data, track)
        state = {name: tensor.clone() for name, tensor in network.state_dict().items()}
        for title, changed in _alignments(config):
            network.load_state_dict(state)
            run_phase("alignment", network, inputs, changed, track)
            yield Alignment(title, _image_vectors(network, inputs))


def _alignments(config: Config) -> Iterator[tuple[str, Config]]:
    stages, epochs = config.alignment.stages, config.alignment.epochs
    yield "not aligned", config.changed("alignment.stages=[]")
    for count in sorted({1, (len(stages) + 1) // 2, len(stages)} - {0} if stages else ()):
        title = f"aligned with {stages[count - 1]:.0%} of the records"
        yield title, config.changed(f"alignment.stages={list(stages[:count])}")
    direct = round(sum(stages) * epochs)  # as many steps as all stages together
    yield "aligned directly", config.changed("alignment.stages=[1.0]", f"alignment.epochs={direct}")


def _warmed_up(data: TrainingSet, track: Track) -> tuple[Network, BranchInputs]:
    config, network = data.context.config, new_network(data.context, data.inputs)
    inputs = network.compress(data.inputs)
    network.to(choose_device(config))
    run_phase("warm-up", network, inputs, config, track)
    return network, inputs


@torch.no_grad()
def _image_vectors(network: Network, inputs: BranchInputs) -> NDArray[np.float32]:
    chunks: Sequence[torch.Tensor] = inputs.image.split(64)
    vectors = [network.branches["image"](chunk.to(network.device)).mean(dim=(2, 3)) for chunk in chunks]
    return torch.cat(vectors).float().cpu().numpy()
