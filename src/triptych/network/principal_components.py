"""Principal components of the channels of feature maps.

They depend on the maps alone, and their computation takes most of the time of a short training. One training run needs
those of every fold twice, first to choose epochs and branches and then to train, and runs with other settings need them
again. So the last results are kept in memory.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

import torch
from torch import Tensor

CHUNK = 32  # maps processed at a time; all at once would need 1 GB
KEPT = 32  # results kept in memory, 0.7 MB each with 1280 channels


@dataclass(frozen=True)
class PrincipalComponents:
    """The mean [c] of c channels, and their components [kept, c], scaled to unit variance."""

    mean: Tensor = field(repr=False)
    components: Tensor = field(repr=False)


_known: OrderedDict[tuple[object, ...], PrincipalComponents] = OrderedDict()
_lock = Lock()


def principal_components(features: Tensor, kept: int) -> PrincipalComponents:
    """The `kept` first principal components of the channels of maps [n, c, h, w]; computed once for the same maps."""
    # A sum may differ in its last bit with another number of threads.
    key = (_digest(features), features.shape, features.dtype, features.device, kept, torch.get_num_threads())
    with _lock:
        found = _known.get(key)
    if found is None:
        found = _compute(features, kept)
    with _lock:
        _known[key] = found
        _known.move_to_end(key)
        if len(_known) > KEPT:
            _known.popitem(last=False)
    return found


def _digest(features: Tensor) -> str:
    state = hashlib.sha256()
    for chunk in features.split(CHUNK):
        state.update(chunk.cpu().contiguous().view(torch.uint8).numpy())
    return state.hexdigest()


def _compute(features: Tensor, kept: int) -> PrincipalComponents:
    channels = features.shape[1]
    mean, square, count = torch.zeros(channels).double(), torch.zeros(channels, channels).double(), 0
    for chunk in features.split(CHUNK):
        rows = chunk.movedim(1, -1).reshape(-1, channels).double()
        mean, square, count = mean + rows.sum(dim=0), square + rows.T @ rows, count + len(rows)
    mean = mean / count
    variances, vectors = torch.linalg.eigh(square / count - mean[:, None] * mean)
    scale = variances[-kept:].clamp_min(variances[-1] * 1e-8 + 1e-12).sqrt()
    return PrincipalComponents(mean, (vectors[:, -kept:] / scale).T.contiguous())
