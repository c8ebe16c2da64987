"""Compares systems: scores, differences to the reference and learning curves, as Markdown and as JSON."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triptych.evaluation.environment import environment_line
from triptych.evaluation.intervals import Mean, mean_interval
from triptych.evaluation.runs import Run, by_seed

HEADER = (
    "| | all classes | log loss | {0} is ahead by | normal or defective | {0} is ahead by | seeds | s |",
    "|---|---|---|---|---|---|---|---|",
)
LEGEND = (
    "Macro-F1 in percent on the test records, mean over the seeds ± 95% interval of the mean (Student's t). Log loss: "
    "the mean of -ln p over the test records, where p is the probability of the true class, at least 1e-6, over all "
    "classes; lower is better; - if a run has no probabilities. “Is ahead by”: the macro-F1 of the last row minus that "
    "of the row, paired by seed. s: seconds to augment, choose settings, train and predict, without reading and "
    "encoding, which are the same for all rows."
)


@dataclass(frozen=True)
class Standings:
    """The measured runs of all systems.

    Attributes:
        titles: titles of the systems by name, in order; the last one is the reference.
        curve: sizes of the parts of the training set, in increasing order.
        runs: all runs; those on a part of the training set have names that end in `-of-<size>`.
    """

    titles: Mapping[str, str]
    curve: Sequence[int]
    runs: Sequence[Run]

    @property
    def reference(self) -> str:
        """The name of the system with which the others are compared."""
        return list(self.titles)[-1]

    @property
    def sizes(self) -> dict[str, str]:
        """For each point of the curve, its label and the suffix of its runs' names."""
        whole = {run.n_train for run in self.runs if run.name in self.titles}
        return {str(size): f"-of-{size}" for size in self.curve} | {" or ".join(map(str, sorted(whole))): ""}

    def of(self, name: str) -> dict[int, Run]:
        """The runs called `name`, by seed."""
        return by_seed(self.runs, name)


def page(title: str, about: Sequence[str], standings: Standings, facts: Mapping[str, Any]) -> str:
    """The Markdown page."""
    seeds = ", ".join(str(seed) for seed in sorted({run.seed for run in standings.runs}))
    commits = ", ".join(sorted({run.commit for run in standings.runs if run.commit}))
    end = f"Seeds {seeds}; runs of the commits {commits}. {environment_line(dict(facts))}"
    lines = [
        f"# {title}",
        "",
        *about,
        "",
        LEGEND,
        "",
        *_table(standings),
        "",
        *_curve(standings),
        *_notes(standings),
        end,
    ]
    return "\n".join([*lines, ""])


