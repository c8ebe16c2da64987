"""`triptych answers`: asks VLM and LLM in bulk, and checks their answers against the readings."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from triptych.cli import answer_store
from triptych.cli.common import CONFIGURATION, DATA, list_failures, show_warnings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.config import Config
    from triptych.evaluation.answer_checks import Audit
    from triptych.preparation.preparer import AnsweredRecord, Preparer
    from triptych.records import Failure, Record, RecordSet


@click.group("answers", short_help="Ask for answers in bulk; list, show, export and delete stored ones.")
def command() -> None:
    """Ask for and manage answers of VLM and LLM. Answers are stored, so the same question is never asked twice.

    \b
      triptych answers ask data --set answers.llm=openai:llama3@http://localhost:11434/v1
      triptych answers retry data --set answers.llm=openai:llama3@http://localhost:11434/v1
      triptych answers stats
      triptych answers list --failed
    """


for kept in answer_store.COMMANDS:
    command.add_command(kept)


@command.command("ask", short_help="Ask about every record of DATA.")
@DATA
@CONFIGURATION
def ask(data: Path, preset: str, config: Path | None, settings: tuple[str, ...]) -> int:
    """Read every record of DATA and ask for both answers. Stored answers are not asked for again.

    \b
      triptych answers ask data --set answers.vlm=openai:llava@http://localhost:11434/v1
      triptych answers ask data --set answers.llm=gguf:smollm2 --set answers.llm_way=choose
    """
    from triptych.config import load_config
    from triptych.progress import bar
    from triptych.records import open_records

    chosen = load_config(config, settings, preset)
    records = show_warnings(open_records(data, chosen.group))
    with _preparer(records, chosen) as preparer:
        asked = preparer.ask(bar(records, "Read, ask"))
        failures = [failure for one in zip(records, asked, strict=True) if (failure := _failure(*one))]
    click.echo(f"{len(records) - len(failures)} of {len(records)} records have both answers")
    return list_failures(failures, len(records))


@command.command("retry", short_help="Ask again about the records of DATA whose last attempt failed.")
@DATA
@CONFIGURATION
def retry(data: Path, preset: str, config: Path | None, settings: tuple[str, ...]) -> int:
    """Ask again about records whose last attempt failed, and only about these. Use the settings of the failed run.

    If a record gets its missing description, its reasoning is asked for too, because the reasoning depends on the
    description. For records that were never asked about, use `triptych answers ask`.

    \b
      triptych answers list --failed
      triptych answers retry data --set answers.llm=openai:llama3@http://localhost:11434/v1
    """
    from triptych.config import load_config
    from triptych.progress import bar
    from triptych.records import Failure, open_records

    chosen = load_config(config, settings, preset)
    records = show_warnings(open_records(data, chosen.group))
    with _preparer(records, chosen) as preparer:
        found = preparer.retry(bar(records, "Read, retry"))
        retried = [(record, item) for record, item in zip(records, found, strict=True) if item is not None]
    failures = [failure for one in retried if (failure := _failure(*one))]
    asked = sum(not isinstance(item, Failure) for _, item in retried)
    click.echo(f"{len(retried) - len(failures)} of {asked} records that had failed have both answers now")
    return list_failures(failures, len(records))


@command.command("audit", short_help="Check the answers about DATA against the readings.")
@DATA
@CONFIGURATION
@click.option("--split", default="train", show_default=True, help="Which records of DATA.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def audit(data: Path, preset: str, config: Path | None, settings: tuple[str, ...], split: str, as_json: bool) -> int:
    """Check the answers against the readings, and measure how well their text alone predicts the class.

    For the VLM's and the LLM's answers: how many state a direction, an axis or a class, how many of these are wrong,
    and the cross-validated macro-F1 of a text classifier. Use it to compare two models before paying for a full run of
    one. For comparison, it also shows `measured` and `rules`, which need no weights, and the models that `triptych
    tune` has written to the default folder.

    \b
      triptych answers audit data
      triptych answers audit data --set answers.llm=gguf:smollm2 --json
      triptych answers audit data --set answers.llm=gguf:smollm2 --set answers.llm_way=structured
    """
    from triptych.config import load_config
    from triptych.records import split_records

    chosen = load_config(config, settings, preset)
    everything = show_warnings(split_records(data, chosen.seed, chosen.group))
    audits: list[tuple[str, Audit]] = []
    failures: list[Failure] = []
    for one in _compared(chosen):
        found, failures = _audit(everything, split, one)
        names = {"vlm": one.answers.vlm, "llm": one.answers.llm}
        audits += [(names[each.kind], each) for each in found if (names[each.kind], each.kind) not in _seen(audits)]
    if as_json:
        click.echo(json.dumps([each.to_json() | {"provider": name} for name, each in audits], indent=1))
    for name, each in () if as_json else audits:
        click.echo(f"{each.kind} ({name}): {each.answers} answers, {each.missing} missing")
        for sort, tally in each.tallies.items():
            click.echo(f"  {sort}: stated {tally.stated} times, wrong {tally.wrong} times")
        score = "too few labelled records" if each.text_macro_f1 is None else f"{each.text_macro_f1:.1f}"
        click.echo(f"  class from the words alone, macro-F1: {score}")
    return list_failures(failures, len(everything.split(split)))


def _seen(audits: "Sequence[tuple[str, Audit]]") -> set[tuple[str, str]]:
    return {(name, each.kind) for name, each in audits}


def _compared(chosen: "Config") -> "list[Config]":
    """The configuration itself, one with `measured` and `rules`, and one with tuned models, if there are any."""
    from triptych.tuning.adapter import tuned_models

    words = ("answers.vlm_way=generate", "answers.llm_way=generate", "answers.use=text", "answers.shots=0")
    tuned = [f"answers.{kind}=local:{kind}" for kind in tuned_models()]
    plain = chosen.changed("answers.vlm=measured", "answers.llm=rules", *words)
    others = [plain, plain.changed(*tuned)]
    return [chosen, *(other for i, other in enumerate(others) if other not in (chosen, *others[:i]))]


def _audit(records: "RecordSet", split: str, config: "Config") -> "tuple[list[Audit], list[Failure]]":
    """The audits of both kinds of answers, and the records that could not be used."""
    from triptych.answers.defect_book import load_book
    from triptych.evaluation.answer_checks import Audited, audit
    from triptych.progress import bar
    from triptych.records import Failure
    from triptych.records.splits import sides

    some = records.split(split)
    with _preparer(records, config) as preparer:
        asked = list(preparer.ask(bar(some, "Read, ask")))
    audited = [
        Audited(item.answers, item.reading.values, record.label, side)
        for record, item, side in zip(some, asked, sides(some), strict=True)
        if not isinstance(item, Failure)
    ]
    found = audit(audited, load_book(config.answers.book).limits, _classes(records), config.seed)
    return found, [item for item in asked if isinstance(item, Failure)]


def _preparer(records: "RecordSet", config: "Config") -> "Preparer":
    """A preparer that asks about `records` as training would: few-shot examples come from their training split."""
    from triptych.preparation.preparer import Preparer
    from triptych.records import ensure_splits

    labelled = records.where(lambda record: record.label is not None)
    preparer, training = (
        Preparer(config, _classes(records)),
        ensure_splits(labelled or records, config.seed).split("train"),
    )
    preparer.learn_depth(training)
    preparer.survey(training.where(lambda record: record.label is not None))
    preparer.draw_shots(training)
    return preparer


def _classes(records: "RecordSet") -> list[str]:
    return sorted({record.label for record in records if record.label is not None})


def _failure(record: "Record", item: "AnsweredRecord | Failure") -> "Failure | None":
    """Why an answer about `record` is missing; None if none is, or if only providers `none` gave no answer."""
    from triptych.records import Failure

    if isinstance(item, Failure):
        return item
    return Failure(record.id, f"no answer of {' and '.join(item.answers.failed)}") if item.answers.failed else None
