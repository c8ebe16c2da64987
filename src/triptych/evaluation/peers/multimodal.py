"""Frozen features and a classifier of scikit-learn, its settings chosen by cross-validation.

`Lite0Logistic` sees pictures alone. `MultimodalSvm` is the recipe that AutoGluon-Multimodal follows for few records
("few-shot": features of pretrained encoders, standardised, and a support vector machine): here EfficientNet-Lite0 for
the picture, MiniLM for the texts, and the readings, one after the other. Readings are some twenty features beside some
1,700, so whether each kind of feature weighs alike, however many there are of it, is chosen too.
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
    """The mean of EfficientNet-Lite0's map, and logistic regression."""

    def fit(self, records: Sequence[PeerRecord], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Learn from the pictures."""
        from sklearn.decomposition import PCA
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import StandardScaler

        # Turned into the few directions that the records span, the features lose nothing and are learned from sooner.
        steps = [("scale", StandardScaler()), ("turn", PCA()), ("learner", LOGISTIC.build(seed))]
        grid = {"learner__C": (1e-4, 1e-3, 1e-2, 0.1, 1.0), "learner__class_weight": WEIGHTS}
        self.model = fit_best(Pipeline(steps), grid, _pictures(records), records, labels, seed)
        return self

    def predict(self, records: Sequence[PeerRecord]) -> Predictions:
        """Label and probabilities of every record."""
        return self.model.predict(_pictures(records))


class MultimodalSvm(Peer):
    """Frozen features of picture and texts, the readings, and a support vector machine."""

    def fit(self, records: Sequence[PeerRecord], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Learn from all that a record holds."""
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
        """Label and probabilities of every record."""
        return self.model.predict(np.hstack(self._blocks(records)))

    def _blocks(self, records: Sequence[PeerRecord]) -> list[Features]:
        """Standardised features of picture, texts and readings [n, width], those of them that there are."""
        frozen = zip(self.scalers, self._frozen(records), strict=True)
        readings = np.asarray(self.transformer.transform(self._table(records)), dtype=np.float64)
        blocks = [*(scaler.transform(features) for scaler, features in frozen), readings]
        return [block for block in blocks if block.shape[1]]

    def _frozen(self, records: Sequence[PeerRecord]) -> list[Features]:
        """Features of pictures and texts [n, channels]."""
        if not self.columns.texts:
            return [_pictures(records)]
        encoder = MiniLM()
        with Cache() as cache:
            texts = [text_features(encoder, self.columns.text(record.readings), cache) for record in records]
        return [_pictures(records), np.stack(texts).astype(np.float64)]

    def _table(self, records: Sequence[PeerRecord]) -> Any:
        return self.columns.table([record.readings for record in records])


def weigh(features: Features, widths: Sequence[int]) -> Features:
    """Standardised features [n, sum of `widths`], every block divided by its width's root; or as they are."""
    return features / np.sqrt(np.repeat(widths, widths)) if widths else features


def _pictures(records: Sequence[PeerRecord]) -> Features:
    """Pooled features [n, channels] of the pictures."""
    return pooled(Lite0(), records).numpy().astype(np.float64)
