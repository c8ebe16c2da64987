"""`triptych answers list|show|export|prune|stats`: the contents of the answer store."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triptych.cli.common import OVERWRITE, options

if TYPE_CHECKING:
    from triptych.answers.store import AnswerStore, StoredAnswer

WIDTH = 100  # characters of an answer in the list


_chosen = options(
    click.option("--kind", type=click.Choice(["vlm", "llm"]), help="Only answers of this kind."),
    click.option("--provider", help="Only answers of providers whose id begins with this text."),
    click.option("--failed", is_flag=True, help="Only questions whose last attempt failed."),
    click.option(
        "--store",
        "path",
        type=click.Path(path_type=Path),
        help="The store's file.  [default: in the cache folder]",
    ),
)


@click.command("list", short_help="List answers, one per line.")
@_chosen
def list_(**options: Any) -> None:
    """List stored answers, the oldest first, each with the beginning of its key.

    \b
      triptych answers list --kind llm --provider openai
    """
    for entry in _entries(**options)[1]:
        said = f"FAILED {entry.tries}x: {entry.error}" if entry.error else entry.text
        line = " ".join(said.split())
        click.echo(f"{entry.request.key[:12]}  {entry.request.kind}  {entry.request.provider}  {line[:WIDTH]}")


@click.command("show", short_help="Show one answer with its question.")
@click.argument("key")
@click.option(
    "--store", "path", type=click.Path(path_type=Path), help="The store's file.  [default: in the cache folder]"
)
def show(key: str, path: Path | None) -> None:
    """Show the answer whose key begins with KEY, as listed by `triptych answers list`.

    \b
      triptych answers show 3f2a9c
    """
    from triptych.errors import TriptychError

    found = [entry for entry in _entries(path)[1] if entry.request.key.startswith(key)]
    if len(found) != 1:
        raise TriptychError(f"{key}: {len(found)} answers have such a key; see `triptych answers list`")
    for name, value in _row(found[0]).items():
        click.echo(f"{name}: {value}")


@click.command("export", short_help="Write stored answers to a table.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help=".csv, .parquet or .jsonl")
@OVERWRITE
@_chosen
def export(output: Path, overwrite: bool, **options: Any) -> None:
    """Write a row for every stored answer: question, answer, probabilities, tokens, seconds, cost, and any error.

    \b
      triptych answers export -o answers.parquet
    """
    from triptych.answers.store import COLUMNS
    from triptych.outputs import table_of
    from triptych.tables import check_output, write_table

    check_output(output, table_of(("key", *COLUMNS[:4])), overwrite=overwrite)
    rows = [_row(entry) for entry in _entries(**options)[1]]
    write_table(rows, ["key", *COLUMNS], output)
    click.echo(f"{len(rows)} rows in {output}")


@click.command("prune", short_help="Delete stored answers.")
@_chosen
@click.option("--dry-run", is_flag=True, help="Only print how many would be deleted.")
def prune(dry_run: bool, **options: Any) -> None:
    """Delete answers, so that they are asked for again.

    \b
      triptych answers prune --provider openai:old-model --dry-run
      triptych answers prune --failed
    """
    store, entries = _entries(**options)
    if not dry_run:
        store.delete(entries)
    click.echo(f"{len(entries)} {'would be deleted' if dry_run else 'deleted'}")


@click.command("stats", short_help="Count answers, seconds, tokens and USD by provider.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_chosen
def stats(as_json: bool, **options: Any) -> None:
    """For each provider, print answers, failures, seconds per answer, tokens in and out, and their cost in USD.

    The cost is known only for answers that were given while answers.vlm_price or answers.llm_price was set.

    \b
      triptych answers stats
      triptych answers stats --provider openai --json
    """
    by_provider: dict[tuple[str, str], list[StoredAnswer]] = {}
    for entry in _entries(**options)[1]:
        by_provider.setdefault((entry.request.kind, entry.request.provider), []).append(entry)
    rows = [_sums(*names, entries) for names, entries in sorted(by_provider.items())]
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        click.echo("  ".join(f"{name} {value}" for name, value in row.items()))


def _entries(
    path: Path | None = None, kind: str | None = None, provider: str | None = None, failed: bool = False
) -> "tuple[AnswerStore, list[StoredAnswer]]":
    from triptych.answers.store import AnswerStore

    store = AnswerStore(path)
    found = store.entries(kind, provider)
    return store, [entry for entry in found if entry.error] if failed else found


def _row(entry: "StoredAnswer") -> dict[str, Any]:
    """As one row; the probabilities as JSON."""
    from triptych.answers.store import COLUMNS

    values = vars(entry.request) | vars(entry)
    values["probabilities"] = None if entry.probabilities is None else json.dumps(entry.probabilities)
    return {"key": entry.request.key} | {name: values[name] for name in COLUMNS}


def _sums(kind: str, provider: str, entries: "list[StoredAnswer]") -> dict[str, Any]:
    answers = [entry for entry in entries if not entry.error]
    return {
        "kind": kind,
        "provider": provider,
        "answers": len(answers),
        "failures": len(entries) - len(answers),
        "seconds": round(sum(entry.seconds for entry in answers) / max(len(answers), 1), 4),
        "tokens_in": sum(entry.tokens_in or 0 for entry in answers),
        "tokens_out": sum(entry.tokens_out or 0 for entry in answers),
        "cost": round(sum(entry.cost or 0.0 for entry in answers), 6),
    }


COMMANDS = (list_, show, export, prune, stats)
