"""One training run: from labelled records to a model."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from triptych import __version__
from triptych.answers.defect_book import load_book
from triptych.cache import digest
from triptych.config import AuditConfig, Config
from triptych.encoders.chosen import open_encoders
from triptych.errors import TriptychError
from triptych.experts.ensemble import Ensemble
from triptych.experts.expert import Expert, TrainingSet
from triptych.experts.pool import Pool
from triptych.experts.registry import open_experts
from triptych.model.folder import FORMAT
from triptych.model.model import Model
from triptych.model.reference import Reference
from triptych.network.compute import threads_for
from triptych.preparation.component_identities import identities
from triptych.preparation.prepared import DrawnRecord, Prepared
from triptych.preparation.preparer import Preparer
from triptych.progress import Track
from triptych.reading.layout_file import load_layout_files
from triptych.reading.vocabulary import load_all_words
from triptych.records import Failure, Record, RecordSet
from triptych.training.augmentation import CANDIDATES, draw
from triptych.training.checkpoints import Checkpoints
from triptych.training.cross_fitting import choose_tda, cross_fit, divide, named_augmentation
from triptych.training.out_of_fold import OutOfFold
from triptych.training.trained_part import TrainedPart, train_part
from triptych.training.training_data import TrainingData, collect
from triptych.training.training_sets import Draw, Plan, Records, training_set
from triptych.trust import remember_servers


@dataclass(frozen=True)
class Fitted:
    """A model, the training records that could not be used, and warnings about the others."""

    model: Model
    failures: list[Failure]
    warnings: tuple[str, ...] = ()


def fit(records: RecordSet, config: Config, work_dir: Path | None, track: Track) -> Fitted:
    """Train a model on labelled records, continuing from the checkpoints in `work_dir`.

    Raises:
        TriptychError: fewer than two classes, too few usable records of one, a normal class that is not one of them, or
            a `work_dir` of another run.
    """
    remember_servers(config)
    mark = fingerprint(config, records)
    checkpoints = Checkpoints(work_dir, mark)
    with threads_for(config):
        data = collect(records, config, track)
        checkpoints.belong_to(data.answers_mark)
        model = train(data, checkpoints, track)
    promises = list(model.point.promises.values()) if model.point else []
    metrics = {
        **model.metrics,
        "groups": _groups(records, config),
        "unused": [asdict(failure) for failure in records.unused],
        "fingerprint": mark,
        "version": __version__,
    }
    refused = [
        f"{promise.impossible()}; such records go to review" for promise in promises if promise.threshold is None
    ]
    return Fitted(replace(model, metrics=metrics), data.failures, (*data.warnings, *refused))


def train(data: TrainingData, checkpoints: Checkpoints, track: Track, draw_more: Draw | None = None) -> Model:
    """Train the experts of the configuration on prepared records.

    With cross-fitting, experts with `averaged` keep their members from the folds and predict their mean; the others are
    trained again on all records. Without it, all experts are trained on all records and have equal weights.

    Args:
        data: the records.
        checkpoints: stores finished work.
        track: shows progress.
        draw_more: draws records; None: `drawing(data, track)`.
    """
    start, config = time.perf_counter(), data.config
    records, experts = Records.of(config, data.classes, data.prepared), open_experts(config.experts)
    draw_more = draw_more or drawing(data, track)
    if folds := divide(records):
        found = cross_fit(records, folds, draw_more, checkpoints, track)
        judged = OutOfFold.of(records, found)
        kept = [name for name, weight in judged.pool.weights.items() if weight]
        parts = [part.of([name for name in kept if experts[name].averaged]) for part in found.parts]
        again, plan = {name: experts[name] for name in kept if not experts[name].averaged}, found.plan
    else:
        parts, judged, again, plan = [], None, experts, Plan(named_augmentation(config))
    whole, drawn = _train_on_all(records, again, draw_more, plan, checkpoints, track)
    parts = [part for part in (*parts, whole) if part.states]
    pool = judged.pool if judged else Pool.equal(list(whole.states))
    curves = next((part.curves for part in parts if part.curves), ())  # of the first fold; the others are similar
    metrics = {
        **data.facts(),
        "drawn": drawn,
        "tda": plan.tda.numbers,
        "plots_tda": plan.tda.plots,
        "epochs": plan.epochs,
        "branches": plan.active and sorted(plan.active),
        "experts": judged.facts() if judged else {name: {"weight": w} for name, w in pool.weights.items()},
        "out_of_fold": judged and judged.probabilities(),
        "calibration": judged and judged.calibration(),
        "seconds": {**data.seconds, "train": round(time.perf_counter() - start, 1)},
        "curves": [asdict(epoch) for epoch in curves],
    }
    return Model(
        config=config,
        classes=data.classes,
        counts=list(data.counts.values()),
        normal=data.normal,
        ensemble=Ensemble([part.open(records) for part in parts], pool),
        state=data.state,
        metrics=metrics,
        reference=_reference(records, judged),
    )


def _reference(records: Records, judged: OutOfFold | None) -> Reference:
    """What the model stores about its training records."""
    encoders = open_encoders(records.config.encoders)
    classes = len(records.classes)
    found = Reference.of(records.items, records.inputs, trained_encoder=encoders.trains_images, classes=classes)
    if judged is not None:
        found.folds[judged.rows] = judged.folds
        found.out_of_fold[judged.rows] = judged.cross_pooled.exp().numpy()
    return found.with_distances(records.config.decision.novelty_records, records.config.seed)


def _train_on_all(
    records: Records,
    experts: Mapping[str, Expert],
    draw_more: Draw,
    plan: Plan,
    checkpoints: Checkpoints,
    track: Track,
) -> tuple[TrainedPart, int]:
    """`experts`, trained on all records, and the number of records that were drawn for this."""
    drawn = draw_more(records.items, plan.tda.numbers)
    store = checkpoints.part("all")
    if (done := store.restore_part()) is not None:
        return done, len(drawn)
    data = training_set(records, range(len(records.items)), drawn, plan, store)
    part = train_part(experts, data, None, track)
    store.keep_part(part)
    return part, len(drawn)


@dataclass(frozen=True)
class Augmented:
    """All training records as one training set.

    Attributes:
        items: the records that have pictures, in the order of `data.inputs`; drawn ones are last.
        data: the training set.
    """

    items: list[Prepared]
    data: TrainingSet


def augmented(data: TrainingData, track: Track) -> Augmented:
    """All records of `data`, with the records that the chosen augmentation draws from them."""
    records, draw_more = Records.of(data.config, data.classes, data.prepared), drawing(data, track)
    folds = divide(records)
    tda = choose_tda(records, folds, draw_more, track) if folds else named_augmentation(data.config)
    drawn = draw_more(data.prepared, tda.numbers)
    pictured = [item for item in drawn if isinstance(item, Prepared)]
    return Augmented([*data.prepared, *pictured], training_set(records, range(len(data.prepared)), drawn, Plan(tda)))


def drawing(data: TrainingData, track: Track) -> Draw:
    """A function that draws records with any augmentation; drawn pictures are prepared like the records of `data`."""

    def draw_more(prepared: Sequence[Prepared], name: str) -> Sequence[Prepared | DrawnRecord]:
        if name in CANDIDATES:
            return draw(prepared, name, data.config)
        with Preparer(data.config, data.classes, data.state) as preparer:
            return draw(prepared, name, data.config, preparer, track=track)

    return draw_more


def _groups(records: RecordSet, config: Config) -> dict[str, object] | None:
    """The column by which the records are grouped, and the number of groups; None without groups."""
    names = {record.group for record in records if record.group is not None}
    return {"column": config.group or "group", "count": len(names)} if names else None


def fingerprint(config: Config, records: RecordSet) -> str:
    """A digest that identifies a training run, of all that its result depends on.

    It includes the contents of the defect book and of the files of words and layouts, and the identities of components,
    but not the prices of answers and the settings of audits.
    """
    ignored = {"book": None, "vlm_price": None, "llm_price": None}
    sections = {
        "audit": AuditConfig(),
        "answers": config.answers.model_copy(update=ignored),
        "reading": config.reading.model_copy(update={"words": (), "layouts": ()}),
    }
    settings = config.model_copy(update=sections)
    words = [found.model_dump_json() for found in load_all_words(config.reading.words)]
    words += [found.mark for found in load_layout_files(config.reading.layouts)]
    book = load_book(config.answers.book).model_dump_json()
    components = json.dumps(identities(config), sort_keys=True)
    return digest(f"format {FORMAT}", settings.to_yaml(), *words, book, components, *record_marks(records))


def record_marks(records: RecordSet) -> list[str]:
    """What identifies each record: its id, label, picture, readings, and its group if it has one."""
    return [json.dumps([r.id, r.label, _image_mark(r), sorted(r.readings.items()), *_group_mark(r)]) for r in records]


def _group_mark(record: Record) -> list[str]:
    return [] if record.group is None else [record.group]


def _image_mark(record: Record) -> str:
    try:
        return record.digest()
    except TriptychError:
        return "unreadable"
