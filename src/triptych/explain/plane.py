"""Vectors as points in a plane."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

PERPLEXITY = 30.0  # of t-SNE; less with few points


def in_plane(vectors: Any, seed: int) -> NDArray[np.float32]:
    """The `vectors` [n, d] as points [n, 2] by t-SNE of scikit-learn."""
    from sklearn.manifold import TSNE

    perplexity = min(PERPLEXITY, (len(vectors) - 1) / 3)
    return np.asarray(TSNE(perplexity=perplexity, init="pca", random_state=seed).fit_transform(vectors))
