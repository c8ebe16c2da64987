"""The results of a benchmark with the paper's results, as Markdown tables and as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from triptych.evaluation.environment import environment_line
from triptych.evaluation.intervals import Mean, mean_interval
from triptych.evaluation.runs import Run, by_seed
from triptych.evaluation.variants import Row, Table

HEADER = (
    "| | normal or defective | in the paper | all classes | in the paper | all classes minus last row | seeds | s |",
    "|---|---|---|---|---|---|---|---|",
)
LEGEND = (
    "Macro-F1 in percent on the test records, mean over the seeds ± 95% interval of the mean (Student's t). The "
    "paper's results are for its own data and one split. Differences to a table's last row are paired by seed. "
    "s: seconds of training and prediction, without reading and encoding, which are the same for all rows."
)


def table_lines(table: Table, runs: Sequence[Run]) -> list[str]:
    """The Markdown lines of one table; rows without runs contain `not run`."""
    reference = by_seed(runs, table.rows[-1].run)
    lines = [f"## {table.title}", "", *HEADER]
    lines += [_line(row, by_seed(runs, row.run), reference) for row in table.rows]
    return [*lines, ""]


def page(
    title: str, about: Sequence[str], tables: Sequence[Table], runs: Sequence[Run], facts: Mapping[str, Any]
) -> str:
    """The Markdown page with all tables."""
    body = [line for table in tables for line in table_lines(table, runs)]
    seeds = ", ".join(str(seed) for seed in sorted({run.seed for run in runs}))
    end = f"Seeds {seeds}. {environment_line(dict(facts))}"
    return "\n".join([f"# {title}", "", *about, "", LEGEND, "", *body, end, ""])


def as_json(tables: Sequence[Table], runs: Sequence[Run], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The results as JSON values: the scores of every run of the tables, and the means of every table."""
    names = {row.run for table in tables for row in table.rows}
    listed = [
        {"seed": run.seed, "name": run.name, "seconds": run.seconds, **_scores(run)}
        for run in runs
        if run.name in names
    ]
    return {
        "environment": dict(facts),
        "seeds": sorted({run.seed for run in runs}),
        "tables": {table.title: [_row_json(row, runs) for row in table.rows] for table in tables},
        "runs": listed,
    }


def _line(row: Row, runs: Mapping[int, Run], reference: Mapping[int, Run]) -> str:
    if not runs:
        return (
            f"| {row.title} | not run | {_figure(row.paper_binary)} | not run | {_figure(row.paper_classes)} | | 0 | |"
        )
    cells = (
        row.title,
        str(_binary(runs)),
        _figure(row.paper_binary),
        str(_classes(runs) or "-"),
        _figure(row.paper_classes),
        _difference(runs, reference),
        str(len(runs)),
        f"{mean_interval([run.seconds for run in runs.values()]).mean:.0f}",
    )
    return f"| {' | '.join(cells)} |"


def _binary(runs: Mapping[int, Run]) -> Mean | str:
    scores = [run.scores.binary.macro_f1 for run in runs.values() if run.scores.binary]
    return mean_interval(scores) if scores else "-"


def _classes(runs: Mapping[int, Run]) -> Mean | None:
    """The mean score over all classes; None if the method was trained on normal and defective only."""
    return None if _trained_on_two(runs) else mean_interval([run.scores.macro_f1 for run in runs.values()])


def _trained_on_two(runs: Mapping[int, Run]) -> bool:
    return all(run.name.endswith("-binary") for run in runs.values())


def _difference(runs: Mapping[int, Run], reference: Mapping[int, Run]) -> str:
    """The mean difference of the scores over all classes, on the common seeds; empty if there is none."""
    shared = runs.keys() & reference.keys()
    if not shared or _trained_on_two(runs) or next(iter(runs.values())).name == next(iter(reference.values())).name:
        return ""
    found = mean_interval([runs[seed].scores.macro_f1 - reference[seed].scores.macro_f1 for seed in sorted(shared)])
    return f"{found.mean:+.1f} ± {found.half:.1f}" if found.n > 1 else f"{found.mean:+.1f}"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _scores(run: Run) -> dict[str, Any]:
    return {"scores": run.scores.to_json(), "n_train": run.n_train}


def _row_json(row: Row, runs: Sequence[Run]) -> dict[str, Any]:
    found = by_seed(runs, row.run)
    measured: dict[str, Any] = {"title": row.title, "run": row.run, "seeds": sorted(found)}
    measured |= {"paper": {"binary": row.paper_binary, "classes": row.paper_classes}}
    for name, value in (("binary", _binary(found)), ("classes", _classes(found) if found else None)):
        if isinstance(value, Mean):
            measured[name] = {"mean": value.mean, "half": value.half if value.n > 1 else None}
    return measured
