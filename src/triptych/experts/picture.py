"""The expert `picture`: late layers of an image encoder, trained on plots or whole pictures (beyond the paper).

It learns from digitised plots if at least a share `picture.least_plots` of the records have one, otherwise from whole
pictures. It is not a branch of the network, because it overfits after a few epochs and fusion would rely on it alone.
In the pool, its weight comes from its out-of-fold probabilities. Training is costly, and each additional record
improves the result. So the folds train it for fewer epochs, only to determine its weight, and the encoder that predicts
is trained on all records.
"""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triptych.cache import derived_seed
from triptych.config import Config
from triptych.experts.expert import Context, TrainingSet
from triptych.experts.likelihood import log_normalised
from triptych.experts.picture_encoder import CHUNK, PictureEncoder
from triptych.network.steps import batches
from triptych.network.two_threads import Halves
from triptych.preparation.branch_inputs import BranchInputs
from triptych.preparation.pictures import has_plot, mirrored
from triptych.progress import Track


@dataclass(frozen=True)
class FittedPicture:
    """The trained encoder.

    Attributes:
        encoder: in evaluation mode.
        plots: whether its inputs are plots, not whole pictures.
        turned: whether it averages over the four quarter turns of a plot, because it learned from turned plots.
        frequencies: the class frequencies [classes], which it gives as probabilities of a record without a plot.
    """

    encoder: PictureEncoder = field(repr=False)
    plots: bool
    turned: bool
    frequencies: Tensor

    @torch.no_grad()
    def log_probabilities(self, inputs: BranchInputs) -> Tensor:
        """The log-probabilities [n, classes] of n records."""
        pictures = seen_pictures(inputs, self.plots)
        found = log_normalised(self.encoder.log_probabilities(pictures, turned=self.turned))
        if not self.plots:
            return found
        return torch.where(has_plot(pictures[:, 0])[:, None], found, log_normalised(self.frequencies.log()[None]))

    def state(self) -> dict[str, Tensor]:
        """The trained weights, the kind of inputs, and the class frequencies."""
        weights = {f"encoder.{name}": p for name, p in self.encoder.learned_state().items()}
        seen = {"plots": torch.tensor(self.plots), "turned": torch.tensor(self.turned)}
        return {**weights, **seen, "frequencies": self.frequencies}


class Picture:
    """Late layers of EfficientNet-Lite0."""

    averaged: ClassVar[bool] = False

    def takes_part(self, data: TrainingSet) -> bool:
        """Whether enough records have a plot, or there are pictures."""
        return _learns_from_plots(data) or data.inputs.pictures is not None

    def fit(self, data: TrainingSet, track: Track) -> FittedPicture:
        """Train on plots if enough records have one, otherwise on whole pictures."""
        config, classes = data.context.config, data.context.sizes.classes
        plots = _learns_from_plots(data)
        inputs = data.inputs
        if plots:
            assert inputs.plots is not None
            inputs = inputs[has_plot(inputs.plots).nonzero().flatten()]
        assert inputs.labels is not None
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(derived_seed(config.seed, "picture"))
            encoder = PictureEncoder(classes, config.picture)
            epochs = config.picture.fold_epochs if data.is_fold else config.picture.epochs
            with nullcontext(Whole(encoder.late)) if data.is_fold else Halves.of(encoder.late) as late:
                train(encoder, late, _views(inputs, plots), inputs.labels, epochs, config, track)
        frequencies = torch.bincount(data.labels, minlength=classes).double() / len(data.labels)
        return FittedPicture(encoder.eval(), plots, plots and data.turned, frequencies)

    def restore(self, state: Mapping[str, Tensor], context: Context) -> FittedPicture:
        """The trained encoder."""
        encoder = PictureEncoder(context.sizes.classes, context.config.picture)
        own = {name.removeprefix("encoder."): p for name, p in state.items() if name.startswith("encoder.")}
        if missing := encoder.learned_state().keys() ^ own.keys():
            raise ValueError(f"the weights of the expert picture are not complete ({sorted(missing)[0]})")
        encoder.load_state_dict(own, strict=False)
        return FittedPicture(encoder.eval(), bool(state["plots"]), bool(state["turned"]), state["frequencies"])


