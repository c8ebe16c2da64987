"""Which class a record is called: the most probable one, corrected for how rare it was in training (beyond the paper).

Where classes are of different sizes, the most probable class is seldom a rare one, and rare defects are missed. So
probabilities are divided by a power of the class frequencies before the greatest is taken (logit adjustment: Menon et
al., "Long-tail learning via logit adjustment", ICLR 2021). The probabilities that are reported stay as they are.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


def choose_classes(probabilities: ArrayLike, counts: Sequence[int], balance: float) -> NDArray[np.intp]:
    """The index of the class that each record is called, [n].

    Args:
        probabilities: [n, classes].
        counts: training records of each class, [classes].
        balance: the power; 0 takes the most probable class, and 1 treats all classes as equally frequent.
    """
    shares, sizes = np.asarray(probabilities, dtype=np.float64), np.maximum(counts, 1) / max(counts)
    chosen: NDArray[np.intp] = (shares / sizes**balance).argmax(axis=1)
    return chosen
