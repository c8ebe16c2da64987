"""Image models of timm, such as the paper's DeiT-B, CrossViT-18 and EfficientNet-B6; they need the extra `peers`."""

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from triptych.encoders.image import PixelEncoder
from triptych.hub import pretrained_folder
from triptych.torchvision_ops import complete_torchvision


class TimmEncoder(PixelEncoder):
    """A timm model, given by hub id or folder; its pooled features form a 1 x 1 map."""

    grid = 1

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = self.id = source

    @property
    def channels(self) -> int:
        """The number of pooled features, in total if the model has two branches."""
        return len(self.encode(Image.new("RGB", (self._side, self._side))))

    def pixels(self, image: Image.Image) -> NDArray[np.uint8]:
        """The picture [3, side, side], resized to the input size of the model."""
        resized = image.resize((self._side, self._side), Image.Resampling.BICUBIC)
        return np.ascontiguousarray(np.asarray(resized, dtype=np.uint8).transpose(2, 0, 1))

    def module(self) -> nn.Module:
        """A new copy of the model with its pretrained weights.

        Raises:
            TriptychError: the model is neither a folder nor in the hub's cache, and cannot be downloaded.
        """
        timm = _timm()
        model: nn.Module = timm.create_model(f"local-dir:{self._folder}", pretrained=True, num_classes=0)
        return _Pooled(model, self._settings)

    @property
    def _side(self) -> int:
        side: int = self._settings["input_size"][-1]
        return side

    @cached_property
    def _folder(self) -> Path:
        return pretrained_folder(self.source, "peer")

    @cached_property
    def _settings(self) -> dict[str, Any]:
        timm = _timm()
        bare = timm.create_model(f"local-dir:{self._folder}", pretrained=False)
        settings: dict[str, Any] = timm.data.resolve_model_data_config(bare)
        return settings


def _timm() -> Any:
    """Import timm, even if the installed torchvision does not match torch."""
    complete_torchvision()
    import timm

    return timm


class _Pooled(nn.Module):
    """A timm model with the normalisation of its training."""

    mean: Tensor
    std: Tensor

    def __init__(self, model: nn.Module, settings: dict[str, Any]) -> None:
        super().__init__()
        self.model = model
        for name in ("mean", "std"):
            self.register_buffer(name, 255 * Tensor(settings[name]).reshape(3, 1, 1), persistent=False)

    def forward(self, pixels: Tensor) -> Tensor:
        """Pixels [b, 3, side, side] in 0..255 -> pooled features [b, channels, 1, 1]."""
        features: Tensor = self.model((pixels - self.mean) / self.std)
        return features[:, :, None, None]
