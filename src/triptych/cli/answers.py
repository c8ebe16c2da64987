"""`triptych answers`: what VLM and LLM said, and what they still have to say."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triptych.cli.common import CONFIGURATION, DATA, list_failures, options, show_warnings

if TYPE_CHECKING:
    from triptych.answers.store import AnswerStore, Entry

WIDTH = 100  # characters of an answer that a list shows


@click.group("answers", short_help="Ask for answers in bulk; list, show, export and delete kept ones.")
def command() -> None:
    """Answers of VLM and LLM, each kept under the address of its question and never asked for twice.

    \b
      triptych answers ask data --set answers.llm=openai:llama3@http://localhost:11434/v1
      triptych answers stats
      triptych answers list --failed
    """


_chosen = options(
    click.option("--kind", type=click.Choice(["vlm", "llm"]), help="Of this kind only."),
    click.option("--provider", help="Of providers whose id begins so."),
    click.option("--failed", is_flag=True, help="Questions whose last try failed."),
    click.option("--store", "path", type=click.Path(path_type=Path), help="The store.  [default: the cache's]"),
)


@command.command("ask", short_help="Ask about every record of DATA.")
@DATA
@CONFIGURATION
def ask(data: Path, preset: str, config: Path | None, settings: tuple[str, ...]) -> int:
    """Read every record of DATA and ask for both answers; only what is missing or failed before is asked.

    \b
      triptych answers ask data --set answers.vlm=openai:llava@http://localhost:11434/v1
    """
    from triptych.config import load_config
    from triptych.progress import bar
    from triptych.records import Failure, open_records
    from triptych.training.prepare import Preparer

    records = show_warnings(open_records(data))
    classes = sorted({record.label for record in records if record.label is not None})
    asked = Preparer(load_config(config, settings, preset), classes).ask(bar(records, "Read, ask"))
    failures = []
    for record, item in zip(records, asked, strict=True):
        if isinstance(item, Failure):
            failures.append(item)
        elif missing := item.answers.missing:
            failures.append(Failure(record.id, f"no answer of {' and '.join(missing)}"))
    click.echo(f"{len(records) - len(failures)} of {len(records)} records have both answers")
    return list_failures(failures, len(records))


@command.command("audit", short_help="How far the answers about DATA can be trusted.")
@DATA
@CONFIGURATION
@click.option("--split", default="train", show_default=True, help="Which records of DATA.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def audit(data: Path, preset: str, config: Path | None, settings: tuple[str, ...], split: str, as_json: bool) -> int:
    """Hold the answers against the readings, and see what the words alone tell of the class.

    For the VLM's and the LLM's answers: how many state a direction, an axis or a class, how many of these are wrong,
    and the cross-validated macro-F1 of a text classifier. Run it for two models before paying for a whole run of one.

    \b
      triptych answers audit data
      triptych answers audit data --set answers.llm=gguf:smollm2 --json
    """
    from triptych.answers.book import load_book
    from triptych.config import load_config
    from triptych.evaluation.audit import Audited
    from triptych.evaluation.audit import audit as hold_against
    from triptych.progress import bar
    from triptych.records import Failure, ensure_splits, open_records
    from triptych.training.prepare import Preparer

    chosen = load_config(config, settings, preset)
    records = ensure_splits(show_warnings(open_records(data)), chosen.seed).split(split)
    classes = sorted({record.label for record in records if record.label is not None})
    asked = list(Preparer(chosen, classes).ask(bar(records, "Read, ask")))
    audited = [
        Audited(item.answers, item.reading.values, record.label)
        for record, item in zip(records, asked, strict=True)
        if not isinstance(item, Failure)
    ]
    found = hold_against(audited, load_book(chosen.answers.book).limits, classes, chosen.seed)
    if as_json:
        click.echo(json.dumps([one.to_json() for one in found], indent=1))
    for one in () if as_json else found:
        click.echo(f"{one.kind} ({getattr(chosen.answers, one.kind)}): {one.answers} answers, {one.missing} missing")
        for name, tally in one.tallies.items():
            click.echo(f"  {name}: stated {tally.stated} times, wrong {tally.wrong} times")
        score = "too few labelled records" if one.text_macro_f1 is None else f"{one.text_macro_f1:.1f}"
        click.echo(f"  class from the words alone, macro-F1: {score}")
    return list_failures([item for item in asked if isinstance(item, Failure)], len(records))


@command.command("list", short_help="One line for each answer.")
@_chosen
def list_(**options: Any) -> None:
    """Kept answers, the oldest first, each with the beginning of its key.

    \b
      triptych answers list --kind llm --provider openai
    """
    for entry in _entries(**options)[1]:
        said = f"FAILED {entry.tries}x: {entry.error}" if entry.error else entry.text
        line = " ".join(said.split())
        click.echo(f"{entry.asked.key[:12]}  {entry.asked.kind}  {entry.asked.provider}  {line[:WIDTH]}")


@command.command("show", short_help="One answer with its question.")
@click.argument("key")
@click.option("--store", "path", type=click.Path(path_type=Path), help="The store.  [default: the cache's]")
def show(key: str, path: Path | None) -> None:
    """The answer whose key begins with KEY, as `triptych answers list` shows it.

    \b
      triptych answers show 3f2a9c
    """
    from triptych.errors import TriptychError

    found = [entry for entry in _entries(path)[1] if entry.asked.key.startswith(key)]
    if len(found) != 1:
        raise TriptychError(f"{key}: {len(found)} answers have such a key; see `triptych answers list`")
    for name, value in _row(found[0]).items():
        click.echo(f"{name}: {value}")


@command.command("export", short_help="Kept answers as a table.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help=".csv, .parquet or .jsonl")
@_chosen
def export(output: Path, **options: Any) -> None:
    """A row for every kept answer: question, answer, tokens, seconds, and the error of a failed try.

    \b
      triptych answers export -o answers.parquet
    """
    from triptych.tables import check_output, write_table

    check_output(output)
    rows = [_row(entry) for entry in _entries(**options)[1]]
    write_table(rows, list(_COLUMNS), output)
    click.echo(f"{len(rows)} rows in {output}")


@command.command("prune", short_help="Delete kept answers.")
@_chosen
@click.option("--dry-run", is_flag=True, help="Say how many, and delete none.")
def prune(dry_run: bool, **options: Any) -> None:
    """Forget answers, so that they are asked for again.

    \b
      triptych answers prune --provider openai:old-model --dry-run
      triptych answers prune --failed
    """
    store, entries = _entries(**options)
    if not dry_run:
        store.delete(entries)
    click.echo(f"{len(entries)} {'would be deleted' if dry_run else 'deleted'}")


@command.command("stats", short_help="How many answers, seconds and tokens, by provider.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_chosen
def stats(as_json: bool, **options: Any) -> None:
    """For each provider: answers, failures, seconds for an answer, tokens in and out.

    \b
      triptych answers stats --json
    """
    by_provider: dict[tuple[str, str], list[Entry]] = {}
    for entry in _entries(**options)[1]:
        by_provider.setdefault((entry.asked.kind, entry.asked.provider), []).append(entry)
    rows = [_sums(*names, entries) for names, entries in sorted(by_provider.items())]
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        click.echo("  ".join(f"{name} {value}" for name, value in row.items()))


_COLUMNS = tuple(
    [
        "key",
        "kind",
        "provider",
        "prompt",
        "image",
        "text",
        "error",
        "seconds",
        "tokens_in",
        "tokens_out",
        "tries",
        "created",
    ]
)


def _entries(
    path: Path | None = None, kind: str | None = None, provider: str | None = None, failed: bool = False
) -> "tuple[AnswerStore, list[Entry]]":
    from triptych.answers.store import AnswerStore

    store = AnswerStore(path)
    found = store.entries(kind, provider)
    return store, [entry for entry in found if entry.error] if failed else found


def _row(entry: "Entry") -> dict[str, Any]:
    values = {"key": entry.asked.key} | vars(entry.asked) | vars(entry)
    return {name: values[name] for name in _COLUMNS}


def _sums(kind: str, provider: str, entries: "list[Entry]") -> dict[str, Any]:
    answers = [entry for entry in entries if not entry.error]
    return {
        "kind": kind,
        "provider": provider,
        "answers": len(answers),
        "failures": len(entries) - len(answers),
        "seconds": round(sum(entry.seconds for entry in answers) / max(len(answers), 1), 4),
        "tokens_in": sum(entry.tokens_in or 0 for entry in answers),
        "tokens_out": sum(entry.tokens_out or 0 for entry in answers),
    }
