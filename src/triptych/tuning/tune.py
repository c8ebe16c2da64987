"""Tunes both models on the CPU: pairs of what there is to see or to read, and the words that code wrote of it."""

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
from triptych.answers.book import DefectBook
from triptych.answers.facts import state_facts
from triptych.answers.measured import Trait, sentences, traits
from triptych.cache import Cache, derived_seed
from triptych.encoders.image import ImageEncoder
from triptych.plugins import build
from triptych.progress import Track
from triptych.records import Readings
from triptych.threads import cores, torch_threads
from triptych.tuning.adapter import SIGHT, Kind, write_facts
from triptych.tuning.looks import looked_at
from triptych.tuning.reasoning import conclude, told
from triptych.tuning.sheets import simulated_readings, simulated_subject
from triptych.tuning.sight import Sight, SightSizes, aims, learn_to_see, likeliest, sizes_for
from triptych.tuning.speaker import Speaker

CUE = "Description:"  # stands between what is seen and what is said
CLIP = 1.0


@dataclass(frozen=True)
class Schedule:
    """How much a model is tuned; the defaults take some minutes on two cores.

    Attributes:
        simulated: simulated records to tune on.
        steps: of AdamW, with the language model.
        batch: pairs in each.
        learning_rate: of the adapter, at its height.
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
class Seen:
    """A picture to tune on: what there is to look at, [c, h, w], and the traits to be said."""

    looked: NDArray[np.float16]
    traits: tuple[Trait, ...]


def tune_vlm(
    subjects: Sequence[Subject], image_encoder: str, folder: Path, schedule: Schedule, seed: int, track: Track
) -> None:
    """Tune a VLM on simulated pictures and `subjects`, and write it to `folder`.

    Its language model is shown what the picture looks like, and no number; what it is to say is what `measured` says of
    the digitised plot.
    """
    start, encoder = time.perf_counter(), build("image_encoder", image_encoder)
    with torch_threads(cores()), torch.random.fork_rng(devices=[]):
        torch.manual_seed(derived_seed(seed, "tune", "vlm"))
        seen = _see(subjects, encoder, schedule, seed, track)
        described = [each.traits for each in seen]
        speaker = Speaker()
        sight = Sight(sizes := sizes_for(described, encoder.channels, encoder.grid))
        sight.fit(looked := torch.from_numpy(np.stack([each.looked for each in seen])))
        compressed = sight.compress(looked)
        with torch_threads(1):  # batches too small to share
            learn_to_see(sight, compressed, aims(described, sizes), track)
        words, cue, said = phrase_words(speaker, sizes), speaker.embed(CUE), [sentences(each) for each in described]
        with torch.no_grad():
            logits, _ = sight(compressed)

        def loss(rows: Sequence[int]) -> Tensor:
            shown = likeliest({name: found[rows] for name, found in logits.items()}, words)
            return speaker.loss([torch.cat([each, cue]) for each in shown], [said[row] for row in rows])

        _train(speaker, loss, len(said), schedule, track, "Learn to describe")
        speaker.save(folder)
        save_file({name: part.contiguous() for name, part in sight.state_dict().items()}, folder / SIGHT)
    seconds = time.perf_counter() - start
    sees = {"sight": asdict(sizes), "image_encoder": image_encoder, "encoder": encoder.id}
    write_facts(folder, "vlm", _facts(schedule, len(subjects), seed, seconds) | sees)


def tune_llm(
    readings: Sequence[Readings], book: DefectBook, folder: Path, schedule: Schedule, seed: int, track: Track
) -> None:
    """Tune an LLM on simulated readings and on `readings`, for the classes of `book`, and write it to `folder`.

    It is told the facts of g; what it is to say is what follows from these and the book by rules.
    """
    start = time.perf_counter()
    rng = np.random.default_rng(derived_seed(seed, "tune", "readings"))
    with torch_threads(cores()), torch.random.fork_rng(devices=[]):
        torch.manual_seed(derived_seed(seed, "tune", "llm"))
        every = [*readings, *simulated_readings(schedule.simulated, rng)]
        facts = [state_facts(each, book.limits) for each in every]
        speaker = Speaker()

        def loss(rows: Sequence[int]) -> Tensor:
            prefixes = [speaker.embed(told(facts[row])) for row in rows]
            return speaker.loss(prefixes, [conclude(facts[row], book) for row in rows])

        _train(speaker, loss, len(every), schedule, track, "Learn to reason")
        speaker.save(folder)
    seconds = time.perf_counter() - start
    write_facts(folder, "llm", _facts(schedule, len(readings), seed, seconds) | {"book": book.text()})


def _see(subjects: Sequence[Subject], encoder: ImageEncoder, schedule: Schedule, seed: int, track: Track) -> list[Seen]:
    """All pictures: those of the training records, and simulated ones, drawn and looked at by all cores."""
    rngs = np.random.default_rng(derived_seed(seed, "tune", "pictures")).spawn(schedule.simulated)
    pool = ThreadPoolExecutor(cores(), initializer=torch.set_num_threads, initargs=(1,))
    with Cache() as cache, pool:

        def look(subject: Subject) -> Seen:
            return Seen(looked_at(subject.image, subject.plot, encoder, cache), traits(subject.image, subject.plot))

        seen = [look(subject) for subject in track(subjects, "Look at records")]
        drawn = pool.map(lambda rng: look(simulated_subject(rng)), rngs)
        return seen + [next(drawn) for _ in track(rngs, "Draw and look")]


def phrase_words(speaker: Speaker, sizes: SightSizes) -> dict[str, Tensor]:
    """By trait, the vectors of each phrase's words [phrases, length, width], the shorter ones filled up with zeros."""
    return {
        name: nn.utils.rnn.pad_sequence([speaker.embed(f" {phrase}").float() for phrase in phrases], batch_first=True)
        for name, phrases in sizes.phrases.items()
    }


def _train(
    speaker: Speaker,
    loss_of: Callable[[Sequence[int]], Tensor],
    count: int,
    schedule: Schedule,
    track: Track,
    title: str,
) -> None:
    """Steps of AdamW on the adapter, over `count` pairs in random order again and again."""
    order = _endless(count)
    optimizer = torch.optim.AdamW(speaker.parameters(), schedule.learning_rate, weight_decay=1e-2)
    rates = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, schedule.learning_rate, total_steps=schedule.steps, pct_start=0.1
    )
    speaker.model.train()
    for _ in track(range(schedule.steps), title):
        loss = loss_of([next(order) for _ in range(schedule.batch)])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(speaker.parameters(), CLIP)
        optimizer.step()
        rates.step()
    speaker.model.eval()


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
