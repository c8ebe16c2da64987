"""Grad-CAM++ (Chattopadhay et al., 2018): the parts of a picture that support a decision, as in Figure 4.

The feature maps are those of the model's own image encoder, frozen or trained. The score is the logit of a class after
fusion, so the heat map shows what the picture contributes in addition to the other branches.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from triptych.errors import TriptychError
from triptych.experts.ensemble import Part
from triptych.experts.expert import FittedExpert
from triptych.experts.panels import FittedPanels
from triptych.model.model import Model
from triptych.model.prediction import judge_prepared
from triptych.network.adapters import ImageAdapter
from triptych.network.network import Network
from triptych.preparation.branch_inputs import BranchInputs, stack_inputs
from triptych.preparation.prepared import Prepared
from triptych.preparation.preparer import plot_view


@dataclass(frozen=True)
class HeatMap:
    """The support for a class on one picture.

    Attributes:
        view: the input of the image encoder.
        values: [h, w], 0 to 1; all zero if nothing supports the class.
        predicted: the class that the map refers to, which the model predicted.
        label: the true class, if known.
    """

    view: Image.Image
    values: NDArray[np.float32]
    predicted: str
    label: str | None


def grad_cam_plus_plus(maps: Tensor, gradient: Tensor) -> Tensor:
    """The non-negative heat map [h, w] of feature maps A [c, h, w] and the gradient g of a score with respect to them.

    alpha = g^2 / (2 g^2 + sum(A) g^3) at every position of a channel; the weight of a channel is sum(alpha relu(g));
    the heat map is relu(sum of the weighted channels).
    """
    square, cube = gradient**2, gradient**3
    below = 2 * square + maps.sum(dim=(1, 2), keepdim=True) * cube
    alpha = torch.where(below != 0, square / torch.where(below != 0, below, 1.0), 0.0)
    weights = (alpha * gradient.relu()).sum(dim=(1, 2), keepdim=True)
    return (weights * maps).sum(dim=0).relu()


def heat_map(model: Model, prepared: Prepared) -> HeatMap:
    """Grad-CAM++ of the class that `model` chooses for a record: the sum over the networks of the expert `panels`.

    Raises:
        TriptychError: the model has no such expert.
    """
    members = model.ensemble.members("panels")
    if not members:
        raise TriptychError(
            "figure gradcam: the expert 'panels' has no part in this model; train one with --set experts=[panels]"
        )
    predicted = judge_prepared(model, [prepared])[0].label
    chosen = model.classes.index(predicted)
    heat = torch.stack([_heat(part, member, prepared, model.classes, chosen) for part, member in members]).sum(dim=0)
    return HeatMap(
        view=plot_view(prepared.record.load_image(model.decoder), prepared.reading.plot),
        values=(heat / heat.max().clamp_min(1e-12)).cpu().numpy(),
        predicted=predicted,
        label=prepared.record.label,
    )


def _heat(part: Part, member: FittedExpert, prepared: Prepared, classes: Sequence[str], chosen: int) -> Tensor:
    """The heat map [h, w] of one network for the class of index `chosen`."""
    assert isinstance(member, FittedPanels)
    network = member.network.eval()
    inputs = stack_inputs([prepared], part.features, classes, labelled=False).to(network.device)
    maps, logits = _forward(network, inputs)
    (gradient,) = torch.autograd.grad(logits[0, chosen], maps)
    return grad_cam_plus_plus(maps[0].detach(), gradient[0])


def _forward(network: Network, inputs: BranchInputs) -> tuple[Tensor, Tensor]:
    """The image encoder's feature maps [1, c, h, w], and the logits [1, classes] computed from them."""
    branch, compressed = network.branches["image"], network.compress(inputs)
    if isinstance(branch, ImageAdapter):  # the input holds the maps of a frozen encoder
        maps = inputs.image.float().requires_grad_()
        return maps, network(replace(compressed, image=branch.compress(maps)))
    kept: list[Tensor] = []

    def keep(_module: Any, _inputs: Any, output: Tensor) -> None:
        kept.append(output)

    handle = branch.encoder.register_forward_hook(keep)  # type: ignore[union-attr]
    try:
        logits = network(compressed)
    finally:
        handle.remove()
    return kept[0], logits
