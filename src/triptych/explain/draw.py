"""Draws the figures, with matplotlib (the extra `figures`), as PNG and SVG."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from triptych.errors import MissingExtraError
from triptych.explain.alignment_stages import Alignment, Ranking
from triptych.explain.heat_map import HeatMap
from triptych.explain.plane import in_plane
from triptych.files import unwritable, whole_file
from triptych.outputs import check_free, holding

DPI = 150
CREATOR = "Triptych, triptych figure"  # in the file's metadata; identifies earlier figures
COLOURS = ("tab:blue", "tab:orange", "tab:green", "tab:red", "tab:purple")  # the paper's, in its order of classes
SIDE = 2.4  # inches, of one picture
THUMBNAIL = 320  # px
SHOWN = 4  # pictures at each end of a ranking


def check_figures() -> None:
    """Check that matplotlib is installed.

    Raises:
        MissingExtraError: it is not installed.
    """
    if not find_spec("matplotlib"):
        raise MissingExtraError("figures need matplotlib, which is not installed; pip install 'triptych[figures]'")


def check_place(folder: Path, name: str, *, overwrite: bool) -> None:
    """Check, before the work is done, that `save` may write the figure `name` to `folder`.

    Raises:
        TriptychError: a file that is not an earlier figure exists there, and `overwrite` is off.
    """
    for suffix in (".png", ".svg"):
        check_free(folder / f"{name}{suffix}", holding(CREATOR.encode()), overwrite=overwrite)


def save(figure: Any, folder: Path, name: str) -> list[Path]:
    """Write `folder/name.png` and `folder/name.svg`; the same figure gives the same bytes.

    Raises:
        TriptychError: the folder cannot be written.
    """
    from matplotlib import rc_context

    paths = [folder / f"{name}.png", folder / f"{name}.svg"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with rc_context({"svg.hashsalt": name}), whole_file(paths[0]) as png, whole_file(paths[1]) as svg:
            figure.savefig(png, dpi=DPI, bbox_inches="tight", metadata={"Software": CREATOR})
            figure.savefig(svg, dpi=DPI, bbox_inches="tight", metadata={"Date": None, "Creator": CREATOR})
    except OSError as error:
        raise unwritable(folder, error) from None
    return paths


def sample_sheet(samples: dict[str, list[Image.Image]]) -> Any:
    """A row of pictures for every class (Figure 2)."""
    columns = max(1, *map(len, samples.values()))
    figure, axes = _grid(len(samples), columns)
    for row, (name, pictures) in zip(axes, samples.items(), strict=True):
        row[0].set_title(name, loc="left", fontsize=9)
        for axis, picture in zip(row, pictures, strict=False):
            axis.imshow(_small(picture))
    return figure


def heat_maps(maps: Sequence[HeatMap]) -> Any:
    """The encoder's input, overlaid with the heat map of the predicted class (Figure 4)."""
    figure, axes = _grid(len(maps), 2)
    for (left, right), item in zip(axes, maps, strict=True):
        left.imshow(item.view)
        left.set_title(item.label or "", loc="left", fontsize=9)
        right.imshow(item.view.convert("L"), cmap="gray")
        heat = Image.fromarray(item.values).resize(item.view.size, Image.Resampling.BICUBIC)
        right.imshow(np.asarray(heat).clip(0, 1), cmap="jet", alpha=0.5, vmin=0, vmax=1)
        right.set_title(f"called {item.predicted}", loc="left", fontsize=9)
    return figure


def embeddings(alignments: Sequence[Alignment], labels: Sequence[str], classes: Sequence[str], seed: int) -> Any:
    """Image embeddings in two dimensions by t-SNE, one panel per alignment (Figure 8)."""
    figure, axes = _grid(1, len(alignments))
    names = np.array(labels)
    for letter, axis, alignment in zip("abcdefgh", axes[0], alignments, strict=False):
        places = in_plane(alignment.vectors, seed)
        for i, name in enumerate(classes):
            axis.scatter(*places[names == name].T, s=6, color=_colour(i), label=name, linewidths=0)
        axis.set_title(f"({letter}) {alignment.title}", fontsize=8)
    figure.legend(*axes[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=len(classes), fontsize=8)
    return figure


def ranking(ranked: Ranking, classes: Sequence[str], shares: Sequence[float]) -> Any:
    """Self-similarity by rank with the shares of the stages, and the records at both ends (Figure 5)."""
    figure = _figure((2 * SHOWN * 1.5, 6.5))
    curve, pictures = figure.subfigures(2, 1, height_ratios=(3, 2))
    axis, n = curve.subplots(), len(ranked.records)
    names = np.array([item.record.label for item in ranked.records])
    for i, name in enumerate(classes):
        rows = np.flatnonzero(names == name)
        axis.scatter(rows + 1, ranked.similarity[rows], s=8, color=_colour(i), label=name, linewidths=0)
    for share in shares:
        axis.axvline(np.ceil(share * n) + 0.5, color="0.6", linewidth=0.8, linestyle="--")
        axis.text(np.ceil(share * n), axis.get_ylim()[0], f"{share:g} ", ha="right", va="bottom", fontsize=7)
    axis.set_xlabel("rank; a dashed line ends a stage's share of the records")
    axis.set_ylabel("self-similarity")
    axis.legend(fontsize=8)
    ends = [*range(min(SHOWN, n)), *range(max(n - SHOWN, 0), n)]
    for place, row in zip(np.atleast_1d(pictures.subplots(1, len(ends))), ends, strict=True):
        place.imshow(_small(ranked.records[row].record.load_image(ranked.decoder)))
        place.set_title(f"{row + 1}: {ranked.similarity[row]:.2f}\n{names[row]}", fontsize=7)
        place.axis("off")
    return figure


def _figure(size: tuple[float, float]) -> Any:
    from matplotlib.figure import Figure

    return Figure(figsize=size, layout="constrained")


def _grid(rows: int, columns: int) -> tuple[Any, Any]:
    """A figure, and its axes [rows, columns] without ticks and frames."""
    figure = _figure((columns * SIDE, rows * SIDE))
    axes = figure.subplots(rows, columns, squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    return figure, axes


def _colour(index: int) -> Any:
    from matplotlib import colormaps

    return COLOURS[index] if index < len(COLOURS) else colormaps["tab20"](index % 20)


def _small(image: Image.Image) -> Image.Image:
    copy = image.copy()
    copy.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    return copy
