"""Peers on frozen backbones: a single one, an ensemble, and one combined with SIFT features.

`Ensemble` follows Karmakar et al., "Convolutional Ensembling based Few-Shot Defect Detection Technique" (2022), which
combines several pretrained, frozen convolutional networks. Its backbones are those whose weights are available as
packages, EfficientNet-Lite0 to -Lite2. Each has its own classifier, and their probabilities are averaged.

`Enhanced` corresponds to the row "Xie et al." of Table 2. The paper cites three works for it: [10] (Dong, Taylor and
Cootes) in the table, [66] (Gong et al.) in section 4.2, and, by its name, [46] (Xie et al., sewer defects). Section 4.2
describes a method "rooted on exploring extra-feature within given image", and section 2.1 says of [10] and [46] that
they incorporate "low-level features such as SIFT". `Enhanced` therefore combines a frozen network's features with a bag
of visual words over dense SIFT descriptors of the same picture.
"""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from triptych.cache import Cache
from triptych.encoders.cached import image_features
from triptych.encoders.image import ImageEncoder, Lite0
from triptych.evaluation.peers.head import LinearHead
from triptych.evaluation.peers.lite import LITE1, LITE2, Lite
from triptych.evaluation.peers.peer import Peer, PeerRecord, Predictions
from triptych.progress import Track
from triptych.threads import torch_threads

WORDS = 128  # visual words
STEP, SIZES = 8, (8, 16)  # px, spacing of the descriptors, and diameters of their regions


class Frozen(Peer):
    """A linear classifier on the mean of frozen EfficientNet-Lite0's map."""

    def fit(self, records: Sequence[PeerRecord], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Train on the pictures."""
        self.encoder = Lite0()
        self.head = LinearHead().fit(pooled(self.encoder, records), labels, seed, track)
        return self

    def predict(self, records: Sequence[PeerRecord]) -> Predictions:
        """Predict the label and probabilities of every record."""
        return self.head.predict(pooled(self.encoder, records))


class Ensemble(Peer):
    """Frozen EfficientNet-Lite0, -Lite1 and -Lite2, each with a linear classifier; the mean of their probabilities."""

    def __init__(self) -> None:
        self.encoders: tuple[ImageEncoder, ...] = (Lite0(), Lite(LITE1), Lite(LITE2))

    def fit(self, records: Sequence[PeerRecord], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Train on the pictures.

        Raises:
            MissingExtraError: the weights of a backbone are not installed.
        """
        self.heads = [LinearHead().fit(pooled(encoder, records), labels, seed, track) for encoder in self.encoders]
        return self

    def predict(self, records: Sequence[PeerRecord]) -> Predictions:
        """Predict the label and probabilities of every record."""
        pairs = zip(self.heads, self.encoders, strict=True)
        mean = torch.stack([head.probabilities(pooled(encoder, records)) for head, encoder in pairs]).mean(dim=0)
        return Predictions.most_probable(self.heads[0].classes, mean)


class Enhanced(Peer):
    """A linear classifier on EfficientNet-Lite0's features and a histogram of visual words."""

    def fit(self, records: Sequence[PeerRecord], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Train on the pictures; the visual words are clustered from the training pictures only."""
        from sklearn.cluster import MiniBatchKMeans

        self.encoder = Lite0()
        descriptors = np.concatenate([dense_sift(record.view) for record in track(records, "Dense SIFT")])
        self.words: Any = MiniBatchKMeans(WORDS, random_state=seed, n_init=1, batch_size=4096).fit(descriptors)
        self.head = LinearHead().fit(self._features(records), labels, seed, track)
        return self

    def predict(self, records: Sequence[PeerRecord]) -> Predictions:
        """Predict the label and probabilities of every record."""
        return self.head.predict(self._features(records))

    def _features(self, records: Sequence[PeerRecord]) -> Tensor:
        histograms = [np.bincount(self.words.predict(dense_sift(record.view)), minlength=WORDS) for record in records]
        shares = np.sqrt(np.stack(histograms) / np.sum(histograms, axis=1, keepdims=True))  # Hellinger kernel map
        return torch.cat([pooled(self.encoder, records), torch.from_numpy(shares).float()], dim=1)


def pooled(encoder: ImageEncoder, records: Sequence[PeerRecord]) -> Tensor:
    """The mean of the encoder's map for every picture [n, channels], from the cache if available."""
    with Cache() as cache, torch_threads(1):
        maps = [image_features(encoder, record.view, cache) for record in records]
    return torch.from_numpy(np.stack([m.astype(np.float32).mean(axis=(1, 2)) for m in maps]))


def dense_sift(view: Image.Image) -> NDArray[np.float32]:
    """RootSIFT descriptors on a regular grid [n, 128]."""
    import cv2

    sift: Any = vars(cv2)["SIFT_create"]()  # missing from the type stubs
    gray = np.asarray(view.convert("L"))
    height, width = gray.shape
    points = [
        cv2.KeyPoint(float(x), float(y), float(size))
        for size in SIZES
        for y in range(STEP, height - STEP + 1, STEP)
        for x in range(STEP, width - STEP + 1, STEP)
    ]
    _, found = sift.compute(gray, points)
    descriptors: NDArray[np.float32] = np.asarray(found, dtype=np.float32)
    roots: NDArray[np.float32] = np.sqrt(descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6))
    return roots
