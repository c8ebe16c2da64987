"""The network of the paper: branches, warm-up heads, fusion and classifier."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from triptych.config import Config, FusionConfig
from triptych.encoders.chosen import Encoders
from triptych.network.adapters import ReadingsAdapter, input_dropout
from triptych.network.branch_dropout import BranchDropout
from triptych.network.branches import Branch, image_branch, text_branch
from triptych.network.cmaf import CMAF
from triptych.network.concatenation import Concatenation
from triptych.preparation.branch_inputs import BranchInputs

TEXTS = ("llm", "vlm")  # in the order in which they are aligned


@dataclass(frozen=True)
class Sizes:
    """The sizes that depend on encoders and data; together with a Config they define the network."""

    channels: int
    grid: int
    text: int
    readings: int
    classes: int
    words: int = 0  # how many of the readings are words; they come last


class Network(nn.Module):
    """Maps inputs to class logits.

    Attributes:
        active: [branches], 1 for every branch that takes part in fusion, 0 for the others.
        wide: a linear map from words to class logits, added to the other logits; None without words. A few hundred
            records support little more than a linear effect of words; see Wide & Deep Learning (Cheng et al., 2016).
        direct: the same for the numbers among the readings; None without numbers.
    """

    active: Tensor

    def __init__(self, config: Config, sizes: Sizes, encoders: Encoders) -> None:
        super().__init__()
        e, f = config.encoders, config.fusion
        self.branches = nn.ModuleDict(
            {
                "image": image_branch(encoders, sizes.channels, sizes.grid),
                "vlm": text_branch(encoders, sizes.text),
                "llm": text_branch(encoders, sizes.text),
            }
        )
        if sizes.readings:
            self.branches["readings"] = ReadingsAdapter(sizes.readings, e.dim, e.dropout)
        self.heads = nn.ModuleDict({name: nn.Linear(e.dim, sizes.classes) for name in self.branches})
        self.log_temperature = nn.Parameter(torch.tensor(config.alignment.temperature).log())
        self.classes = sizes.classes
        self.register_buffer("active", torch.ones(len(self.branches)))
        self.branch_dropout = BranchDropout(f.branch_dropout)
        self.fusion = _fusion(f, tuple(self.branches), e.dim)
        self.wide = _zero_weights(nn.Linear(sizes.words, sizes.classes)) if sizes.words else None
        numbers = sizes.readings - sizes.words
        self.direct = _zero_weights(nn.Linear(numbers, sizes.classes)) if numbers else None
        self.direct_drop = input_dropout(e.dropout, numbers)
        self.classifier = nn.Sequential(
            nn.LayerNorm(self.fusion.channels),
            nn.Dropout(e.dropout),
            nn.Linear(self.fusion.channels, e.dim),
            nn.GELU(),
            nn.Linear(e.dim, sizes.classes),
        )

    @property
    def device(self) -> torch.device:
        """The device of the weights."""
        return self.log_temperature.device

    @property
    def temperature(self) -> Tensor:
        """Tau of equation 3, limited to 0.01..1 so that the scaled similarities neither explode nor vanish."""
        return self.log_temperature.exp().clamp(0.01, 1.0)

    @property
    def active_branches(self) -> frozenset[str]:
        """The branches that take part in fusion."""
        return frozenset(name for name, part in zip(self.branches, self.active.tolist(), strict=True) if part)

    def activate(self, branches: Collection[str]) -> None:
        """Make `branches` the only ones that take part in fusion."""
        self.active.copy_(torch.tensor([float(name in branches) for name in self.branches]))

    def fit_inputs(self, inputs: BranchInputs) -> None:
        """Fit scales and principal components to the training inputs."""
        for name in self.branches:
            self._branch(name).fit(getattr(inputs, name))

    @torch.no_grad()
    def compress(self, inputs: BranchInputs) -> BranchInputs:
        """Convert inputs to what the trained layers take; done once, so that training uses the reduced features."""
        parts = {name: self._branch(name).compress(getattr(inputs, name)) for name in self.branches}
        if inputs.variants is not None:
            parts["variants"] = self.compress_readings(inputs.variants)
        return replace(inputs, **parts)

    def compress_readings(self, readings: Tensor) -> Tensor:
        """`compress` of readings features [m, d] alone."""
        return self._branch("readings").compress(readings)

    def _branch(self, name: str) -> Branch:
        branch = self.branches[name]
        assert isinstance(branch, Branch)
        return branch

    def learned_state(self) -> dict[str, Tensor]:
        """All tensors except the frozen parameters of encoders."""
        fixed = {name for name, p in self.named_parameters() if not p.requires_grad}
        return {name: tensor for name, tensor in self.state_dict().items() if name not in fixed}

    def load_learned(self, state: dict[str, Tensor]) -> None:
        """Load a `learned_state`.

        Raises:
            RuntimeError: the state does not fit this network.
        """
        fixed = {name: p for name, p in self.named_parameters() if not p.requires_grad}
        self.load_state_dict({**fixed, **state})

    def represent(self, inputs: BranchInputs) -> dict[str, Tensor]:
        """Compressed inputs -> representations Z, a map [b, dim, h, w] per branch; zero where a text is missing."""
        found = {name: branch(getattr(inputs, name)) for name, branch in self.branches.items()}
        for name in TEXTS:
            if (missing := getattr(inputs, f"missing_{name}")) is not None:
                found[name] = found[name] * ~missing[:, None, None, None]
        return found

    def branch_logits(self, inputs: BranchInputs) -> dict[str, Tensor]:
        """Class logits [b, classes] of each branch alone, for the warm-up."""
        return {name: self._branch_logits(name, z, inputs.readings) for name, z in self.represent(inputs).items()}

    def forward(self, inputs: BranchInputs) -> Tensor:
        """Compressed inputs -> class logits [b, classes]."""
        return self.fused_logits(self.represent(inputs), inputs.readings)

    def fused_logits(self, found: dict[str, Tensor], readings: Tensor | None) -> Tensor:
        """Class logits [b, classes] of representations, as by `represent`, and compressed readings [b, d].

        Representations may have one row for all records, so that one record with b different readings takes little more
        time than one record.
        """
        active = {name: part * found[name] for name, part in zip(self.branches, self.active, strict=True)}
        logits = self._classify(self.branch_dropout(active))
        return logits if readings is None else logits + self.active[-1] * self._linear_logits(readings)

    def readings_logits(self, readings: Tensor) -> Tensor:
        """Class logits [b, classes] of records that have only compressed readings [b, d]."""
        known = self.branches["readings"](readings)
        absent = torch.zeros_like(known[:1])  # one row for all records: the fusion weights are computed once
        logits = self._classify({name: absent for name in self.branches} | {"readings": known})
        return logits + self._linear_logits(readings)

    def readings_alone(self, readings: Tensor) -> Tensor:
        """Class logits [b, classes] of the readings branch alone, from compressed readings [b, d]; for the warm-up."""
        return self._branch_logits("readings", self.branches["readings"](readings), readings)

    def _branch_logits(self, name: str, represented: Tensor, readings: Tensor | None) -> Tensor:
        """Class logits [b, classes] of the head of one branch; the readings branch adds its linear logits."""
        logits: Tensor = self.heads[name](represented.mean(dim=(2, 3)))
        return logits if name != "readings" or readings is None else logits + self._linear_logits(readings)

    def _linear_logits(self, readings: Tensor) -> Tensor:
        """Class logits [b, classes] that are linear in compressed readings [b, d]."""
        logits = readings.new_zeros(())
        if self.direct is not None:
            logits = logits + self.direct(self.direct_drop(readings[:, : self.direct.in_features]))
        if self.wide is not None:
            logits = logits + self.wide(readings[:, -self.wide.in_features :])
        return logits

    def _classify(self, represented: dict[str, Tensor]) -> Tensor:
        fused: Tensor = self.fusion(represented)
        logits: Tensor = self.classifier(fused.mean(dim=(2, 3)))
        return logits


def _zero_weights(layer: nn.Linear) -> nn.Linear:
    """Set all weights of `layer` to zero, so that its output is 0 before training; return it."""
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def _fusion(config: FusionConfig, branches: tuple[str, ...], dim: int) -> CMAF | Concatenation:
    """The fusion that the configuration names."""
    if config.kind == "concatenation":
        return Concatenation(branches, dim)
    return CMAF(branches, dim, config.reduced, config.heads, sigmoid=config.kind == "cmaf")
