"""What a language model sees of a picture: the image encoder's map, projected to vectors that stand among its words.

One vector stands for each trait of a description. It is aligned beforehand, without the language model, in two ways: of
the phrases that the trait may have, the vector must lie nearest to the words of the right one, as in the contrastive
alignment of panels (equation 3); and what was measured must follow from the layer below. A language model of 135M
parameters then learns in minutes to say what it sees, which it does not if it must learn to see first.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triptych.answers.measured import Trait
from triptych.encoders.adapters import ImageAdapter
from triptych.progress import Track

COMPONENTS, CHANNELS, HIDDEN = 128, 64, 256
DROPOUT = 0.2
EPOCHS, BATCH, LEARNING_RATE, WEIGHT_DECAY = 40, 32, 2e-3, 5e-2
MEASURES_WEIGHT = 1.0  # of the measured values beside the phrases


@dataclass(frozen=True)
class SightSizes:
    """All that determines the network.

    Attributes:
        channels: of the image encoder's map.
        grid: its height and width.
        width: length of a word's vector.
        phrases: of each trait, all that it was seen to have.
        measures: how many values were measured, of all traits together.
    """

    channels: int
    grid: int
    width: int
    phrases: dict[str, list[str]]
    measures: int


class Sight(nn.Module):
    """From an encoder's maps to a vector for each trait."""

    def __init__(self, sizes: SightSizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.reduce = ImageAdapter(sizes.channels, sizes.grid, COMPONENTS, CHANNELS, DROPOUT)
        self.hidden = nn.Sequential(
            nn.Flatten(), nn.Dropout(DROPOUT), nn.Linear(CHANNELS * sizes.grid**2, HIDDEN), nn.GELU()
        )
        self.project = nn.Linear(HIDDEN, len(sizes.phrases) * sizes.width)
        self.norm = nn.LayerNorm(sizes.width)
        self.measures = nn.Linear(HIDDEN, sizes.measures)
        self.log_temperature = nn.Parameter(torch.tensor(0.0))

    def forward(self, compressed: Tensor) -> Tensor:
        """Compressed maps [b, k, h, w] -> vectors [b, traits, width], as long as those of words."""
        return self.vectors(self.hidden(self.reduce(compressed)))

    def vectors(self, hidden: Tensor) -> Tensor:
        """What the hidden layer [b, hidden] shows -> vectors [b, traits, width]."""
        return self.norm(self.project(hidden).unflatten(1, (len(self.sizes.phrases), -1)))  # type: ignore[no-any-return]


def sizes_for(described: Sequence[Sequence[Trait]], channels: int, grid: int, width: int) -> SightSizes:
    """Sizes for maps [channels, grid, grid], and for all that `described` says."""
    phrases: dict[str, set[str]] = {trait.name: set() for traits in described for trait in traits}
    for trait in (trait for traits in described for trait in traits if trait.phrase):
        phrases[trait.name].add(trait.phrase)
    lengths = {trait.name: len(trait.values) for traits in described for trait in traits}
    return SightSizes(channels, grid, width, {n: sorted(found) for n, found in phrases.items()}, sum(lengths.values()))


@dataclass(frozen=True)
class Aims:
    """What the vectors of n pictures are aligned to.

    Attributes:
        phrase: by trait, the index of the phrase [n]; -1 where the trait has none.
        words: by trait, the mean vector of each phrase's words [phrases, width].
        measures: what was measured, standardised [n, measures]; NaN where a picture has no such trait.
    """

    phrase: dict[str, Tensor]
    words: dict[str, Tensor]
    measures: Tensor


def aims(described: Sequence[Sequence[Trait]], sizes: SightSizes, words: dict[str, Tensor]) -> Aims:
    """The aims of `described` pictures; `words` are the vectors of all phrases, by trait."""
    said = [{trait.name: trait for trait in traits} for traits in described]
    index = {
        name: torch.tensor([phrases.index(t[name].phrase) if name in t and t[name].phrase else -1 for t in said])
        for name, phrases in sizes.phrases.items()
    }
    lengths = {trait.name: len(trait.values) for traits in described for trait in traits}
    rows = [[v for n, k in lengths.items() for v in (t[n].values if n in t else (math.nan,) * k)] for t in said]
    values = torch.tensor(rows)
    mean = values.nanmean(dim=0)
    deviation = ((values - mean) ** 2).nanmean(dim=0).sqrt().clamp_min(1e-6)
    return Aims(index, words, (values - mean) / deviation)


def align_sight(sight: Sight, compressed: Tensor, goal: Aims, track: Track) -> None:
    """Train `sight` on compressed maps [n, k, h, w] before any language model sees through it."""
    count = len(compressed)
    steps = EPOCHS * math.ceil(count / BATCH)
    optimizer = torch.optim.AdamW(sight.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps)
    nn.init.constant_(sight.norm.weight, torch.cat(list(goal.words.values())).std().item())
    sight.train()
    for _ in track(range(EPOCHS), "Learn to see"):
        for rows in torch.randperm(count).split(BATCH):
            loss = alignment_loss(sight, compressed[rows], goal, rows)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    sight.eval()


def alignment_loss(sight: Sight, compressed: Tensor, goal: Aims, rows: Tensor) -> Tensor:
    """How far the vectors of the pictures `rows` are from the right phrases, and the hidden layer from the measures."""
    hidden = sight.hidden(sight.reduce(compressed))
    vectors = sight.vectors(hidden)
    losses = []
    for place, name in enumerate(sight.sizes.phrases):
        target = goal.phrase[name][rows]
        if (target >= 0).any():
            nearness = F.normalize(vectors[:, place], dim=1) @ F.normalize(goal.words[name], dim=1).T
            losses.append(F.cross_entropy(nearness * sight.log_temperature.exp() * 10, target, ignore_index=-1))
    known = ~goal.measures[rows].isnan()
    misses = F.smooth_l1_loss(sight.measures(hidden)[known], goal.measures[rows][known])
    return torch.stack(losses).sum() + MEASURES_WEIGHT * misses
