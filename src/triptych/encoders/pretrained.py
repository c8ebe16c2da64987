"""Encoders by hub id or folder: `transformers:microsoft/resnet-50`, `transformers:google-bert/bert-base-uncased`.

The paper uses these encoders, the second one for both text branches (section 3.2). Any image backbone that returns a
map or a square grid of patch tokens works, and any text encoder of the BERT family.
"""

from functools import cached_property
from math import isqrt
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from triptych.encoders.image import PixelEncoder
from triptych.encoders.text import TextNetwork, TokenEncoder
from triptych.errors import TriptychError
from triptych.hub import checked_source, hub_server, model_identity, pretrained_folder, transformers_library, unusable


class TransformersImage(PixelEncoder):
    """An image backbone from the hub or a folder."""

    server = staticmethod(hub_server)

    def __init__(self, source: str = "") -> None:
        super().__init__()
        self.source = checked_source(source, "encoders.image", "microsoft/resnet-50")

    @cached_property
    def id(self) -> str:
        """The source and a digest of its files."""
        return model_identity(self.source, self._folder)

    @property
    def channels(self) -> int:
        """Number of channels of the map."""
        return self._shape[0]

    @property
    def grid(self) -> int:
        """Height and width of the map."""
        return self._shape[1]

    def pixels(self, image: Image.Image) -> NDArray[np.uint8]:
        """The picture, resized and cropped by the backbone's own processor, but not normalised."""
        found = self._processor(images=image, do_rescale=False, do_normalize=False, return_tensors="np")
        return np.asarray(found["pixel_values"][0]).round().clip(0, 255).astype(np.uint8)

    def module(self) -> nn.Module:
        """A new copy of the backbone with its pretrained weights."""
        try:
            return Backbone(self._folder, self._processor)
        except (OSError, ValueError) as error:
            raise unusable("encoders.image", self.source, "an image backbone", error) from None

    @cached_property
    def _folder(self) -> Path:
        return pretrained_folder(self.source, "encoders.image")

    @cached_property
    def _processor(self) -> Any:
        library = transformers_library()
        try:
            return library.AutoImageProcessor.from_pretrained(self._folder, local_files_only=True, backend="pil")
        except (OSError, ValueError) as error:
            raise unusable("encoders.image", self.source, "an image processor", error) from None

    @cached_property
    def _shape(self) -> tuple[int, int]:
        """Channels and grid, from encoding a black picture."""
        features = self.encode(Image.new("RGB", (224, 224)))
        if features.shape[1] != features.shape[2]:
            raise TriptychError(
                f"encoders.image: {self.source} returns maps of {features.shape[1]}x{features.shape[2]}, but they must "
                "be square; choose an encoder whose image processor crops to a square"
            )
        return features.shape[0], features.shape[1]


class TransformersText(TokenEncoder):
    """A text encoder from the hub or a folder."""

    server = staticmethod(hub_server)

    context = 512  # tokens; number of position embeddings of BERT

    def __init__(self, source: str = "") -> None:
        super().__init__()
        self.source = checked_source(source, "encoders.text", "google-bert/bert-base-uncased")

    @cached_property
    def id(self) -> str:
        """The source and a digest of its files."""
        return model_identity(self.source, self.folder())

    @cached_property
    def channels(self) -> int:
        """Length of the vector."""
        return int(transformers_library().AutoConfig.from_pretrained(self.folder(), local_files_only=True).hidden_size)

    def folder(self) -> Path:
        """The folder of the source, or of its copy in the hub's cache."""
        return self._folder

    def module(self) -> nn.Module:
        """A new copy of the encoder with its pretrained weights."""
        try:
            return TextNetwork(self.folder())
        except (OSError, ValueError) as error:
            raise unusable("encoders.text", self.source, "a text encoder of the BERT family", error) from None

    @cached_property
    def _folder(self) -> Path:
        return pretrained_folder(self.source, "encoders.text")


class Backbone(nn.Module):
    """An image backbone of `transformers`, preceded by the normalisation of its processor."""

    mean: Tensor
    std: Tensor

    def __init__(self, folder: Path, processor: Any) -> None:
        super().__init__()
        self.network = transformers_library().AutoModel.from_pretrained(
            folder, local_files_only=True, use_safetensors=True
        )
        self.scale = float(processor.rescale_factor)
        for name, default in (("mean", 0.0), ("std", 1.0)):
            values = getattr(processor, f"image_{name}", None) if processor.do_normalize else None
            values = torch.tensor(values or [default] * 3).reshape(3, 1, 1)
            self.register_buffer(name, values, persistent=False)

    def forward(self, pixels: Tensor) -> Tensor:
        """Pixels [b, 3, side, side] in 0..255 -> maps [b, channels, grid, grid]."""
        features: Tensor = self.network((pixels * self.scale - self.mean) / self.std).last_hidden_state
        return features if features.ndim == 4 else _tokens_as_map(features)


def _tokens_as_map(tokens: Tensor) -> Tensor:
    """Patch tokens [b, n, c] -> [b, c, h, w]; class and register tokens come first and are dropped."""
    side = isqrt(tokens.shape[1])
    patches: Tensor = tokens[:, -side * side :].movedim(1, -1).unflatten(-1, (side, side))
    return patches
