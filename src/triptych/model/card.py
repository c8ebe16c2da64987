"""The model card: what a model is, what it was trained on, and how to use it, for whoever finds its folder."""

import re
from typing import Any

from triptych.answers.missing import missing_in_training
from triptych.config import Config
from triptych.text import one_line

CARD_TITLE = "# A Triptych model"
POOL = "pool"  # what the experts say together, among them
NOT_MODELS = {
    "measured": "descriptions come from `measured`, which measures the digitised plot and is no vision-language model",
    "rules": "reasoning comes from `rules`, which states the readings against the defect book and is no language model",
}


def honest_notes(config: Config, facts: dict[str, Any]) -> list[str]:
    """What a reader must know of the answers that a model was trained on; `facts` are the run's (`metrics.json`)."""
    asked = config.answers
    notes = [NOT_MODELS[name] for name in (asked.vlm, asked.llm) if name in NOT_MODELS]
    notes += [f"nobody is asked as {kind.upper()}" for kind in ("vlm", "llm") if getattr(asked, kind) == "none"]
    if asked.shots:
        notes.append(f"the LLM is shown what {asked.shots} training record(s) of each class say, and their labels")
    return notes + list(missing_in_training(facts.get("missing_answers", {})))


def model_card(config: Config, classes: list[str], facts: dict[str, Any]) -> str:
    """The card as Markdown."""
    counts = facts.get("class_counts", {})
    rows = "\n".join(f"| {_cell(name)} | {counts.get(name, '')} |" for name in classes)
    expected = ", ".join(facts.get("expected", [])) or "nothing but the picture"
    notes = "\n".join(f"- Note: {note}." for note in honest_notes(config, facts))
    experts = "\n".join(_expert_row(name, found) for name, found in facts.get("experts", {}).items())
    return f"""{CARD_TITLE}

Classifies inspection records into {len(classes)} classes from the picture, a description of it, and reasoning over its
readings.

| class | training records |
|---|---|
{rows}

The class probability is a weighted geometric mean of what these experts say. Log loss and accuracy are out-of-fold: on
training records that the expert had not learned from. An expert of weight 0 is left out.

| expert | weight | log loss | accuracy |
|---|---|---|---|
{experts}

- Records drawn by augmentation ({config.augment.tda}): {facts.get("drawn", 0)}.
- Image encoder `{config.encoders.image}`, text encoder `{config.encoders.text}`; VLM `{config.answers.vlm}`, LLM
  `{config.answers.llm}`; OCR `{config.reading.ocr}`; seed {config.seed}; Triptych {facts.get("version", "")}.
{notes}
- A record is released without review when its class probability is at least {config.decision.accept_above:g}, its
  readings have no problem, it has what nearly all training records have ({expected}), and no number lies far outside
  their range. The column `reasons` of predictions says why a record needs review.

    triptych predict THIS_FOLDER pictures/ -o predictions.csv
    triptych evaluate THIS_FOLDER DATA --report report.html

Scores belong to a data set and are not written here: `triptych evaluate` measures them. Training curves and the facts
of the run are in `metrics.json`.
"""


def _expert_row(name: str, found: dict[str, float]) -> str:
    loss, accuracy = (f"{found[key]:.3f}" if key in found else "" for key in ("log_loss", "accuracy"))
    return f"| {_cell(name)} | {'' if name == POOL else format(found['weight'], '.2f')} | {loss} | {accuracy} |"


def _cell(name: str) -> str:
    """`name` as a cell of a Markdown table: on one line, and nothing in it is taken for markup."""
    return re.sub(r"([\\`*\[\]<>|])", r"\\\1", one_line(name))