def as_json(standings: Standings, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The same, for machines, with every run's scores."""
    return {
        "environment": dict(facts),
        "seeds": sorted({run.seed for run in standings.runs}),
        "reference": standings.reference,
        "systems": [_system_json(name, standings) for name in standings.titles],
        "runs": [
            {"seed": run.seed, "name": run.name, "n_train": run.n_train, "seconds": run.seconds, "commit": run.commit}
            | {"note": run.note, "scores": run.scores.to_json()}
            | {"log_loss": run.log_loss, "binary_log_loss": run.binary_log_loss}
            for run in standings.runs
        ],
    }


def _table(standings: Standings) -> list[str]:
    reference = standings.titles[standings.reference]
    lines = [line.format(reference) for line in HEADER]
    for name, title in standings.titles.items():
        runs = standings.of(name)
        if not runs:
            lines.append(f"| {title} | not run | | | | | 0 | |")
            continue
        seconds = f"{mean_interval([run.seconds for run in runs.values()]).mean:.0f}"
        scores = [str(_mean(runs, binary) or "-") for binary in (False, True)]
        ahead = [_signed(_ahead(standings, name, binary)) for binary in (False, True)]
        cells = (title, scores[0], _loss(runs), ahead[0], scores[1], ahead[1], str(len(runs)), seconds)
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _curve(standings: Standings) -> list[str]:
    """The learning curves over all classes; empty without runs on parts of the training set."""
    parts = list(standings.sizes.values())[:-1]
    shown = [name for name in standings.titles if any(standings.of(name + end) for end in parts)]
    if not shown:
        return []
    f1 = _by_size(standings, shown, lambda runs: str(_mean(runs, binary=False) or ""))
    losses = _by_size(standings, shown, lambda runs: _loss(runs) if runs else "")
    lines = ["## By the number of training records", "", "Macro-F1 over all classes.", "", *f1, ""]
    return [*lines, *_with_fewer(standings), "", "Log loss over all classes.", "", *losses, ""]


def _by_size(standings: Standings, names: Sequence[str], cell: Callable[[Mapping[int, Run]], str]) -> list[str]:
    """A table with one row per system and one column per number of training records; `cell` formats the runs."""
    lines = [f"| | {' | '.join(standings.sizes)} |", "|---" * (1 + len(standings.sizes)) + "|"]
    for name in names:
        cells = [cell(standings.of(name + end)) for end in standings.sizes.values()]
        lines.append(f"| {standings.titles[name]} | {' | '.join(cells)} |")
    return lines


def _with_fewer(standings: Standings) -> list[str]:
    """The differences between the reference on each part of the records and the best peer on all records."""
    peers = [
        (mean.mean, name) for name in list(standings.titles)[:-1] if (mean := _mean(standings.of(name), binary=False))
    ]
    if not peers:
        return []
    best = max(peers)[1]
    found = {
        size: _difference(standings.of(standings.reference + end), standings.of(best), binary=False)
        for size, end in standings.sizes.items()
    }
    if not any(found.values()):
        return []
    listed = "; ".join(f"with {size} records {_signed(mean)}" for size, mean in found.items() if mean)
    return [f"{standings.titles[standings.reference]} minus “{standings.titles[best]}” with all records: {listed}."]


def _notes(standings: Standings) -> list[str]:
    notes = dict.fromkeys(
        f"{standings.titles[run.name]}: {run.note}."
        for run in standings.runs
        if run.note and run.name in standings.titles
    )
    return [*notes, ""] if notes else []


def _ahead(standings: Standings, name: str, binary: bool) -> Mean | None:
    """The mean score of the reference minus that of a system; None for the reference itself."""
    if name == standings.reference:
        return None
    return _difference(standings.of(standings.reference), standings.of(name), binary)


def _difference(runs: Mapping[int, Run], others: Mapping[int, Run], binary: bool) -> Mean | None:
    """The mean difference of the scores, on the common seeds."""
    pairs = [(_score(runs[seed], binary), _score(others[seed], binary)) for seed in sorted(runs.keys() & others.keys())]
    known = [one - other for one, other in pairs if one is not None and other is not None]
    return mean_interval(known) if known else None


def _mean(runs: Mapping[int, Run], binary: bool) -> Mean | None:
    known = [score for run in runs.values() if (score := _score(run, binary)) is not None]
    return mean_interval(known) if known else None


def _mean_loss(runs: Mapping[int, Run], binary: bool) -> Mean | None:
    """The mean log loss; None unless every run has one, because some seeds are harder than others."""
    found = [run.binary_log_loss if binary else run.log_loss for run in runs.values()]
    known = [loss for loss in found if loss is not None]
    return mean_interval(known) if known and len(known) == len(found) else None


def _loss(runs: Mapping[int, Run]) -> str:
    """The log loss over all classes, as text for a table."""
    mean = _mean_loss(runs, binary=False)
    if mean is None:
        return "-"
    return f"{mean.mean:.3f} ± {mean.half:.3f}" if mean.n > 1 else f"{mean.mean:.3f}"


def _score(run: Run, binary: bool) -> float | None:
    """Macro-F1; None for normal against defective if there is no normal class."""
    if not binary:
        return run.scores.macro_f1
    return run.scores.binary.macro_f1 if run.scores.binary else None


def _signed(mean: Mean | None) -> str:
    if mean is None:
        return ""
    return f"{mean.mean:+.1f} ± {mean.half:.1f}" if mean.n > 1 else f"{mean.mean:+.1f}"


def _system_json(name: str, standings: Standings) -> dict[str, Any]:
    ends = standings.sizes
    return {
        "name": name,
        "title": standings.titles[name],
        "seeds": sorted(standings.of(name)),
        "classes": _json(_mean(standings.of(name), binary=False)),
        "log_loss": _json(_mean_loss(standings.of(name), binary=False)),
        "binary": _json(_mean(standings.of(name), binary=True)),
        "binary_log_loss": _json(_mean_loss(standings.of(name), binary=True)),
        "reference_ahead": {
            "classes": _json(_ahead(standings, name, False)),
            "binary": _json(_ahead(standings, name, True)),
        },
        "curve": {size: _json(_mean(standings.of(name + end), binary=False)) for size, end in ends.items()},
        "log_loss_curve": {size: _json(_mean_loss(standings.of(name + end), False)) for size, end in ends.items()},
    }


def _json(mean: Mean | None) -> dict[str, float | None] | None:
    return None if mean is None else {"mean": mean.mean, "half": mean.half if mean.n > 1 else None}
