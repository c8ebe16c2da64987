"""The folder of a tuned model: its adapter as safetensors, a card, and what it was tuned for.

    adapter_model.safetensors, adapter_config.json    the LoRA adapter, in the format of the library peft
    sight.safetensors                                 of a VLM: the projection of what the image encoder sees
    tuned.json                                        kind, base weights, sizes, and what was tuned on
    README.md                                         the card

Nothing in it is pickled.
"""

import json
import os
from pathlib import Path
from typing import Any, Literal

from triptych.cache import digest
from triptych.errors import TriptychError
from triptych.files import write_atomically
from triptych.hub import file_digest
from triptych.tuning.speaker import base_digest

Kind = Literal["vlm", "llm"]
KINDS: tuple[Kind, ...] = ("vlm", "llm")
FACTS, CARD, SIGHT, LORA = "tuned.json", "README.md", "sight.safetensors", "adapter_model.safetensors"
BEGUN = ".tuning"  # there until the model is whole
FILES = (FACTS, CARD, SIGHT, LORA, "adapter_config.json")
WHAT = {"vlm": "describes the picture of a record", "llm": "reasons over the checked readings of a record"}


def adapters_dir() -> Path:
    """Where tuned models are kept: `$TRIPTYCH_ADAPTERS`, or `triptych/adapters` in the user's data folder."""
    if chosen := os.environ.get("TRIPTYCH_ADAPTERS"):
        return Path(chosen)
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "triptych" / "adapters"


def tuned_models() -> list[Kind]:
    """The kinds that have a tuned model in the default folder."""
    return [kind for kind in KINDS if (adapters_dir() / kind / FACTS).exists()]


def write_facts(folder: Path, kind: Kind, facts: dict[str, Any]) -> None:
    """Write what a tuned model is, and its card; with these the folder is whole.

    Args:
        folder: where its weights lie already.
        kind: what it answers.
        facts: what it was tuned on and with.
    """
    facts = {"kind": kind, "base": base_digest(), **facts}
    write_atomically(folder / CARD, _card(kind, facts).encode())
    write_atomically(folder / FACTS, json.dumps(facts, indent=1).encode())
    (folder / BEGUN).unlink(missing_ok=True)


def read_facts(folder: Path, kind: Kind) -> dict[str, Any]:
    """What the tuned model in `folder` is.

    Raises:
        TriptychError: there is none, it is damaged, answers the other kind, or belongs to other base weights.
    """
    advice = f"tune one: triptych tune --only {kind} -o {folder.parent}"
    try:
        facts: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TriptychError(f"local: no tuned {kind} in {folder}; {advice}") from None
    except (OSError, ValueError) as error:
        raise TriptychError(f"local: {folder} cannot be read ({error}); {advice}") from None
    if facts.get("kind") != kind:
        raise TriptychError(f"local: {folder} holds a tuned {facts.get('kind')}, and a {kind} is needed; {advice}")
    if facts.get("base") != base_digest():
        raise TriptychError(f"local: {folder} was tuned on other SmolLM2 weights than those installed; {advice}")
    return facts


def identity(folder: Path) -> str:
    """Names a tuned model by its weights."""
    weights = [path for path in (folder / LORA, folder / SIGHT) if path.exists()]
    return digest(*map(file_digest, weights), (folder / FACTS).read_text(encoding="utf-8"))[:16]


def _card(kind: Kind, facts: dict[str, Any]) -> str:
    return f"""# A tuned {kind.upper()} for Triptych

SmolLM2-135M-Instruct (Apache-2.0, Hugging Face) with a LoRA adapter that {WHAT[kind]}.

- Tuned on {facts["simulated"]} simulated records and {facts["records"]} training records, seed {facts["seed"]}, in
  {facts["seconds"]:.0f} s. What it was to say was written by code from measured numbers; no label was used.
- It says what the tuning data say, in their words, and is wrong at times: `triptych answers audit` measures how often.

    triptych train DATA -o MODEL --set answers.{kind}=local:{kind}      # kept in the default folder
    triptych train DATA -o MODEL --set answers.{kind}=local:THIS_FOLDER
"""
