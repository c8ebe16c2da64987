"""Writes a data set of simulated records: a folder of pictures by split and class, and their true readings.

    OUT/{train,test}/<class>/<id>.png|jpg
    OUT/truth.csv      a row per picture, with the readings as printed, in um

Each record has its own random generator, spawned from the seed, so that it depends on its index and not on the random
numbers that earlier records have drawn. A row of `truth.csv` is written before its picture. So after an interruption
the file lists all pictures, and the next run into the same folder can remove them.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from triptych.errors import TriptychError
from triptych.paths import StrPath, as_path
from triptych.progress import Track, silent
from triptych.records.fields import MOMENTS, TOTAL, ring_name
from triptych.simulate.classes import CLASSES, draw_points
from triptych.simulate.draw import draw_record, encode
from triptych.simulate.extras import EXTRAS, draw_extras
from triptych.simulate.layout_spec import RINGS
from triptych.simulate.layouts import LAYOUTS
from triptych.simulate.plan import SPLITS, PlannedRecord, plan_records
from triptych.simulate.printing import true_readings
from triptych.simulate.style import draw_style

RECORDS, TEST_RECORDS = 455, 130  # the paper's (section 4.1)
TRUTH = "truth.csv"
TRUTH_COLUMNS = ("image", "label", "split", "layout", TOTAL, *MOMENTS, *(ring_name(*ring) for ring in RINGS), *EXTRAS)


@dataclass(frozen=True)
class SimulatedDataset:
    """A written data set.

    Attributes:
        out: the folder.
        n_train: records in `train`.
        n_test: records in `test`.
        truth: the table of true readings.
    """

    out: Path
    n_train: int
    n_test: int
    truth: Path


@dataclass(frozen=True)
class SimulatedRecord:
    """One record: the path and the bytes of its picture, and its row of `truth.csv`."""

    image: str
    data: bytes
    truth: dict[str, str]


def simulate_dataset(
    out: StrPath,
    records: int = RECORDS,
    seed: int = 0,
    test_share: float = TEST_RECORDS / RECORDS,
    track: Track = silent,
) -> SimulatedDataset:
    """Write `records` simulated records into the folder `out`, replacing an earlier simulation.

    Args:
        out: a new or empty folder, or one that this function wrote before.
        records: number of records; the classes have the paper's proportions (Table 1).
        seed: the same seed gives the same bytes.
        test_share: the share of every class in `test`, between 0 and 1.
        track: iterates over the records and may show the progress.

    Raises:
        TriptychError: too few records, a seed or share out of range, other files in `out`, or `out` cannot be written.
    """
    out = as_path(out)
    _check(records, seed, test_share)
    rng = np.random.default_rng(seed)
    plan = plan_records(records, test_share, rng)
    try:
        unfinished = _clear(out)
        _write(out, list(zip(plan, rng.spawn(records), strict=True)), track, unfinished)
    except OSError as error:
        reason = error.strerror or error
        raise TriptychError(f"{out}: cannot be written ({reason}); choose a folder that can") from None
    n_test = sum(planned.split == "test" for planned in plan)
    return SimulatedDataset(out, records - n_test, n_test, out / TRUTH)


def simulate_record(planned: PlannedRecord, rng: np.random.Generator) -> SimulatedRecord:
    """Draw one planned record: its layout, points and style, the picture, and its true readings."""
    layout = LAYOUTS[rng.integers(len(LAYOUTS))]
    points = draw_points(planned.label, rng)
    style = draw_style(layout, rng)
    extras = draw_extras(layout, rng)
    encoded = encode(draw_record(points, layout, style, extras), style)
    image = f"{planned.split}/{planned.label}/{planned.id}{encoded.suffix}"
    about = {"image": image, "label": planned.label, "split": planned.split, "layout": layout.name}
    readings = {name: f"{value:.10g}" for name, value in true_readings(points, layout).items()}
    return SimulatedRecord(image, encoded.data, about | readings | extras)


def _check(records: int, seed: int, test_share: float) -> None:
    """Raise a TriptychError for arguments that cannot make a data set."""
    if records < 2 * len(CLASSES):
        raise TriptychError(
            f"{records} records are too few: each of the {len(CLASSES)} classes needs one to train on and one to test "
            f"with; ask for {2 * len(CLASSES)} or more"
        )
    if seed < 0:
        raise TriptychError(f"the seed {seed} is negative; choose 0 or more")
    if not 0 < test_share < 1:
        raise TriptychError(f"a test share of {test_share:g} leaves one split empty; choose one between 0 and 1")


def _write(
    out: Path, plan: list[tuple[PlannedRecord, np.random.Generator]], track: Track, unfinished: str | None
) -> None:
    """Draw and write all planned records; only a picture whose name begins with `unfinished` may exist already."""
    for split in SPLITS:
        for label in CLASSES:
            (out / split / label).mkdir(parents=True, exist_ok=True)
    with (out / TRUTH).open("w", newline="", encoding="utf-8") as stream:
        truth = csv.DictWriter(stream, TRUTH_COLUMNS, restval="", lineterminator="\n")
        truth.writeheader()
        for planned, rng in track(plan, "Simulate"):
            record = simulate_record(planned, rng)
            truth.writerow(record.truth)
            stream.flush()
            known = unfinished is not None and record.image.startswith(unfinished)
            if (out / record.image).exists() and not known:
                raise TriptychError(f"{out / record.image}: was not simulated; move it away, or name another folder")
            (out / record.image).write_bytes(record.data)


def _clear(out: Path) -> str | None:
    """Prepare `out`: remove the pictures that an earlier simulation listed, and nothing else.

    Returns:
        The beginning of the picture's name in a truncated last row; None if the table is complete.

    Raises:
        TriptychError: `out` holds files, and no `truth.csv` that this module wrote.
    """
    out.mkdir(parents=True, exist_ok=True)
    if not any(out.iterdir()):
        return None
    listed = _listed_images(out / TRUTH)
    if listed is None:
        raise TriptychError(f"{out}: the folder is not empty and holds no simulated records; name a new or empty one")
    roots = [(out / split).resolve() for split in SPLITS]
    for path in (out / image for image in listed):
        if path.is_file() and any(path.resolve().is_relative_to(root) for root in roots):
            path.unlink()
    return listed[-1] if listed and not (out / TRUTH).read_bytes().endswith(b"\n") else None


def _listed_images(truth: Path) -> list[str] | None:
    """The pictures listed in a `truth.csv`; None if this module did not write it or it does not exist."""
    if not truth.is_file():
        return None
    with truth.open(newline="", encoding="utf-8", errors="replace") as stream:
        if stream.readline().rstrip("\r\n") != ",".join(TRUTH_COLUMNS):
            return None
        return [line.partition(",")[0] for line in stream]
