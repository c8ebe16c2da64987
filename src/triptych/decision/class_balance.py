"""Chooses the class of a record from probabilities, corrected for class frequencies in training (beyond the paper).

If classes differ in size, a rare class is seldom the most probable one, and rare defects are missed. So probabilities
are divided by a power of the class frequencies before the maximum is taken (logit adjustment: Menon et al., "Long-tail
learning via logit adjustment", ICLR 2021). The reported probabilities are not changed.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


def choose_classes(probabilities: ArrayLike, counts: Sequence[int], balance: float) -> NDArray[np.intp]:
    """The index of the chosen class of each record, [n].

    Args:
        probabilities: [n, classes].
        counts: the number of training records of each class, [classes].
        balance: the power; 0 takes the most probable class, and 1 treats all classes as equally frequent.
    """
    shares, sizes = np.asarray(probabilities, dtype=np.float64), np.maximum(counts, 1) / max(counts)
    chosen: NDArray[np.intp] = (shares / sizes**balance).argmax(axis=1)
    return chosen
