"""Predicts from a picture one phrase per trait, whose word embeddings are the language model's visual input.

A small network predicts the probability of each phrase of each trait from the image encoder's feature map and the
thumbnails. The language model reads the embedded words of the most likely phrases. The network is trained first,
without the language model, on the phrases and on the measured values behind them, because a value carries more
information than its grade.
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
from triptych.tuning.views import PATCH_CHANNELS

COMPONENTS, CHANNELS, HIDDEN = 128, 64, 256
DROPOUT = 0.1
EPOCHS, BATCH, LEARNING_RATE, WEIGHT_DECAY = 30, 32, 2e-3, 5e-2
VALUES_WEIGHT = 4.0  # weight of the values' loss, relative to the phrases'


@dataclass(frozen=True)
class PhraseClassifierSizes:
    """The sizes of the network.

    Attributes:
        channels: of the image encoder's feature map.
        grid: its height and width.
        phrases: all phrases of each trait that occur in the tuning data.
        values: the number of measured values of all traits together.
    """

    channels: int
    grid: int
    phrases: dict[str, list[str]]
    values: int


class PhraseClassifier(nn.Module):
    """From the features of the views to the logits of phrases and the measured values."""

    patch_mean: Tensor
    patch_scale: Tensor

    def __init__(self, sizes: PhraseClassifierSizes) -> None:
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
        # A phrase depends on several values, and sometimes on more than the values.
        known = HIDDEN + sizes.values
        self.phrases = nn.ModuleDict(
            {
                name: nn.Sequential(nn.Linear(known, CHANNELS), nn.GELU(), nn.Linear(CHANNELS, len(phrases)))
                for name, phrases in sizes.phrases.items()
            }
        )

    def fit(self, features: Tensor) -> None:
        """Fit components and scales to the training features [n, c + PATCH_CHANNELS, h, w]."""
        self.reduce.fit(features[:, :-PATCH_CHANNELS])
        patches = features[:, -PATCH_CHANNELS:].float()
        self.patch_mean.copy_(patches.mean(dim=0))
        self.patch_scale.copy_(patches.std(dim=0) + 0.05)  # keeps nearly constant cells small

    def compress(self, features: Tensor) -> Tensor:
        """Features -> components and standardised thumbnails [n, k + PATCH_CHANNELS, h, w]; computed once."""
        patches = (features[:, -PATCH_CHANNELS:].float() - self.patch_mean) / self.patch_scale
        return torch.cat([self.reduce.compress(features[:, :-PATCH_CHANNELS]), patches], dim=1)

    def forward(self, compressed: Tensor) -> tuple[dict[str, Tensor], Tensor]:
        """Compressed features -> logits of the phrases [b, phrases] by trait, and values [b, values]."""
        maps = [self.reduce(compressed[:, :-PATCH_CHANNELS]), self.patches(compressed[:, -PATCH_CHANNELS:])]
        hidden = self.hidden(torch.cat(maps, dim=1))
        values = self.values(hidden)
        known = torch.cat([hidden, values], dim=1)
        return {name: head(known) for name, head in self.phrases.items()}, values


def likeliest_phrases(logits: dict[str, Tensor], words: dict[str, Tensor]) -> Tensor:
    """The embedded words of the most likely phrases.

    Phrases are not averaged by their probabilities: the classifier is nearly certain about the tuning pictures, so the
    language model would never have been trained on averages.

    Args:
        logits: of the phrases [b, phrases], by trait.
        words: embedded words of each phrase [phrases, length, width], by trait.

    Returns:
        Vectors [b, length, width], the traits one after another.
    """
    return torch.cat([vectors[logits[name].argmax(dim=1)] for name, vectors in words.items()], dim=1)


def sizes_for(described: Sequence[Sequence[Trait]], channels: int, grid: int) -> PhraseClassifierSizes:
    """Sizes for feature maps [channels, grid, grid] and for all phrases and values in `described`."""
    phrases: dict[str, set[str]] = {trait.name: set() for traits in described for trait in traits}
    for trait in (trait for traits in described for trait in traits if trait.phrase):
        phrases[trait.name].add(trait.phrase)
    lengths = {trait.name: len(trait.values) for traits in described for trait in traits}
    return PhraseClassifierSizes(
        channels, grid, {n: sorted(found) for n, found in phrases.items()}, sum(lengths.values())
    )


@dataclass(frozen=True)
class PhraseTargets:
    """The training targets of n pictures.

    Attributes:
        phrase: by trait, the index of the phrase [n]; -1 if the trait has none.
        values: standardised measured values [n, values]; NaN if a picture does not have the trait.
    """

    phrase: dict[str, Tensor]
    values: Tensor


def phrase_targets(described: Sequence[Sequence[Trait]], sizes: PhraseClassifierSizes) -> PhraseTargets:
    """The training targets of `described` pictures."""
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
    return PhraseTargets(index, (values - mean) / deviation)


def train_phrase_classifier(
    classifier: PhraseClassifier, compressed: Tensor, targets: PhraseTargets, track: Track
) -> None:
    """Train `classifier` on the compressed features of n pictures."""
    count = len(compressed)
    steps = EPOCHS * math.ceil(count / BATCH)
    optimizer = torch.optim.AdamW(classifier.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps)
    classifier.train()
    for _ in track(range(EPOCHS), "Learn to see"):
        for rows in torch.randperm(count).split(BATCH):
            loss = phrase_loss(classifier, compressed[rows], targets, rows)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    classifier.eval()


def phrase_loss(classifier: PhraseClassifier, compressed: Tensor, targets: PhraseTargets, rows: Tensor) -> Tensor:
    """Cross-entropy of the phrases of the pictures `rows`, summed over traits, plus smooth L1 loss of the values."""
    logits, values = classifier(compressed)
    known = ~targets.values[rows].isnan()
    losses = [VALUES_WEIGHT * F.smooth_l1_loss(values[known], targets.values[rows][known])]
    for name, found in logits.items():
        target = targets.phrase[name][rows]
        if (target >= 0).any():
            losses.append(F.cross_entropy(found, target, ignore_index=-1))
    return torch.stack(losses).sum()
