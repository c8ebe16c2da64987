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
from triptych.encoders.image import ImageEncoder
from triptych.errors import TriptychError
from triptych.plugins import build
from triptych.threads import cores, torch_threads
from triptych.tuning.adapter import SIGHT, Kind, adapters_dir, identity, read_facts
from triptych.tuning.looks import looked_at
from triptych.tuning.reasoning import told
from triptych.tuning.sight import Sight, SightSizes, likeliest
from triptych.tuning.speaker import Speaker, check_installed
from triptych.tuning.tune import CUE, phrase_words

NEW_TOKENS = 128


class Local:
    """What both share: the folder, and a language model that is loaded when the first answer is asked for."""

    kind: Kind
    batch_size = 32

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
    uses = frozenset({"facts"})

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
    uses = frozenset({"plot"})

    def _prefixes(self, questions: Sequence[Question]) -> list[Tensor]:
        looked = torch.stack([self._look(question) for question in questions])
        logits, _ = self.sight(self.sight.compress(looked))
        cue = self.speaker.embed(CUE)
        return [torch.cat([shown, cue]) for shown in likeliest(logits, self.words)]

    def _look(self, question: Question) -> Tensor:
        """What there is to look at, [c, h, w]."""
        if question.image is None:
            raise ValueError("no picture to describe")
        return torch.from_numpy(looked_at(question.image, question.plot, self.encoder, self.cache))

    @cached_property
    def words(self) -> dict[str, Tensor]:
        """The vectors of all phrases' words, by trait."""
        return phrase_words(self.speaker, self.sight.sizes)

    @cached_property
    def cache(self) -> Cache:
        """Where encoded pictures are kept."""
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
        """What tells the phrases from what is looked at."""
        sight = Sight(SightSizes(**self.facts["sight"]))
        sight.load_state_dict(load_file(self.folder / SIGHT))
        return sight.eval()
