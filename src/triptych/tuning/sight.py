"""What a language model is shown of a picture: vectors in the place of words, one phrase for each trait.

From the image encoder's map and the thumbnails a small network tells how likely each phrase of each trait is; the
vectors of the likeliest phrase's words are what the language model reads. It is trained first, without the language
model, on the phrases and on the values that they follow from, since a value says more of a picture than the grade that
it falls into.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triptych.answers.measured import Trait
from triptych.network.adapters import ChannelNorm, ImageAdapter
from triptych.progress import Track
from triptych.tuning.looks import PATCH_CHANNELS

COMPONENTS, CHANNELS, HIDDEN = 128, 64, 256
DROPOUT = 0.1
EPOCHS, BATCH, LEARNING_RATE, WEIGHT_DECAY = 30, 32, 2e-3, 5e-2
VALUES_WEIGHT = 4.0  # of the measured values beside the phrases


@dataclass(frozen=True)
class SightSizes:
    """All that determines the network.

    Attributes:
        channels: of the image encoder's map.
        grid: its height and width.
        phrases: of each trait, all that it was seen to have.
        values: how many values were measured, of all traits together.
    """

    channels: int
    grid: int
    phrases: dict[str, list[str]]
    values: int


class Sight(nn.Module):
    """From what is looked at to the likelihood of phrases."""

    patch_mean: Tensor
    patch_scale: Tensor

    def __init__(self, sizes: SightSizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.reduce = ImageAdapter(sizes.channels, sizes.grid, COMPONENTS, CHANNELS, DROPOUT)
        self.register_buffer("patch_mean", torch.zeros(PATCH_CHANNELS, sizes.grid, sizes.grid))
        self.register_buffer("patch_scale", torch.ones(PATCH_CHANNELS, sizes.grid, sizes.grid))
        self.patches = nn.Sequential(nn.Conv2d(PATCH_CHANNELS, CHANNELS, 1), nn.GELU(), ChannelNorm(CHANNELS))
        self.hidden = nn.Sequential(
            nn.Flatten(), nn.Dropout(DROPOUT), nn.Linear(2 * CHANNELS * sizes.grid**2, HIDDEN), nn.GELU()
        )
        self.values = nn.Linear(HIDDEN, sizes.values)
        # A phrase follows from the values, but not from each alone, nor always from nothing else.
        known = HIDDEN + sizes.values
        self.phrases = nn.ModuleDict(
            {
                name: nn.Sequential(nn.Linear(known, CHANNELS), nn.GELU(), nn.Linear(CHANNELS, len(phrases)))
                for name, phrases in sizes.phrases.items()
            }
        )

    def fit(self, looked: Tensor) -> None:
        """Take components and scales from what is looked at in training, [n, c + PATCH_CHANNELS, h, w]."""
        self.reduce.fit(looked[:, :-PATCH_CHANNELS])
        patches = looked[:, -PATCH_CHANNELS:].float()
        self.patch_mean.copy_(patches.mean(dim=0))
        self.patch_scale.copy_(patches.std(dim=0) + 0.05)  # what hardly varies must not be blown up

    def compress(self, looked: Tensor) -> Tensor:
        """What is looked at -> components and standardised thumbnails [n, k + PATCH_CHANNELS, h, w]; done once."""
        patches = (looked[:, -PATCH_CHANNELS:].float() - self.patch_mean) / self.patch_scale
        return torch.cat([self.reduce.compress(looked[:, :-PATCH_CHANNELS]), patches], dim=1)

    def forward(self, compressed: Tensor) -> tuple[dict[str, Tensor], Tensor]:
        """What was compressed -> logits of the phrases [b, phrases] by trait, and values [b, values]."""
        maps = [self.reduce(compressed[:, :-PATCH_CHANNELS]), self.patches(compressed[:, -PATCH_CHANNELS:])]
        hidden = self.hidden(torch.cat(maps, dim=1))
        values = self.values(hidden)
        known = torch.cat([hidden, values], dim=1)
        return {name: head(known) for name, head in self.phrases.items()}, values


def likeliest(logits: dict[str, Tensor], words: dict[str, Tensor]) -> Tensor:
    """The words that are seen.

    Args:
        logits: of the phrases [b, phrases], by trait.
        words: vectors of each phrase's words [phrases, length, width], by trait.

    Returns:
        Vectors [b, length, width], one trait behind the other. Not a blend of phrases: the language model, which learns
        from pictures that are well known by now, would never have met one.
    """
    return torch.cat([vectors[logits[name].argmax(dim=1)] for name, vectors in words.items()], dim=1)


def sizes_for(described: Sequence[Sequence[Trait]], channels: int, grid: int) -> SightSizes:
    """Sizes for maps [channels, grid, grid], and for all that `described` says."""
    phrases: dict[str, set[str]] = {trait.name: set() for traits in described for trait in traits}
    for trait in (trait for traits in described for trait in traits if trait.phrase):
        phrases[trait.name].add(trait.phrase)
    lengths = {trait.name: len(trait.values) for traits in described for trait in traits}
    return SightSizes(channels, grid, {n: sorted(found) for n, found in phrases.items()}, sum(lengths.values()))


@dataclass(frozen=True)
class Aims:
    """What is to be seen in n pictures.

    Attributes:
        phrase: by trait, the index of the phrase [n]; -1 where the trait has none.
        values: what was measured, standardised [n, values]; NaN where a picture has no such trait.
    """

    phrase: dict[str, Tensor]
    values: Tensor


def aims(described: Sequence[Sequence[Trait]], sizes: SightSizes) -> Aims:
    """The aims of `described` pictures."""
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
    return Aims(index, (values - mean) / deviation)


def learn_to_see(sight: Sight, compressed: Tensor, goal: Aims, track: Track) -> None:
    """Train `sight` on n compressed pictures, before any language model reads what it shows."""
    count = len(compressed)
    steps = EPOCHS * math.ceil(count / BATCH)
    optimizer = torch.optim.AdamW(sight.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps)
    sight.train()
    for _ in track(range(EPOCHS), "Learn to see"):
        for rows in torch.randperm(count).split(BATCH):
            loss = sight_loss(sight, compressed[rows], goal, rows)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    sight.eval()


def sight_loss(sight: Sight, compressed: Tensor, goal: Aims, rows: Tensor) -> Tensor:
    """Cross-entropy of the phrases of the pictures `rows`, summed over traits, and how far the values are off."""
    logits, values = sight(compressed)
    known = ~goal.values[rows].isnan()
    losses = [VALUES_WEIGHT * F.smooth_l1_loss(values[known], goal.values[rows][known])]
    for name, found in logits.items():
        target = goal.phrase[name][rows]
        if (target >= 0).any():
            losses.append(F.cross_entropy(found, target, ignore_index=-1))
    return torch.stack(losses).sum()
