"""Writes the model card: what the model is, what it was trained on, and how to use it."""

import re
from collections.abc import Sequence
from typing import Any

from triptych.answers.missing import missing_in_training
from triptych.config import Config
from triptych.text import one_line

CARD_TITLE = "# A Triptych model"
POOL = "pool"  # the row of the pool in the table of experts
NOT_MODELS = {
    "measured": "descriptions come from `measured`, which measures the plot and is not a vision-language model",
    "rules": "reasoning comes from `rules`, which applies the defect book to the readings and is not a language model",
}


def honest_notes(config: Config, facts: dict[str, Any]) -> list[str]:
    """Limitations of the answers that a model was trained on; `facts` are those of the run (`metrics.json`)."""
    asked = config.answers
    notes = [NOT_MODELS[name] for name in (asked.vlm, asked.llm) if name in NOT_MODELS]
    notes += [f"no {kind.upper()} is asked" for kind in ("vlm", "llm") if getattr(asked, kind) == "none"]
    if asked.shots:
        notes.append(f"the LLM's prompt shows the facts and labels of {asked.shots} training record(s) of each class")
    return notes + list(missing_in_training(facts.get("missing_answers", {})))


def model_card(config: Config, classes: list[str], facts: dict[str, Any], promises: Sequence[str] = ()) -> str:
    """The card as Markdown; `promises` are sentences about the rates of errors that the model promises."""
    counts = facts.get("class_counts", {})
    rows = "\n".join(f"| {_cell(name)} | {counts.get(name, '')} |" for name in classes)
    expected = ", ".join(facts.get("expected", [])) or "nothing but the picture"
    notes = "\n".join(f"- Note: {note}." for note in honest_notes(config, facts))
    promised = "\n".join(f"- Promise: {sentence}." for sentence in promises or ["no rate of errors"])
    experts = "\n".join(_expert_row(name, found) for name, found in facts.get("experts", {}).items())
    return f"""{CARD_TITLE}

Classifies inspection records into {len(classes)} classes from the picture, a description of it, and reasoning over its
readings.

| class | training records |
|---|---|
{rows}

The class probability is a weighted geometric mean of the probabilities of these experts. Log loss and accuracy are
out-of-fold: each training record is predicted by an expert that was not trained on it. Experts of weight 0 are unused.

| expert | weight | log loss | accuracy |
|---|---|---|---|
{experts}

- Records drawn by augmentation ({config.augment.tda}): {facts.get("drawn", 0)}.
- Image encoder `{config.encoders.image}`, text encoder `{config.encoders.text}`; VLM `{config.answers.vlm}`, LLM
  `{config.answers.llm}`; OCR `{config.reading.ocr}`; seed {config.seed}; Triptych {facts.get("version", "")}.
{notes}
{promised}
- A record is released without review when its class probability is at least {config.decision.accept_above:g} (or above
  the threshold of a promise, if there is one), its readings have no problem, it has what nearly all training records
  have ({expected}), and no number lies far outside their range. The column `reasons` of predictions says why a record
  needs review.

    triptych predict THIS_FOLDER pictures/ -o predictions.csv
    triptych evaluate THIS_FOLDER DATA --report report.html

Scores belong to a data set and are not written here: `triptych evaluate` measures them. Training curves and the facts
of the run are in `metrics.json`.
"""


def _expert_row(name: str, found: dict[str, float]) -> str:
    loss, accuracy = (f"{found[key]:.3f}" if key in found else "" for key in ("log_loss", "accuracy"))
    return f"| {_cell(name)} | {'' if name == POOL else format(found['weight'], '.2f')} | {loss} | {accuracy} |"


def _cell(name: str) -> str:
    """`name` as a cell of a Markdown table: on one line, with markup escaped."""
    return re.sub(r"([\\`*\[\]<>|])", r"\\\1", one_line(name))
