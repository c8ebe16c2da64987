"""Grad-CAM++ (Chattopadhay et al., 2018): the parts of a picture that support a class, as in Figure 4.

For the expert `panels`, the feature maps are those of the model's own image encoder, frozen or trained. The score is
the logit of a class after fusion, so the heat map shows what the picture contributes in addition to the other branches.
For the expert `picture`, the maps are those of its trained late layers, and the score is its own logit.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from triptych.experts.ensemble import Part
from triptych.experts.panels import FittedPanels
from triptych.experts.picture import FittedPicture
from triptych.network.adapters import ImageAdapter
from triptych.network.network import Network
from triptych.preparation.branch_inputs import BranchInputs, stack_inputs
from triptych.preparation.prepared import Prepared

CELLS = 7  # least cells along each side of the maps of the expert `picture`; the paper's maps have as many


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


def panels_heat(part: Part, member: FittedPanels, prepared: Prepared, classes: Sequence[str], chosen: int) -> Tensor:
    """The heat map [h, w] of one network for the class of index `chosen`."""
    network = member.network.eval()
    inputs = stack_inputs([prepared], part.features, classes, labelled=False).to(network.device)
    maps, logits = _forward(network, inputs)
    (gradient,) = torch.autograd.grad(logits[0, chosen], maps)
    return grad_cam_plus_plus(maps[0].detach(), gradient[0]).cpu()


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


def picture_heat(member: FittedPicture, picture: Tensor, chosen: int) -> Tensor:
    """The heat map [h, w] of the expert `picture` for the class of index `chosen`.

    The maps are the deepest that are not negative, as Grad-CAM++ requires, and have at least CELLS cells a side. The
    last maps would have 3, because the expert sees small pictures. If the expert averages over quarter turns, the map
    is the sum of those of the turned pictures, turned back.

    Args:
        member: the expert.
        picture: the picture that it sees, [c, s, s] in 0..255.
        chosen: the index of the class.
    """
    found = []
    for quarters in range(4 if member.turned else 1):
        candidates, logits = _late_maps(member.encoder.late, member.encoder, picture.rot90(quarters, (1, 2))[None])
        maps = next((m for m in reversed(candidates) if m.shape[-1] >= CELLS), candidates[0])
        (gradient,) = torch.autograd.grad(logits[0, chosen], maps)
        found.append(grad_cam_plus_plus(maps[0].detach(), gradient[0]).rot90(-quarters, (0, 1)))
    return torch.stack(found).sum(dim=0)


def _late_maps(late: nn.Module, encoder: nn.Module, pictures: Tensor) -> tuple[list[Tensor], Tensor]:
    """The maps that enter convolutions and the pooling of trained layers and are not negative; and the logits."""
    kept: list[Tensor] = []

    def keep(_module: Any, inputs: tuple[Tensor, ...]) -> None:
        if inputs[0].requires_grad and bool((inputs[0] >= 0).all()):
            kept.append(inputs[0])

    layers = [layer for layer in late.modules() if isinstance(layer, nn.Conv2d | nn.AdaptiveAvgPool2d)]
    handles = [layer.register_forward_pre_hook(keep) for layer in layers]
    try:
        logits = encoder(pictures)
    finally:
        for handle in handles:
            handle.remove()
    return kept, logits
