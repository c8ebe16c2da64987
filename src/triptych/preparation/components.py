"""What identifies the components that prepare records, so that a model notices when one of them has changed.

An identity is the component's `id` without the place where it was found: the same weights in another folder are the
same component.
"""

import warnings
from collections.abc import Mapping

from triptych.answers.prompts import load_prompts
from triptych.cache import digest
from triptych.config import Config
from triptych.errors import TriptychError, TriptychWarning
from triptych.plugins import build

KINDS = {
    "reading.ocr": "ocr",
    "answers.vlm": "vlm",
    "answers.llm": "llm",
    "encoders.image": "image_encoder",
    "encoders.text": "text_encoder",
}
PROMPTS = "prompts"
NONE = "none"


def identities(config: Config) -> dict[str, str]:
    """What identifies the components that `config` names, and the prompts.

    Raises:
        TriptychError: a component is not installed, or its files are not there.
    """
    found = {setting: _identity(kind, _specification(config, setting)) for setting, kind in KINDS.items()}
    return found | {PROMPTS: digest(load_prompts().model_dump_json())[:16]}


def check_identities(trained: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Hold the components of today against those that a model was trained with.

    An answer of another provider is still an answer, so a warning will do; features of another encoder mean nothing.

    Raises:
        TriptychError: an encoder is another one.
    """
    for setting, before in trained.items():
        if (found := now.get(setting, before)) == before:
            continue
        message = f"{setting}: the model was trained with {before}, and {found} is here now"
        if setting.startswith("encoders."):
            raise TriptychError(f"{message}; put the former one back, or train again")
        warnings.warn(f"{message}; its predictions may differ. Train again to be sure", TriptychWarning, stacklevel=2)


def _specification(config: Config, setting: str) -> str:
    section, key = setting.split(".")
    return str(getattr(getattr(config, section), key))


def _identity(kind: str, specification: str) -> str:
    if specification == NONE:
        return NONE
    argument = specification.partition(":")[2]
    found = str(build(kind, specification).id)
    return found.replace(argument, "") if argument else found
