"""Prepares records: reads them, asks VLM and LLM about them, and encodes them.

Each step stores its result under a digest of its input. So an interrupted run continues where it stopped, and the same
picture is never read, described or encoded twice.
"""

import math
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from typing import Self

import torch
from PIL import Image

from triptych.answers.ask import Answers, Subject, open_asker
from triptych.answers.few_shot import Shot, draw_shots, shuffled, subject_digest
from triptych.answers.prompt_facts import state_facts
from triptych.answers.prompts import listed
from triptych.cache import Cache
from triptych.config import Config
from triptych.encoders.chosen import open_encoders
from triptych.errors import RecordError
from triptych.features.readings import reading_features
from triptych.preparation.component_identities import check_identities, identities
from triptych.preparation.pictures import small_picture
from triptych.preparation.prepared import Prepared
from triptych.preparation.state import PreparerState
from triptych.preparation.table_survey import Survey, survey
from triptych.progress import Track, silent
from triptych.reading import PlotMeasures, Reading, digitise
from triptych.reading.layout_file import load_layout_files
from triptych.reading.read_records import open_reader
from triptych.reading.vocabulary import load_all_words, make_vocabulary
from triptych.records import Decoder, Failure, Record, learn_depth
from triptych.records.picture import Picture

AHEAD = 4  # most records that wait to be encoded, to limit memory
VIEW_SIDE = 224  # px, side of the picture that the image encoder sees
VIEW_MARGIN = 1.05  # half the view's side, in radii of the target


@dataclass(frozen=True)
class AnsweredRecord:
    """The reading of a record, and the answers of VLM and LLM about it."""

    reading: Reading
    answers: Answers


@dataclass(frozen=True)
class _ReadRecord:
    """A record that was read, before VLM and LLM are asked about it."""

    record: Record
    picture: Picture
    reading: Reading

    @property
    def image(self) -> Image.Image:
        """Its picture in RGB."""
        return self.picture.image

    @property
    def left_out(self) -> list[str]:
        """A note for each given reading that cannot be used."""
        return [_not_finite(name) for name in self.record.readings if name not in self.reading.values]

    @property
    def subject(self) -> Subject:
        """What VLM and LLM are asked about."""
        return Subject(self.image, self.reading.values, self.reading.plot)


