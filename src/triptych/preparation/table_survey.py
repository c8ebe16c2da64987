"""Determines from a sample of the training pictures whether pictures are searched for tables.

A search for text takes about a second per picture and finds nothing in plain pictures, such as photographs. So a
sample, drawn by the seed from all classes, is searched first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from triptych.answers.few_shot import shuffled
from triptych.config import Config
from triptych.errors import RecordError
from triptych.progress import Track
from triptych.reading import Reader
from triptych.records import Decoder, Record


@dataclass(frozen=True)
class Survey:
    """The result of a survey.

    Attributes:
        searched: the number of pictures that were searched for tables.
        pictures: the number of records without given readings.
        tables: whether further pictures are searched for tables.
    """

    searched: int
    pictures: int
    tables: bool

    @property
    def spared(self) -> int:
        """The number of pictures that are not searched."""
        return 0 if self.tables else self.pictures - self.searched


def survey(reader: Reader, decoder: Decoder, training: Sequence[Record], config: Config, track: Track) -> Survey:
    """Search pictures of `training` records for tables, until one has a table or `reading.sample` have none."""
    plain = [record for record in training if not record.readings]
    if config.reading.search == "always" or reader.engine is None or not plain:
        return Survey(0, len(plain), tables=True)
    searched = 0
    for record in track(list(_drawn(plain, config)), "Look for tables"):
        try:
            found = reader.finds_table(record.load_picture(decoder).image)
        except RecordError:
            continue
        searched += 1
        if found:
            return Survey(searched, len(plain), tables=True)
    return Survey(searched, len(plain), tables=searched == 0)


def _drawn(plain: Sequence[Record], config: Config) -> Iterator[Record]:
    """The sample: the first record, which is searched anyway if there are tables, then all classes in turn."""
    yield plain[0]
    unlabelled = [record for record in plain if record.label is None]
    turns = zip_longest(*shuffled(plain, config.seed).values(), unlabelled)
    others = [record for record in chain.from_iterable(turns) if record is not None and record is not plain[0]]
    yield from others[: config.reading.sample - 1]
