"""The providers `local:vlm` and `local:llm`: SmolLM2 with what `triptych tune` has taught it.

`local:vlm` and `local:llm` are those in the default folder; `local:some/folder` is any other.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

from triptych.answers.provider import Question, Reply
from triptych.cache import Cache
from triptych.encoders.cached import image_features
from triptych.encoders.image import ImageEncoder
from triptych.errors import TriptychError
from triptych.plugins import build
from triptych.threads import cores, torch_threads
from triptych.training.prepare import plot_view
from triptych.tuning.adapter import SIGHT, Kind, adapters_dir, identity, read_facts
from triptych.tuning.reasoning import told
from triptych.tuning.sight import Sight, SightSizes
from triptych.tuning.speaker import Speaker, check_installed
from triptych.tuning.tune import CUE

NEW_TOKENS = 128


class Local:
    """What both share: the folder, and a language model that is loaded when the first answer is asked for."""

    kind: Kind
    batch_size = 16

    def __init__(self, source: str = "") -> None:
        check_installed()
        self.folder = adapters_dir() / self.kind if source in ("", self.kind) else Path(source).expanduser()
        self.facts: dict[str, Any] = read_facts(self.folder, self.kind)
        self.id = f"local:{self.kind}-{identity(self.folder)}-greedy-{NEW_TOKENS}"
        self._loading = Lock()

    def answer(self, questions: Sequence[Question]) -> Iterable[tuple[int, Reply]]:
        """The answers, in words."""
        with self._loading, torch_threads(cores()), torch.inference_mode():
            prefixes = self._prefixes(questions)
            said = self.speaker.continued(prefixes, NEW_TOKENS)
        pairs = zip(prefixes, said, strict=True)
        return enumerate([Reply(text, "", None, len(prefix), tokens) for prefix, (text, tokens) in pairs])

    @cached_property
    def speaker(self) -> Speaker:
        """The language model with its adapter."""
        return Speaker(self.folder)

    def _prefixes(self, questions: Sequence[Question]) -> list[Tensor]:
        """What stands before each answer, [length, width]."""
        raise NotImplementedError


class LocalLLM(Local):
    """Reasons over the facts of g."""

    kind: Kind = "llm"

    def _prefixes(self, questions: Sequence[Question]) -> list[Tensor]:
        for question in questions:
            if question.book is not None and question.book.text() != self.facts["book"]:
                raise TriptychError(
                    f"{self.folder}: was tuned for another defect book or other classes; tune it for these: "
                    "triptych tune DATA --only llm"
                )
        return [self.speaker.embed(told(question.facts)) for question in questions]


class LocalVLM(Local):
    """Describes the picture, which it sees through the image encoder that it was tuned with."""

    kind: Kind = "vlm"

    def _prefixes(self, questions: Sequence[Question]) -> list[Tensor]:
        cue = self.speaker.embed(CUE)
        maps = [self._map(question) for question in questions]
        vectors = self.sight(self.sight.reduce.compress(torch.stack(maps)))
        return [torch.cat([row.to(cue.dtype), cue]) for row in vectors]

    def _map(self, question: Question) -> Tensor:
        """The encoder's map of the plot, or of the whole picture, [c, h, w]."""
        if question.image is None:
            raise ValueError("no picture to describe")
        features = image_features(self.encoder, plot_view(question.image, question.plot), self.cache)
        return torch.from_numpy(features.copy())

    @cached_property
    def cache(self) -> Cache:
        """Where encoded pictures are kept; the classifier's own encoder may have left them there."""
        return Cache()

    @cached_property
    def encoder(self) -> ImageEncoder:
        """The image encoder."""
        found: ImageEncoder = build("image_encoder", self.facts["image_encoder"])
        if found.id != self.facts["encoder"]:
            raise TriptychError(
                f"{self.folder}: was tuned with the image encoder {self.facts['encoder']}, not {found.id}"
            )
        return found

    @cached_property
    def sight(self) -> Sight:
        """The projection from the encoder's map."""
        sight = Sight(SightSizes(**self.facts["sight"]))
        sight.load_state_dict(load_file(self.folder / SIGHT))
        return sight.eval()
