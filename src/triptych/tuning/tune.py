"""Tunes both models on the CPU, on pairs of a picture or readings and a text generated from its measurements."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor, nn

from triptych.answers.ask import Subject
from triptych.answers.defect_book import DefectBook
from triptych.answers.measured import Trait, sentences, traits
from triptych.answers.prompt_facts import state_facts
from triptych.cache import Cache, derived_seed
from triptych.encoders.image import ImageEncoder
from triptych.plugins import build
from triptych.progress import Track
from triptych.records import Readings
from triptych.threads import cores, thread_count, torch_threads
from triptych.tuning.adapter import PHRASE_CLASSIFIER, Kind, write_facts
from triptych.tuning.language_model import LanguageModel
from triptych.tuning.phrase_classifier import (
    PhraseClassifier,
    PhraseClassifierSizes,
    likeliest_phrases,
    phrase_targets,
    sizes_for,
    train_phrase_classifier,
)
from triptych.tuning.reasoning import llm_prompt, llm_target
from triptych.tuning.simulated_subjects import simulated_readings, simulated_subject
from triptych.tuning.views import view_features

CUE = "Description:"  # between the picture's phrases and the answer
CLIP = 1.0


@dataclass(frozen=True)
class Schedule:
    """How long a model is tuned; the defaults take a few minutes on two cores.

    Attributes:
        simulated: number of simulated records to tune on.
        steps: steps of AdamW with the language model.
        batch: pairs per step.
        learning_rate: the adapter's greatest learning rate.
    """

    simulated: int
    steps: int
    batch: int = 8
    learning_rate: float = 1e-3


SCHEDULES: dict[Kind, Schedule] = {
    "vlm": Schedule(simulated=3000, steps=60),
    "llm": Schedule(simulated=3000, steps=100, batch=4),
}


@dataclass(frozen=True)
class TuningImage:
    """A picture to tune on: the features of its views, [c, h, w], and the traits to describe."""

    features: NDArray[np.float16]
    traits: tuple[Trait, ...]


def tune_vlm(
    subjects: Sequence[Subject], image_encoder: str, folder: Path, schedule: Schedule, seed: int, track: Track
) -> None:
    """Tune a VLM on simulated pictures and `subjects`, and write it to `folder`.

    The language model gets the picture's predicted phrases and no numbers. The target texts are the descriptions that
    `measured` makes of the digitised plots.
    """
    start, encoder = time.perf_counter(), build("image_encoder", image_encoder)
    with torch_threads(thread_count()), torch.random.fork_rng(devices=[]):
        torch.manual_seed(derived_seed(seed, "tune", "vlm"))
        images = _tuning_images(subjects, encoder, schedule, seed, track)
        described = [each.traits for each in images]
        language_model = LanguageModel()
        classifier = PhraseClassifier(sizes := sizes_for(described, encoder.channels, encoder.grid))
        classifier.fit(features := torch.from_numpy(np.stack([each.features for each in images])))
        compressed = classifier.compress(features)
        with torch_threads(1):  # batches are too small for several threads
            train_phrase_classifier(classifier, compressed, phrase_targets(described, sizes), track)
        words, cue = embed_phrases(language_model, sizes), language_model.embed(CUE)
        said = [sentences(each) for each in described]
        with torch.no_grad():
            logits, _ = classifier(compressed)

        def loss(rows: Sequence[int]) -> Tensor:
            shown = likeliest_phrases({name: found[rows] for name, found in logits.items()}, words)
            return language_model.loss([torch.cat([each, cue]) for each in shown], [said[row] for row in rows])

        _train(language_model, loss, len(said), schedule, track, "Learn to describe")
        language_model.save(folder)
        weights = {name: part.contiguous() for name, part in classifier.state_dict().items()}
        save_file(weights, folder / PHRASE_CLASSIFIER)
    seconds = time.perf_counter() - start
    vision = {"sight": asdict(sizes), "image_encoder": image_encoder, "encoder": encoder.id}
    write_facts(folder, "vlm", _facts(schedule, len(subjects), seed, seconds) | vision)


def tune_llm(
    readings: Sequence[Readings], book: DefectBook, folder: Path, schedule: Schedule, seed: int, track: Track
) -> None:
    """Tune an LLM on simulated readings and on `readings`, for the classes of `book`, and write it to `folder`.

    Its input are the facts of g. The target texts follow from the facts and the book by rules.
    """
    start = time.perf_counter()
    rng = np.random.default_rng(derived_seed(seed, "tune", "readings"))
    with torch_threads(thread_count()), torch.random.fork_rng(devices=[]):
        torch.manual_seed(derived_seed(seed, "tune", "llm"))
        every = [*readings, *simulated_readings(schedule.simulated, rng)]
        facts = [state_facts(each, book.limits) for each in every]
        language_model = LanguageModel()

        def loss(rows: Sequence[int]) -> Tensor:
            prefixes = [language_model.embed(llm_prompt(facts[row])) for row in rows]
            return language_model.loss(prefixes, [llm_target(facts[row], book) for row in rows])

        _train(language_model, loss, len(every), schedule, track, "Learn to reason")
        language_model.save(folder)
    seconds = time.perf_counter() - start
    write_facts(folder, "llm", _facts(schedule, len(readings), seed, seconds) | {"book": book.text()})


def _tuning_images(
    subjects: Sequence[Subject], encoder: ImageEncoder, schedule: Schedule, seed: int, track: Track
) -> list[TuningImage]:
    """The pictures of the training records and simulated ones, processed on all cores."""
    rngs = np.random.default_rng(derived_seed(seed, "tune", "pictures")).spawn(schedule.simulated)
    pool = ThreadPoolExecutor(cores(), initializer=torch.set_num_threads, initargs=(1,))
    with Cache() as cache, pool:

        def make(subject: Subject) -> TuningImage:
            return TuningImage(
                view_features(subject.image, subject.plot, encoder, cache), traits(subject.image, subject.plot)
            )

        images = [make(subject) for subject in track(subjects, "Look at records")]
        drawn = pool.map(lambda rng: make(simulated_subject(rng)), rngs)
        return images + [next(drawn) for _ in track(rngs, "Draw and look")]


def embed_phrases(language_model: LanguageModel, sizes: PhraseClassifierSizes) -> dict[str, Tensor]:
    """By trait, the embedded words of each phrase [phrases, length, width], padded with zeros."""
    return {
        name: nn.utils.rnn.pad_sequence(
            [language_model.embed(f" {phrase}").float() for phrase in phrases], batch_first=True
        )
        for name, phrases in sizes.phrases.items()
    }


def _train(
    language_model: LanguageModel,
    loss_of: Callable[[Sequence[int]], Tensor],
    count: int,
    schedule: Schedule,
    track: Track,
    title: str,
) -> None:
    """Train the adapter with AdamW on `count` pairs in random order, repeated as often as needed."""
    order = _endless(count)
    optimizer = torch.optim.AdamW(language_model.parameters(), schedule.learning_rate, weight_decay=1e-2)
    rates = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, schedule.learning_rate, total_steps=schedule.steps, pct_start=0.1
    )
    language_model.model.train()
    for _ in track(range(schedule.steps), title):
        loss = loss_of([next(order) for _ in range(schedule.batch)])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(language_model.parameters(), CLIP)
        optimizer.step()
        rates.step()
    language_model.model.eval()


def _endless(count: int) -> Iterator[int]:
    while True:
        yield from torch.randperm(count).tolist()


def _facts(schedule: Schedule, records: int, seed: int, seconds: float) -> dict[str, Any]:
    return {
        "simulated": schedule.simulated,
        "records": records,
        "steps": schedule.steps,
        "seed": seed,
        "seconds": seconds,
    }
