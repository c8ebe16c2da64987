"""Frozen features and a scikit-learn classifier with cross-validated settings.

`Lite0Logistic` gets the picture only. `MultimodalSvm` follows AutoGluon-Multimodal's "few-shot" method: standardised
features of pretrained encoders, and a support vector machine. Its features are those of EfficientNet-Lite0 for the
picture, those of MiniLM for the texts, and the readings, concatenated. The readings are about 20 features, the others
about 1,700. Cross-validation therefore also chooses whether each kind of feature gets the same total weight.
"""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from triptych.cache import Cache
from triptych.encoders.cached import text_features
from triptych.encoders.image import Lite0
from triptych.encoders.text import MiniLM
from triptych.evaluation.peers.columns import find_columns
from triptych.evaluation.peers.frozen import pooled
from triptych.evaluation.peers.peer import Peer, PeerRecord, Predictions
from triptych.evaluation.peers.search import fit_best
from triptych.evaluation.peers.tabular import LOGISTIC, WEIGHTS
from triptych.progress import Track

Features = NDArray[np.float64]


class Lite0Logistic(Peer):
    """Logistic regression on the mean of EfficientNet-Lite0's map."""

    def fit(self, records: Sequence[PeerRecord], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Train on the pictures."""
        from sklearn.decomposition import PCA
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import StandardScaler

        # PCA with all components loses nothing. It leaves at most as many features as records, so training is faster.
        steps = [("scale", StandardScaler()), ("turn", PCA()), ("learner", LOGISTIC.build(seed))]
        grid = {"learner__C": (1e-4, 1e-3, 1e-2, 0.1, 1.0), "learner__class_weight": WEIGHTS}
        self.model = fit_best(Pipeline(steps), grid, _pictures(records), records, labels, seed)
        return self

    def predict(self, records: Sequence[PeerRecord]) -> Predictions:
        """Predict the label and probabilities of every record."""
        return self.model.predict(_pictures(records))


class MultimodalSvm(Peer):
    """A support vector machine on frozen features of picture and texts, and on the readings."""

    def fit(self, records: Sequence[PeerRecord], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Train on the pictures, texts and readings."""
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import FunctionTransformer, StandardScaler
        from sklearn.svm import SVC

        self.columns = find_columns(record.readings for record in records)
        self.transformer = self.columns.transformer().fit(self._table(records))
        self.scalers = [StandardScaler().fit(features) for features in self._frozen(records)]
        blocks = self._blocks(records)
        widths = tuple(block.shape[1] for block in blocks)
        settings = {"C": (1.0, 10.0, 100.0), "kernel": ("linear", "rbf"), "class_weight": WEIGHTS}
        grid: dict[str, Sequence[object]] = {f"learner__{name}": values for name, values in settings.items()}
        grid["weigh__kw_args"] = ({"widths": ()}, {"widths": widths})
        steps = [("weigh", FunctionTransformer(weigh)), ("learner", SVC())]
        self.model = fit_best(Pipeline(steps), grid, np.hstack(blocks), records, labels, seed)
        return self

    def predict(self, records: Sequence[PeerRecord]) -> Predictions:
        """Predict the label and probabilities of every record."""
        return self.model.predict(np.hstack(self._blocks(records)))

    def _blocks(self, records: Sequence[PeerRecord]) -> list[Features]:
        """Standardised features [n, width] of the picture, the texts and the readings, without empty blocks."""
        frozen = zip(self.scalers, self._frozen(records), strict=True)
        readings = np.asarray(self.transformer.transform(self._table(records)), dtype=np.float64)
        blocks = [*(scaler.transform(features) for scaler, features in frozen), readings]
        return [block for block in blocks if block.shape[1]]

    def _frozen(self, records: Sequence[PeerRecord]) -> list[Features]:
        """Features [n, channels] of the pictures, and of the texts if there are any."""
        if not self.columns.texts:
            return [_pictures(records)]
        encoder = MiniLM()
        with Cache() as cache:
            texts = [text_features(encoder, self.columns.text(record.readings), cache) for record in records]
        return [_pictures(records), np.stack(texts).astype(np.float64)]

    def _table(self, records: Sequence[PeerRecord]) -> Any:
        return self.columns.table([record.readings for record in records])


def weigh(features: Features, widths: Sequence[int]) -> Features:
    """Divide each block of features [n, sum of `widths`] by the square root of its width; () leaves them unchanged."""
    return features / np.sqrt(np.repeat(widths, widths)) if widths else features


def _pictures(records: Sequence[PeerRecord]) -> Features:
    """Pooled features [n, channels] of the pictures."""
    return pooled(Lite0(), records).numpy().astype(np.float64)
