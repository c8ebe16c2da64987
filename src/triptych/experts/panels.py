"""The expert `panels`: the paper's network (sections 3.2 to 3.4), with the readings as a fourth branch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import torch
from torch import Tensor

from triptych.cache import derived_seed
from triptych.errors import TriptychError
from triptych.experts.expert import Context, TrainingSet
from triptych.experts.likelihood import log_normalised
from triptych.network.alignment_views import KEY, AlignmentViews, Observer, restore_views
from triptych.network.compute import choose_device
from triptych.network.early_stopping import Curves, warm_up_curves
from triptych.network.network import Network
from triptych.network.phases import PHASES, Epoch, run_phase, shortened
from triptych.preparation.branch_inputs import BranchInputs
from triptych.progress import Track


@dataclass(frozen=True)
class FittedPanels:
    """The trained network.

    Attributes:
        network: in evaluation mode, on its device.
        curves: its training curves; empty after loading.
        views: some training records before and after alignment; None without alignment.
    """

    network: Network = field(repr=False)
    curves: tuple[Epoch, ...] = ()
    views: AlignmentViews | None = None

    @torch.no_grad()
    def log_probabilities(self, inputs: BranchInputs) -> Tensor:
        """The log-probabilities [n, classes] of n records."""
        logits = self.network(self.network.compress(inputs.to(self.network.device)))
        return log_normalised(logits.cpu())

    @torch.no_grad()
    def with_readings(self, inputs: BranchInputs) -> Callable[[Tensor], Tensor]:
        """A function: m readings features [m, d] of one record -> its log-probabilities [m, classes] with each of them.

        The image and the texts of the record, whose `inputs` these are, are represented once.
        """
        compressed = self.network.compress(inputs.to(self.network.device))
        fixed = self.network.represent(compressed)

        @torch.no_grad()
        def log_probabilities(readings: Tensor) -> Tensor:
            varied = self.network.compress_readings(readings.to(self.network.device))
            found = {**fixed, "readings": self.network.branches["readings"](varied)}
            return log_normalised(self.network.fused_logits(found, varied).cpu())

        return log_probabilities

    def state(self) -> dict[str, Tensor]:
        """All tensors except the frozen weights of encoders, and the views of the alignment."""
        learned = {name: tensor.cpu().contiguous() for name, tensor in self.network.learned_state().items()}
        return learned | (self.views.state() if self.views else {})


class Panels:
    """The network with three branches and the readings branch, PFA and CMAF."""

    averaged: ClassVar[bool] = True

    def takes_part(self, data: TrainingSet) -> bool:
        """Always true, because every record has a picture."""
        return True

    def fit(self, data: TrainingSet, track: Track) -> FittedPanels:
        """Train all phases, except those that `data.keeper` restores.

        Raises:
            TriptychError: a weight became infinite or NaN.
        """
        config = shortened(data.context.config, data.epochs)
        network = new_network(data.context, data.inputs)
        if data.active is not None:
            network.activate(data.active)
        compressed = network.compress(data.inputs)
        network.to(choose_device(config))
        observer = Observer(network, compressed, config.seed)
        curves: list[Epoch] = []
        views: AlignmentViews | None = None
        for phase in PHASES:
            before = observer.view() if phase == "alignment" and observer.can_see else None
            done = data.keeper.restore(phase, network)
            if done is None:
                done = run_phase(phase, network, compressed, config, track)
                data.keeper.keep(phase, network, done)
            if before is not None and done:
                views = AlignmentViews(observer.panels, before, observer.view())
            curves += done
        if not all(weights.isfinite().all() for weights in network.parameters()):
            raise TriptychError("training: a weight became infinite or NaN; set a lower optimizer.learning_rate")
        return FittedPanels(network, tuple(curves), views)

    def restore(self, state: Mapping[str, Tensor], context: Context) -> FittedPanels:
        """The trained network."""
        network = Network(context.config, context.sizes, context.encoders)
        network.load_learned({name: tensor for name, tensor in state.items() if not name.startswith(KEY)})
        return FittedPanels(network.eval().to(choose_device(context.config)), views=restore_views(state))


def rehearse(data: TrainingSet, held_out: BranchInputs, track: Track) -> Curves:
    """The errors of all branches on `held_out` after each epoch of a warm-up on `data`."""
    config = data.context.config
    with torch.random.fork_rng(devices=[]):
        network = new_network(data.context, data.inputs)
        known, unseen = network.compress(data.inputs), network.compress(held_out)
        network.to(choose_device(config))
        torch.manual_seed(derived_seed(config.seed, "rehearsal"))
        return warm_up_curves(network, known.to(network.device), unseen.to(network.device), config, track)


def new_network(context: Context, inputs: BranchInputs) -> Network:
    """A network with weights initialised from the seed, and scales from the training records `inputs`."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derived_seed(context.config.seed, "weights"))
        network = Network(context.config, context.sizes, context.encoders).eval()
    network.fit_inputs(inputs)
    return network
