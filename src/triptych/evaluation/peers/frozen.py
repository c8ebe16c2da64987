"""Peers on frozen backbones: one, several together, and one with features of another kind beside it.

`Ensemble` follows Karmakar et al., "Convolutional Ensembling based Few-Shot Defect Detection Technique" (2022): several
convolutional networks, pretrained and frozen, and the knowledge of all of them together. Its backbones are those whose
weights come as packages, EfficientNet-Lite0 to -Lite2; each has a classifier of its own, and their probabilities are
averaged.

`Enhanced` stands for the row "Xie et al." of Table 2. The paper points to three works for it: the table to [10] (Dong,
Taylor and Cootes), section 4.2 to [66] (Gong et al.), and the name is that of [46] (Xie et al., sewer defects).
Section 4.2 describes a method "rooted on exploring extra-feature within given image", and section 2.1 says of [10] and
[46] that they incorporate "low-level features such as SIFT". So this is what is built: a frozen network's features
enhanced by a bag of visual words over dense SIFT descriptors of the same picture.
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
STEP, SIZES = 8, (8, 16)  # px, between descriptors and of their regions


class Frozen(Peer):
    """The mean of EfficientNet-Lite0's map, and a linear classifier."""

    def fit(self, records: Sequence[PeerRecord], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Learn from the pictures."""
        self.encoder = Lite0()
        self.head = LinearHead().fit(pooled(self.encoder, records), labels, seed, track)
        return self

    def predict(self, records: Sequence[PeerRecord]) -> Predictions:
        """Label and probabilities of every record."""
        return self.head.predict(pooled(self.encoder, records))


class Ensemble(Peer):
    """Frozen EfficientNet-Lite0, -Lite1 and -Lite2, each with a linear classifier; the mean of their probabilities."""

    def __init__(self) -> None:
        self.encoders: tuple[ImageEncoder, ...] = (Lite0(), Lite(LITE1), Lite(LITE2))

    def fit(self, records: Sequence[PeerRecord], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Learn from the pictures.

        Raises:
            MissingExtraError: the weights of a backbone are not installed.
        """
        self.heads = [LinearHead().fit(pooled(encoder, records), labels, seed, track) for encoder in self.encoders]
        return self

    def predict(self, records: Sequence[PeerRecord]) -> Predictions:
        """Label and probabilities of every record."""
        pairs = zip(self.heads, self.encoders, strict=True)
        mean = torch.stack([head.probabilities(pooled(encoder, records)) for head, encoder in pairs]).mean(dim=0)
        return Predictions.most_probable(self.heads[0].classes, mean)


class Enhanced(Peer):
    """EfficientNet-Lite0's features and a histogram of visual words, and a linear classifier on both."""

    def fit(self, records: Sequence[PeerRecord], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Learn from the pictures; the visual words too come from these alone."""
        from sklearn.cluster import MiniBatchKMeans

        self.encoder = Lite0()
        descriptors = np.concatenate([dense_sift(record.view) for record in track(records, "Dense SIFT")])
        self.words: Any = MiniBatchKMeans(WORDS, random_state=seed, n_init=1, batch_size=4096).fit(descriptors)
        self.head = LinearHead().fit(self._features(records), labels, seed, track)
        return self

    def predict(self, records: Sequence[PeerRecord]) -> Predictions:
        """Label and probabilities of every record."""
        return self.head.predict(self._features(records))

    def _features(self, records: Sequence[PeerRecord]) -> Tensor:
        histograms = [np.bincount(self.words.predict(dense_sift(record.view)), minlength=WORDS) for record in records]
        shares = np.sqrt(np.stack(histograms) / np.sum(histograms, axis=1, keepdims=True))  # Hellinger's map
        return torch.cat([pooled(self.encoder, records), torch.from_numpy(shares).float()], dim=1)


def pooled(encoder: ImageEncoder, records: Sequence[PeerRecord]) -> Tensor:
    """The mean of the encoder's map for every picture [n, channels], each computed once."""
    with Cache() as cache, torch_threads(1):
        maps = [image_features(encoder, record.view, cache) for record in records]
    return torch.from_numpy(np.stack([m.astype(np.float32).mean(axis=(1, 2)) for m in maps]))


def dense_sift(view: Image.Image) -> NDArray[np.float32]:
    """SIFT descriptors on a regular grid [n, 128], square-rooted as in RootSIFT."""
    import cv2

    sift: Any = vars(cv2)["SIFT_create"]()  # its type stubs leave it out
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
