"""`triptych answers`: asks VLM and LLM in bulk, and holds what they say against the readings."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from triptych.cli import answers_kept
from triptych.cli.common import CONFIGURATION, DATA, list_failures, show_warnings

if TYPE_CHECKING:
    from triptych.config import Config
    from triptych.records import Failure, Record, RecordSet
    from triptych.training.prepare import Asked, Preparer


@click.group("answers", short_help="Ask for answers in bulk; list, show, export and delete kept ones.")
def command() -> None:
    """Answers of VLM and LLM, each kept under the address of its question and never asked for twice.

    \b
      triptych answers ask data --set answers.llm=openai:llama3@http://localhost:11434/v1
      triptych answers retry data --set answers.llm=openai:llama3@http://localhost:11434/v1
      triptych answers stats
      triptych answers list --failed
    """


for kept in answers_kept.COMMANDS:
    command.add_command(kept)


@command.command("ask", short_help="Ask about every record of DATA.")
@DATA
@CONFIGURATION
def ask(data: Path, preset: str, config: Path | None, settings: tuple[str, ...]) -> int:
    """Read every record of DATA and ask for both answers; only what is missing or failed before is asked.

    \b
      triptych answers ask data --set answers.vlm=openai:llava@http://localhost:11434/v1
      triptych answers ask data --set answers.llm=gguf:smollm2 --set answers.llm_way=choose
    """
    from triptych.config import load_config
    from triptych.progress import bar
    from triptych.records import open_records

    records = show_warnings(open_records(data))
    asked = _preparer(records, load_config(config, settings, preset)).ask(bar(records, "Read, ask"))
    failures = [failure for one in zip(records, asked, strict=True) if (failure := _failure(*one))]
    click.echo(f"{len(records) - len(failures)} of {len(records)} records have both answers")
    return list_failures(failures, len(records))


@command.command("retry", short_help="Ask again about those records of DATA of which a try failed.")
@DATA
@CONFIGURATION
def retry(data: Path, preset: str, config: Path | None, settings: tuple[str, ...]) -> int:
    """Ask again where the last try failed, and about no other record; give the settings of the run that failed.

    A record whose description comes at last is asked for its reasoning too, for that rests on the description. Records
    that were never asked about are left to `triptych answers ask`.

    \b
      triptych answers list --failed
      triptych answers retry data --set answers.llm=openai:llama3@http://localhost:11434/v1
    """
    from triptych.config import load_config
    from triptych.progress import bar
    from triptych.records import Failure, open_records

    records = show_warnings(open_records(data))
    found = _preparer(records, load_config(config, settings, preset)).retry(bar(records, "Read, retry"))
    retried = [(record, item) for record, item in zip(records, found, strict=True) if item is not None]
    failures = [failure for one in retried if (failure := _failure(*one))]
    asked = sum(not isinstance(item, Failure) for _, item in retried)
    click.echo(f"{len(retried) - len(failures)} of {asked} records that had failed have both answers now")
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
      triptych answers audit data --set answers.llm=gguf:smollm2 --set answers.llm_way=structured
    """
    from triptych.answers.book import load_book
    from triptych.config import load_config
    from triptych.evaluation.audit import Audited
    from triptych.evaluation.audit import audit as hold_against
    from triptych.progress import bar
    from triptych.records import Failure, ensure_splits, open_records

    chosen = load_config(config, settings, preset)
    everything = ensure_splits(show_warnings(open_records(data)), chosen.seed)
    records = everything.split(split)
    asked = list(_preparer(everything, chosen).ask(bar(records, "Read, ask")))
    audited = [
        Audited(item.answers, item.reading.values, record.label)
        for record, item in zip(records, asked, strict=True)
        if not isinstance(item, Failure)
    ]
    found = hold_against(audited, load_book(chosen.answers.book).limits, _classes(everything), chosen.seed)
    if as_json:
        click.echo(json.dumps([one.to_json() for one in found], indent=1))
    for one in () if as_json else found:
        click.echo(f"{one.kind} ({getattr(chosen.answers, one.kind)}): {one.answers} answers, {one.missing} missing")
        for name, tally in one.tallies.items():
            click.echo(f"  {name}: stated {tally.stated} times, wrong {tally.wrong} times")
        score = "too few labelled records" if one.text_macro_f1 is None else f"{one.text_macro_f1:.1f}"
        click.echo(f"  class from the words alone, macro-F1: {score}")
    return list_failures([item for item in asked if isinstance(item, Failure)], len(records))


def _preparer(records: "RecordSet", config: "Config") -> "Preparer":
    """What asks about `records`, as training on them would: examples for prompts come from their training split."""
    from triptych.records import ensure_splits
    from triptych.training.prepare import Preparer

    preparer = Preparer(config, _classes(records))
    preparer.draw_shots(ensure_splits(records, config.seed).split("train"))
    return preparer


def _classes(records: "RecordSet") -> list[str]:
    return sorted({record.label for record in records if record.label is not None})


def _failure(record: "Record", item: "Asked | Failure") -> "Failure | None":
    """Why there are not both answers about `record`; None where there are, or nobody was to be asked."""
    from triptych.records import Failure

    if isinstance(item, Failure):
        return item
    return Failure(record.id, f"no answer of {' and '.join(item.answers.failed)}") if item.answers.failed else None