class Preparer:
    """Reads, asks about and encodes records, with the components that the configuration names.

    It holds open files. Close it, or use it as a context manager.

    Args:
        config: the configuration.
        classes: the classes of the data set, for the defect book.
        state: what a trained model learned, which is then used unchanged; None learns from the records.
    """

    def __init__(self, config: Config, classes: Sequence[str], state: PreparerState | None = None) -> None:
        known = state or PreparerState()
        self.config = config
        self.decoder = Decoder(config.reading, known.depth)
        self.warnings: tuple[str, ...] = ()
        self.cache = Cache()
        search = known.search or config.reading.search == "always"
        self.words = load_all_words(config.reading.words) if known.words is None else known.words
        self.given = load_layout_files(config.reading.layouts) if known.given is None else known.given
        self.reader = open_reader(
            config.reading.ocr,
            self.cache,
            (*(file.layout for file in self.given), *known.layouts),
            learn=state is None,
            search=search,
            vocabulary=make_vocabulary(self.words, config.reading.words),
        )
        self.asker = open_asker(config.answers, classes, known.shots, known.book)
        self.encoders = open_encoders(config.encoders)
        self.components = identities(config)
        check_identities(known.components, self.components)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the cache and the answer store."""
        self.cache.close()
        self.asker.store.close()

    @property
    def state(self) -> PreparerState:
        """What has been learned so far, to be stored with the model."""
        return PreparerState(
            layouts=tuple(layout for layout in self.reader.layouts if not layout.given),
            given=self.given,
            shots=tuple(self.asker.shots),
            depth=self.decoder.depth,
            search=self.reader.search,
            book=self.asker.book,
            words=self.words,
            components=self.components,
        )

    def learn_depth(self, training: Iterable[Record]) -> None:
        """Learn from all training records, before they are read, how to scale pixel values of more than 8 bits."""
        sources = ((record.id, record.image) for record in training)
        learned = learn_depth(sources, self.config.reading.max_pixels)
        self.decoder, self.warnings = replace(self.decoder, depth=learned.depth), learned.warnings

    def survey(self, training: Sequence[Record], track: Track = silent) -> Survey:
        """Search some training pictures for tables; if none has one, no further picture is searched."""
        found = survey(self.reader, self.decoder, training, self.config, track)
        self.reader.search = found.tables
        return found

    def draw_shots(self, training: Iterable[Record]) -> None:
        """Draw the examples in the LLM's prompt from training records, if the configuration requests any.

        Raises:
            TriptychError: a class has too few usable records.
        """
        if count := self.config.answers.shots:
            by_class = shuffled(training, self.config.seed)
            shots = [shot for label, some in by_class.items() for shot in draw_shots(self._shots(some), label, count)]
            self.asker = replace(self.asker, shots=shots)

    def prepare(self, records: Iterable[Record]) -> Iterator[Prepared | Failure]:
        """Read, ask about and encode `records`, in order; a record that cannot be used gives a Failure.

        Reading is sequential, because it learns layouts. Encoding runs in parallel with it, in another thread.
        """
        with ThreadPoolExecutor(1, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            pending: deque[Future[Prepared] | Failure] = deque()
            for item in self._asked(records):
                pending.append(item if isinstance(item, Failure) else pool.submit(self._encode, *item))
                if len(pending) > AHEAD:
                    yield _finished(pending.popleft())
            yield from map(_finished, pending)

    def subjects(self, records: Iterable[Record]) -> Iterator[Subject | Failure]:
        """Read `records`, in order, without asking about them."""
        items = map(self._read_or_fail, records)
        return (item if isinstance(item, Failure) else item.subject for item in items)

    def ask(self, records: Iterable[Record]) -> Iterator[AnsweredRecord | Failure]:
        """Read and ask about `records`, in order, without encoding them."""
        return (
            item if isinstance(item, Failure) else AnsweredRecord(item[0].reading, item[1])
            for item in self._asked(records)
        )

    def retry(self, records: Iterable[Record]) -> Iterator[AnsweredRecord | Failure | None]:
        """Ask again about the `records` whose last attempt failed; the others give None."""
        for items in _batches(map(self._read_or_fail, records), self.asker.batch_size):
            found = iter(self.asker.retry([item.subject for item in items if isinstance(item, _ReadRecord)]))
            for item in items:
                if isinstance(item, Failure):
                    yield item
                else:
                    yield None if (answers := next(found)) is None else AnsweredRecord(item.reading, answers)

    def _asked(self, records: Iterable[Record]) -> Iterator[tuple[_ReadRecord, Answers] | Failure]:
        """Read records with their answers, which are requested in batches of the providers' size."""
        for items in _batches(map(self._read_or_fail, records), self.asker.batch_size):
            answers = iter(self.asker.ask([item.subject for item in items if isinstance(item, _ReadRecord)]))
            for item in items:
                yield item if isinstance(item, Failure) else (item, next(answers))

    def _read_or_fail(self, record: Record) -> _ReadRecord | Failure:
        try:
            picture = record.load_picture(self.decoder)
            reading = self._read(record, picture.image)
            return _ReadRecord(record, picture, replace(reading, problems=[*picture.problems, *reading.problems]))
        except RecordError as error:
            return Failure(record.id, str(error))

    def _shots(self, records: Iterable[Record]) -> Iterator[Shot]:
        """Examples from the `records` that can be read."""
        for item in map(self._read_or_fail, records):
            if isinstance(item, _ReadRecord):
                facts = state_facts(item.reading.values, self.asker.book.limits)
                yield Shot(item.record.label or "", listed(facts), subject_digest(item.image, facts))

    def _encode(self, item: _ReadRecord, answers: Answers) -> Prepared:
        view = plot_view(item.image, item.reading.plot)
        settings = self.config.answers
        reading = item.reading
        numbers = reading_features(reading.values, reading.density) if self.config.encoders.readings else {}
        unused = [kind for kind in answers.probabilities if settings.use == "probabilities"]
        return Prepared(
            record=item.record,
            reading=item.reading,
            answers=answers,
            missing=tuple(dict.fromkeys((*answers.missing, *unused))),
            image=self.encoders.image_input(view, self.cache),
            picture=small_picture(view),
            vlm=self.encoders.text_input(answers.description, self.cache),
            llm=self.encoders.text_input(answers.reasoning, self.cache),
            numbers=numbers if settings.use == "text" else numbers | answers.numbers,
            notes=(*item.picture.notes, *item.left_out),
        )

    def _read(self, record: Record, image: Image.Image) -> Reading:
        """The given readings of the record, without infinite and NaN values; else those of its picture."""
        if record.readings:
            values = {name: v for name, v in record.readings.items() if isinstance(v, str) or math.isfinite(v)}
            problems = [_not_finite(name) for name in record.readings if name not in values]
            return Reading(ok=not problems, values=values, problems=problems, plot=digitise(image))
        return self.reader.read(image)


def _not_finite(name: str) -> str:
    return f"the reading {name!r} is not a finite number and counts as missing"


def _batches(items: Iterable[_ReadRecord | Failure], size: int) -> Iterator[list[_ReadRecord | Failure]]:
    """`items` in lists of `size`; the last list may be shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def _finished(item: "Future[Prepared] | Failure") -> Prepared | Failure:
    return item if isinstance(item, Failure) else item.result()


def plot_view(image: Image.Image, plot: PlotMeasures | None) -> Image.Image:
    """The picture for the image encoder: the plot at a fixed scale; without a plot, the whole picture."""
    if plot is None:
        return image.resize((VIEW_SIDE, VIEW_SIDE), Image.Resampling.BILINEAR)
    box = plot_box(plot)
    return image.crop(box).resize((VIEW_SIDE, VIEW_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)


def plot_box(plot: PlotMeasures) -> tuple[int, int, int, int]:
    """The part of the picture in `plot_view`: left, top, right and bottom, in px; it may reach beyond the picture."""
    (x, y), half = plot.center_px, VIEW_MARGIN * plot.radius_px
    return round(x - half), round(y - half), round(x + half), round(y + half)
