"""A linear classifier on fixed features, trained with the optimizer of section 4.1 and its default settings."""

from collections.abc import Sequence
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triptych.config import Config
from triptych.evaluation.peers.peer import Predictions
from triptych.network.steps import batches
from triptych.progress import Track
from triptych.threads import torch_threads


class LinearHead:
    """Standardisation and a linear layer.

    Optimizer, learning rate and its decay, batch size and number of epochs are the defaults of the fusion phase.
    """

    def fit(self, features: Tensor, labels: Sequence[str], seed: int, track: Track) -> Self:
        """Train on features [n, c] and their labels."""
        self.classes = sorted(set(labels))
        targets = torch.tensor([self.classes.index(label) for label in labels])
        self.mean, self.scale = features.mean(dim=0), features.std(dim=0).clamp_min(1e-6)
        scaled, config = self._scaled(features), Config()
        with torch_threads(1), torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.layer = nn.Linear(features.shape[1], len(self.classes))
            optimizer, schedule = protocol_optimizer(self.layer, config.optimizer.learning_rate)
            for _ in track(range(config.fusion.epochs), "Linear head"):
                for rows in batches(len(scaled), config.optimizer.batch_size, shuffle=True):
                    loss = F.cross_entropy(self.layer(scaled[rows]), targets[rows])
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
                schedule.step()
        return self

    @torch.no_grad()
    def probabilities(self, features: Tensor) -> Tensor:
        """Class probabilities [n, classes] for features [n, c]."""
        probabilities: Tensor = self.layer(self._scaled(features)).softmax(dim=1)
        return probabilities

    def predict(self, features: Tensor) -> Predictions:
        """Predict the label and probabilities of every row of features [n, c]."""
        return Predictions.most_probable(self.classes, self.probabilities(features))

    def _scaled(self, features: Tensor) -> Tensor:
        return (features - self.mean) / self.scale


def protocol_optimizer(
    network: nn.Module, learning_rate: float
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """AdamW, and the step-wise decay of the learning rate of section 4.1."""
    o = Config().optimizer
    optimizer = torch.optim.AdamW(network.parameters(), learning_rate, o.betas, o.eps, o.weight_decay)
    return optimizer, torch.optim.lr_scheduler.StepLR(optimizer, o.decay_every, o.decay)
