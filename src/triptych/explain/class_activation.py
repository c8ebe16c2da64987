"""Class activation of a linear classifier on pooled features: an exact division of its log-odds among places.

The expert `frozen` is linear in the standardised means and standard deviations of an encoder's maps over n positions.
Class activation mapping (Zhou et al., 2016) divides such a sum among the positions. With the log-odds of one class
against another as the score, the weight w_c of a pooled feature x_c, and the value m_c that standardises to 0:

    score - intercept = sum_c w_c z(x_c) = sum_c w_c s_c (x_c - m_c)        with s_c = z(x_c) / (x_c - m_c)
    position p:  1/n sum_c w_c s_c (a_cp - m_c)

a_cp is the map itself for a mean, and (map - mean)^2 / deviation for a standard deviation, so that its mean over the
positions is x_c in both cases. So the positions add up to the log-odds without the intercept. No gradient and no
approximation is needed. The standardisation z is not linear for outliers, which the secant s_c takes into account.
"""

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from triptych.experts.frozen import pooled
from triptych.experts.linear import Linear, scaled
from triptych.features.scaling import neutral

Floats = NDArray[np.float64]


def class_activation(linear: Linear, maps: Tensor, chosen: int, other: int) -> Floats:
    """The parts [h, w] of the positions in the log-odds of class `chosen` against `other`.

    Args:
        linear: a logistic regression on the 2c features of `pooled`.
        maps: feature maps [c, h, w] of one picture.
        chosen: the index of the one class.
        other: the index of the other class.
    """
    features = pooled(maps[None]).double().numpy()
    zero = neutral(linear.scales)
    away = features[0] - zero
    effect = (linear.coefficients[chosen] - linear.coefficients[other]) * scaled(features, linear.scales)[0]
    slope = np.divide(effect, away, out=np.zeros_like(away), where=away != 0)
    places = maps.float().double().flatten(1).numpy()
    mean, deviation = np.split(features[0], 2)
    square = (places - mean[:, None]) ** 2
    spread = np.divide(square, deviation[:, None], out=np.zeros_like(square), where=deviation[:, None] > 0)
    parts = slope @ (np.concatenate([places, spread]) - zero[:, None]) / places.shape[1]
    found: Floats = parts.reshape(maps.shape[1:])
    return found
