"""`triptych figure`: draws the paper's figures from any data."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triptych.cli.common import CONFIGURATION, DATA, LOADING, OVERWRITE, list_failures, options, show_warnings

if TYPE_CHECKING:
    from triptych.config import Config
    from triptych.records import RecordSet
    from triptych.training.training_data import TrainingData

OUTPUT = options(
    click.option(
        "-o", "--output", default=Path("figures"), show_default=True, type=click.Path(path_type=Path), help="A folder."
    ),
    OVERWRITE,
)


@click.group("figure", short_help="Draw figures: samples, heat maps, ranking, embeddings.")
def command() -> None:
    """Draw a figure as PNG and SVG.

    Figures need matplotlib: pip install 'triptych[figures]'.

    \b
      triptych figure samples data
      triptych figure gradcam model data -o figures
    """


@command.command("samples", short_help="Figure 2: pictures of every class.")
@DATA
@OUTPUT
@click.option("--each", default=5, show_default=True, type=click.IntRange(min=1), help="Records per class.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Seed of the random choice.")
def samples(data: Path, output: Path, overwrite: bool, each: int, seed: int) -> int:
    """A row of pictures for every class of DATA.

    \b
      triptych figure samples data --each 3
    """
    from triptych.config import ReadingConfig
    from triptych.errors import RecordError
    from triptych.explain.draw import check_figures, check_place, sample_sheet
    from triptych.records import Decoder, Failure, learn_depth, open_records

    check_figures()
    check_place(output, "samples", overwrite=overwrite)
    chosen, failures = _chosen(show_warnings(open_records(data)), each, seed), []
    shown = ((record.id, record.image) for records in chosen.values() for record in records)
    decoder = Decoder(depth=learn_depth(shown, ReadingConfig().max_pixels).depth)
    pictures: dict[str, list[Any]] = {label: [] for label in chosen}
    for label, records in chosen.items():
        for record in records:
            try:
                pictures[label].append(record.load_image(decoder))
            except RecordError as error:
                failures.append(Failure(record.id, str(error)))
    _save(sample_sheet(pictures), output, "samples")
    return list_failures(failures, sum(map(len, chosen.values())))


@command.command("gradcam", short_help="Figure 4: which parts of the picture support a decision.")
@click.argument("model", type=click.Path(path_type=Path))
@DATA
@OUTPUT
@LOADING
@click.option("--split", default="test", show_default=True, help="The split of DATA.")
@click.option("--each", default=1, show_default=True, type=click.IntRange(min=1), help="Records per class.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Seed of the random choice.")
def gradcam(
    model: Path, data: Path, output: Path, overwrite: bool, split: str, each: int, seed: int, **loading: Any
) -> int:
    """Grad-CAM++ of the model in the folder MODEL, by its own image encoder, on some records of DATA.

    \b
      triptych figure gradcam model data
    """
    from triptych.evaluation.held_out import held_out_records
    from triptych.explain import heat_map
    from triptych.explain.draw import check_figures, check_place, heat_maps
    from triptych.model.folder import load_model
    from triptych.preparation.prepared import Prepared
    from triptych.preparation.preparer import Preparer
    from triptych.records import Failure

    check_figures()
    check_place(output, "gradcam", overwrite=overwrite)
    loaded = load_model(model, **loading)
    records = show_warnings(held_out_records(loaded, data)).split(split)
    wanted = [record for some in _chosen(records, each, seed).values() for record in some]
    with Preparer(loaded.config, loaded.classes, loaded.state) as preparer:
        prepared = list(preparer.prepare(wanted))
    maps = [heat_map(loaded, item) for item in prepared if isinstance(item, Prepared)]
    if maps:
        _save(heat_maps(maps), output, "gradcam")
    return list_failures([item for item in prepared if isinstance(item, Failure)], len(wanted))


@command.command("ranking", short_help="Figure 5: training records by self-similarity.")
@DATA
@OUTPUT
@CONFIGURATION
def ranking(data: Path, output: Path, overwrite: bool, **options: Any) -> None:
    """The training records of DATA after the warm-up, ranked by the self-similarity of their image-text pairs.

    \b
      triptych figure ranking data
    """
    from triptych.explain import draw, ranked_records
    from triptych.progress import bar
    from triptych.training.fitting import augmented

    draw.check_figures()
    draw.check_place(output, "ranking", overwrite=overwrite)
    training = _training_data(data, **options)
    ranked = ranked_records(augmented(training, bar), training.decoder, bar)
    _save(draw.ranking(ranked, _order(training), training.config.alignment.stages), output, "ranking")


@command.command("embeddings", short_help="Figure 8: image embeddings by stage of alignment.")
@DATA
@OUTPUT
@CONFIGURATION
def embeddings(data: Path, output: Path, overwrite: bool, **options: Any) -> None:
    """Image embeddings of the training records of DATA by t-SNE, before, during and after alignment.

    \b
      triptych figure embeddings data --set seed=1
    """
    from triptych.explain import aligned_embeddings, draw
    from triptych.progress import bar
    from triptych.training.fitting import augmented

    draw.check_figures()
    draw.check_place(output, "embeddings", overwrite=overwrite)
    training = _training_data(data, **options)
    all_of_them = augmented(training, bar)
    labels = [item.record.label or "" for item in all_of_them.items]
    found = list(aligned_embeddings(all_of_them, bar))
    _save(draw.embeddings(found, labels, _order(training), training.config.seed), output, "embeddings")


def _training_data(data: Path, preset: str, config: Path | None, settings: tuple[str, ...]) -> "TrainingData":
    from triptych.config import load_config
    from triptych.progress import bar
    from triptych.records import split_records
    from triptych.training.training_data import collect

    chosen: Config = load_config(config, settings, preset)
    return collect(show_warnings(split_records(data, chosen.seed, chosen.group)).split("train"), chosen, bar)


def _order(data: "TrainingData") -> list[str]:
    """The classes, the normal one first."""
    return sorted(data.classes, key=lambda name: (name != data.normal, name))


def _chosen(records: "RecordSet", each: int, seed: int) -> "dict[str, list[Any]]":
    """Some records of every class, drawn with `seed`."""
    import numpy as np

    from triptych.errors import TriptychError
    from triptych.records import find_normal

    rng, by_class = np.random.default_rng(seed), {}
    labels = sorted({record.label for record in records if record.label is not None})
    if not labels:
        raise TriptychError("figure: these records carry no labels; put pictures into folders, one for each class")
    normal = find_normal(labels, None)
    for label in sorted(labels, key=lambda name: (name != normal, name)):
        members = [record for record in records if record.label == label]
        rows = sorted(rng.permutation(len(members))[:each].tolist())
        by_class[label] = [members[row] for row in rows]
    return by_class


def _save(figure: Any, folder: Path, name: str) -> None:
    from triptych.explain.draw import save

    for path in save(figure, folder, name):
        click.echo(f"Figure: {path}")
