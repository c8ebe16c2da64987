"""From records to what the network learns from: reading, answers, features.

Each step keeps its result under the address of its input, so that a run that was killed goes on where it stopped, and
the same picture is never read, described or encoded twice.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from triptych.answers.ask import Answers, Asker
from triptych.answers.book import load_book
from triptych.answers.prompts import load_prompts
from triptych.answers.store import AnswerStore
from triptych.cache import Cache
from triptych.config import Config
from triptych.encoders.cached import image_features, text_features
from triptych.encoders.image import ImageEncoder
from triptych.encoders.readings import feature_matrix, reading_features
from triptych.encoders.text import TextEncoder
from triptych.errors import RecordError
from triptych.plugins import build
from triptych.reading import Layout, PlotMeasures, Reading, digitise
from triptych.reading.listing import open_reader
from triptych.records import Failure, Record
from triptych.training.network import Panels

AHEAD = 4  # records that may wait to be encoded
VIEW_SIDE = 224  # px, of the picture that the image encoder sees
VIEW_MARGIN = 1.05  # half the view's side, in radii of the target


@dataclass(frozen=True)
class Prepared:
    """One record, ready for the network.

    Attributes:
        record: the record.
        reading: its checked readings and its digitised plot.
        answers: what VLM and LLM say about it.
        image: the image encoder's map [c, h, w].
        vlm, llm: the text encoder's features [t] of the two answers.
        numbers: named features for the readings branch.
    """

    record: Record
    reading: Reading
    answers: Answers
    image: NDArray[np.float16] = field(repr=False)
    vlm: NDArray[np.float16] = field(repr=False)
    llm: NDArray[np.float16] = field(repr=False)
    numbers: dict[str, float] = field(repr=False)


@dataclass(frozen=True)
class _Draft:
    """One record that is read and asked about, not yet encoded."""

    record: Record
    reading: Reading
    answers: Answers
    view: Image.Image


class Preparer:
    """Reads, asks and encodes records, with the components that the configuration names.

    Args:
        config: the configuration.
        classes: the classes of the data set, for the defect book.
        layouts: the table layouts of a trained model, by which alone records are then read; None learns them.
    """

    def __init__(self, config: Config, classes: Sequence[str], layouts: Sequence[Layout] | None = None) -> None:
        self.cache = Cache()
        self.reader = open_reader(config.reading.ocr, layouts or (), learn=layouts is None)
        self.asker = Asker(
            vlm=build("vlm", config.answers.vlm),
            llm=build("llm", config.answers.llm),
            prompts=load_prompts(),
            book=load_book(config.answers.book).for_classes(classes),
            store=AnswerStore(),
        )
        self.image_encoder: ImageEncoder = build("image_encoder", config.encoders.image)
        self.text_encoder: TextEncoder = build("text_encoder", config.encoders.text)

    def prepare(self, records: Iterable[Record]) -> Iterator[Prepared | Failure]:
        """Read, ask and encode `records`, in order; for one that cannot be used, a Failure, and the others go on.

        Reading learns layouts and so goes from record to record; encoding does not, and runs beside it.
        """
        with ThreadPoolExecutor(1, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            pending: deque[Future[Prepared] | Failure] = deque()
            for record in records:
                try:
                    pending.append(pool.submit(self._encode, self._draft(record)))
                except RecordError as error:
                    pending.append(Failure(record.id, str(error)))
                if len(pending) > AHEAD:
                    yield _finished(pending.popleft())
            yield from map(_finished, pending)

    def _draft(self, record: Record) -> _Draft:
        image = record.load_image()
        reading = self._read(record, image)
        answers = self.asker.ask(image, reading.values, reading.plot)
        return _Draft(record, reading, answers, plot_view(image, reading.plot))

    def _encode(self, draft: _Draft) -> Prepared:
        return Prepared(
            record=draft.record,
            reading=draft.reading,
            answers=draft.answers,
            image=image_features(self.image_encoder, draft.view, self.cache),
            vlm=text_features(self.text_encoder, draft.answers.description, self.cache),
            llm=text_features(self.text_encoder, draft.answers.reasoning, self.cache),
            numbers=reading_features(draft.reading.values, draft.reading.plot),
        )

    def _read(self, record: Record, image: Image.Image) -> Reading:
        """Readings that came with the record are taken as they are; else they are read from its picture."""
        if record.readings:
            return Reading(ok=True, values=dict(record.readings), problems=[], plot=digitise(image))
        return self.reader.read(image)


def _finished(item: "Future[Prepared] | Failure") -> Prepared | Failure:
    return item if isinstance(item, Failure) else item.result()


def plot_view(image: Image.Image, plot: PlotMeasures | None) -> Image.Image:
    """What the image encoder sees: the plot alone, always at the same scale, or the whole picture without one."""
    if plot is None:
        return image.resize((VIEW_SIDE, VIEW_SIDE), Image.Resampling.BILINEAR)
    (x, y), half = plot.center_px, VIEW_MARGIN * plot.radius_px
    box = (round(x - half), round(y - half), round(x + half), round(y + half))
    return image.crop(box).resize((VIEW_SIDE, VIEW_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)


def stack_panels(
    prepared: Sequence[Prepared], numbers: Sequence[str], classes: Sequence[str], *, labelled: bool
) -> Panels:
    """The panels of n prepared records, with the readings' features in the order `numbers`."""
    labels = [classes.index(item.record.label or "") for item in prepared] if labelled else None
    return Panels(
        image=torch.from_numpy(np.stack([item.image for item in prepared])),
        vlm=torch.from_numpy(np.stack([item.vlm for item in prepared])).float(),
        llm=torch.from_numpy(np.stack([item.llm for item in prepared])).float(),
        same_vlm=_same([item.answers.description for item in prepared]),
        same_llm=_same([item.answers.reasoning for item in prepared]),
        readings=torch.from_numpy(feature_matrix([item.numbers for item in prepared], numbers)) if numbers else None,
        labels=None if labels is None else torch.tensor(labels),
    )


def _same(texts: Sequence[str]) -> torch.Tensor:
    """A number per text, equal where the texts are."""
    numbers = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    return torch.tensor([numbers[text] for text in texts])
