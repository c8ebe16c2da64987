"""Counts records without an answer, with the reason, for training, evaluation, prediction, model card and report."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from triptych.answers.ask import GIVEN_UP, KINDS, Answers

Missing = dict[str, dict[str, Any]]


def missing_answers(answers: Iterable[Answers]) -> Missing:
    """For each branch with missing answers: the number of `records` without one, `of` all, and the usual `reason`."""
    return count_missing((each.failed, each.errors) for each in answers)


def count_missing(found: Iterable[tuple[Sequence[str], Mapping[str, str]]]) -> Missing:
    """Like `missing_answers`, given each record's failed branches and errors."""
    everything, missing = list(found), dict[str, dict[str, Any]]()
    for kind in KINDS:
        why = [errors.get(kind, "") for failed, errors in everything if kind in failed]
        if why:
            missing[kind] = {"records": len(why), "of": len(everything), "reason": _usual(Counter(filter(None, why)))}
    return missing


def _usual(reasons: Counter[str]) -> str:
    """The most frequent reason; GIVEN_UP only if there is no other, because it does not explain the failures."""
    ranked = [reason for reason, _ in reasons.most_common()]
    return next((reason for reason in ranked if reason != GIVEN_UP), ranked[0] if ranked else "no reason was given")


def missing_lines(missing: Mapping[str, Mapping[str, Any]], consequence: str = "") -> Sequence[str]:
    """One line per branch, such as `llm: 40 of 40 records have no answer (connection refused)`."""
    end = f"; {consequence}" if consequence else ""
    return [
        f"{kind}: {found['records']} of {found['of']} records have no answer ({found['reason']}){end}"
        for kind, found in missing.items()
    ]


def missing_in_training(missing: Mapping[str, Mapping[str, Any]]) -> Sequence[str]:
    """The lines of `missing_lines`, with the consequence for a model that was trained on these records."""
    lines: list[str] = []
    for kind, found in missing.items():
        whole = found["records"] == found["of"]
        lines += missing_lines({kind: found}, f"{'the model was' if whole else 'these were'} trained without it")
    return lines
