"""The providers `local:vlm` and `local:llm`: SmolLM2 with the adapters that `triptych tune` has trained.

`local:vlm` and `local:llm` use the models in the default folder; `local:some/folder` uses any other.
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
from triptych.threads import thread_count, torch_threads
from triptych.tuning.adapter import PHRASE_CLASSIFIER, Kind, adapters_dir, identity, read_facts
from triptych.tuning.language_model import LanguageModel, check_installed
from triptych.tuning.phrase_classifier import PhraseClassifier, PhraseClassifierSizes, likeliest_phrases
from triptych.tuning.reasoning import llm_prompt
from triptych.tuning.tune import CUE, embed_phrases
from triptych.tuning.views import view_features

NEW_TOKENS = 128


class Local:
    """The base class of both: the folder, and a language model that is loaded on first use."""

    kind: Kind
    batch_size = 32

    def __init__(self, source: str = "") -> None:
        check_installed()
        self.folder = adapters_dir() / self.kind if source in ("", self.kind) else Path(source).expanduser()
        self.facts: dict[str, Any] = read_facts(self.folder, self.kind)
        self.id = f"local:{self.kind}-{identity(self.folder)}-greedy-{NEW_TOKENS}"
        self._loading = Lock()

    def answer(self, questions: Sequence[Question]) -> Iterable[tuple[int, Reply]]:
        """The answers, as text."""
        with self._loading, torch_threads(thread_count()), torch.inference_mode():
            prefixes = self._prefixes(questions)
            said = self.language_model.generate(prefixes, NEW_TOKENS)
        pairs = zip(prefixes, said, strict=True)
        return enumerate([Reply(text, "", None, len(prefix), tokens) for prefix, (text, tokens) in pairs])

    @cached_property
    def language_model(self) -> LanguageModel:
        """The language model with its adapter."""
        return LanguageModel(self.folder)

    def _prefixes(self, questions: Sequence[Question]) -> list[Tensor]:
        """The embedded prompt of each answer, [length, width]."""
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
        return [self.language_model.embed(llm_prompt(question.facts)) for question in questions]


class LocalVLM(Local):
    """Describes the picture, given the features of the image encoder that it was tuned with."""

    kind: Kind = "vlm"
    uses = frozenset({"plot"})

    def _prefixes(self, questions: Sequence[Question]) -> list[Tensor]:
        features = torch.stack([self._view_features(question) for question in questions])
        logits, _ = self.phrase_classifier(self.phrase_classifier.compress(features))
        cue = self.language_model.embed(CUE)
        return [torch.cat([shown, cue]) for shown in likeliest_phrases(logits, self.phrase_embeddings)]

    def _view_features(self, question: Question) -> Tensor:
        """The features of the picture's views, [c, h, w]."""
        if question.image is None:
            raise ValueError("no picture to describe")
        return torch.from_numpy(view_features(question.image, question.plot, self.encoder, self.cache))

    @cached_property
    def phrase_embeddings(self) -> dict[str, Tensor]:
        """The embedded words of all phrases, by trait."""
        return embed_phrases(self.language_model, self.phrase_classifier.sizes)

    @cached_property
    def cache(self) -> Cache:
        """The cache of encoded pictures."""
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
    def phrase_classifier(self) -> PhraseClassifier:
        """The network that predicts phrases from the features of the views."""
        classifier = PhraseClassifier(PhraseClassifierSizes(**self.facts["sight"]))
        classifier.load_state_dict(load_file(self.folder / PHRASE_CLASSIFIER))
        return classifier.eval()
