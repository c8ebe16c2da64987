"""Fine-tuning: a pretrained network with a new last layer, all of whose weights are trained.

The protocol's learning rate of 1e-2 would destroy pretrained weights in the first steps. All weights are therefore
trained at LEARNING_RATE, with the protocol's decay. EPOCHS is a third of the protocol's 60, because on two cores one
epoch over 325 pictures takes longer than Triptych's whole fusion phase, and the training loss is near zero by then.
Training stops early after an epoch with a mean loss below LEARNED.
"""

from collections.abc import Callable, Sequence
from typing import Self

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triptych.config import Config
from triptych.encoders.image import ImageEncoder
from triptych.evaluation.peers.head import protocol_optimizer
from triptych.evaluation.peers.peer import Peer, PeerRecord, Predictions
from triptych.network.steps import batches
from triptych.network.trained_encoders import keep_statistics
from triptych.progress import Track

LEARNING_RATE, EPOCHS = 3e-4, 20
LEARNED = 0.02


class FineTuned(Peer):
    """Fine-tunes the network of an image encoder, with mean pooling of its map and a linear layer."""

    def __init__(self, encoder: Callable[[], ImageEncoder]) -> None:
        self.encoder = encoder

    def fit(self, records: Sequence[PeerRecord], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Train on the pictures."""
        self.prepare, self.classes = self.encoder().pixels, sorted(set(labels))
        targets = torch.tensor([self.classes.index(label) for label in labels])
        pixels = self._pixels(records)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            encoder = self.encoder()
            self.network = nn.Sequential(
                encoder.module(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(encoder.channels, len(self.classes))
            )
            optimizer, schedule = protocol_optimizer(self.network, LEARNING_RATE)
            keep_statistics(self.network.train())
            for _ in track(range(EPOCHS), "Fine-tune"):
                if self._epoch(pixels, targets, optimizer) < LEARNED:
                    break
                schedule.step()
        self.network.eval()
        return self

    def _epoch(self, pixels: Tensor, targets: Tensor, optimizer: torch.optim.Optimizer) -> float:
        """Train one epoch on all pictures, and return its mean loss."""
        total = 0.0
        for rows in batches(len(pixels), Config().optimizer.batch_size, shuffle=True):
            with torch.autocast("cpu", torch.bfloat16):
                loss = F.cross_entropy(self.network(pixels[rows]).float(), targets[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += len(rows) * loss.item()
        return total / len(pixels)

    @torch.no_grad()
    def predict(self, records: Sequence[PeerRecord]) -> Predictions:
        """Predict the label and probabilities of every record."""
        logits = torch.cat([self.network(chunk) for chunk in self._pixels(records).split(16)])
        return Predictions.most_probable(self.classes, logits.softmax(dim=1))

    def _pixels(self, records: Sequence[PeerRecord]) -> Tensor:
        """Pixels [n, 3, side, side], in the memory layout in which convolutions on a CPU are fastest."""
        stacked = torch.from_numpy(np.stack([self.prepare(record.view) for record in records]))
        return stacked.contiguous(memory_format=torch.channels_last)