class Whole:
    """A network that takes a whole batch, with the interface of `Halves`, which takes its halves in two threads."""

    def __init__(self, network: nn.Module) -> None:
        self.network = network

    def forward(self, batch: Tensor) -> list[Tensor]:
        """The features of the batch."""
        return [self.network(batch)]

    def backward(self, features: list[Tensor], gradient: Tensor) -> None:
        """Backpropagate the gradient [b, c] of the features, which adds to the gradients of the weights."""
        features[0].backward(gradient)


def train(
    encoder: PictureEncoder,
    late: Whole | Halves,
    views: Tensor,
    labels: Tensor,
    epochs: int,
    config: Config,
    track: Track,
) -> None:
    """Train `encoder`; each epoch uses one of the k views of every record, chosen at random.

    Args:
        encoder: the encoder.
        late: its late layers, on one thread or on two.
        views: pictures [n, k, c, s, s] in 0..255.
        labels: class indices [n].
        epochs: the number of passes over the records.
        config: the configuration.
        track: shows progress.
    """
    p = config.picture
    maps_of = _maps_of(encoder, views, p.kept_maps)
    trained = [weights for weights in encoder.late.parameters() if weights.requires_grad]
    groups: list[dict[str, Any]] = [{"params": trained}, {"params": list(encoder.head.parameters())}]
    optimizer = torch.optim.AdamW(groups, weight_decay=p.weight_decay, fused=True)
    steps = epochs * len(list(batches(len(views), p.batch_size, shuffle=False)))
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, [p.learning_rate, p.head_learning_rate], steps)
    encoder.train()
    for _ in track(range(epochs), "Picture"):
        for rows in batches(len(views), p.batch_size, shuffle=True):
            optimizer.zero_grad()
            parts = late.forward(maps_of(rows, torch.randint(views.shape[1], (len(rows),))))
            features = torch.cat(parts).detach().requires_grad_()
            F.cross_entropy(encoder.head(features), labels[rows], label_smoothing=p.label_smoothing).backward()
            assert features.grad is not None
            late.backward(parts, features.grad)
            torch.nn.utils.clip_grad_norm_(trained, p.longest_step)
            optimizer.step()
            rates.step()


def _learns_from_plots(data: TrainingSet) -> bool:
    plots = data.inputs.plots
    least = data.context.config.picture.least_plots
    return plots is not None and bool(has_plot(plots).double().mean() >= least)


def seen_pictures(inputs: BranchInputs, plots: bool) -> Tensor:
    """Plots [n, 1, s, s] or whole pictures [n, 3, s, s]."""
    if not plots:
        assert inputs.pictures is not None
        return inputs.pictures
    assert inputs.plots is not None
    return inputs.plots[:, None]


def _views(inputs: BranchInputs, plots: bool) -> Tensor:
    """The views [n, k, c, s, s]: the plot of each record and drawn plots, or its picture and the mirrored one."""
    own = seen_pictures(inputs, plots)[:, None]
    if not plots:
        return torch.cat([own, mirrored(own)], dim=1)
    return own if inputs.drawn_plots is None else torch.cat([own, inputs.drawn_plots[:, :, None]], dim=1)


def _maps_of(encoder: PictureEncoder, views: Tensor, most: int) -> Callable[[Tensor, Tensor], Tensor]:
    """A function that gives the maps of the encoder's frozen early layers for the pictures `views[rows, which]`.

    These layers take a third of the time of a step and get the same pictures in every epoch. So their maps are kept in
    half precision, unless there are more than `most` pictures, which would need too much memory.
    """
    if views.shape[:2].numel() > most:
        return lambda rows, which: encoder.maps(views[rows, which])
    pictures = views.flatten(0, 1)
    kept = torch.empty(len(pictures), *encoder.maps(pictures[:1]).shape[1:], dtype=torch.float16)
    for start in range(0, len(pictures), CHUNK):
        kept[start : start + CHUNK] = encoder.maps(pictures[start : start + CHUNK])
    return lambda rows, which: kept[rows * views.shape[1] + which].float()
