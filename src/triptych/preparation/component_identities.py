"""Identifies the components that prepare records, so that a model detects when one of them has changed.

An identity is the component's `id` without the argument of its specification, such as a path: the same weights in
another folder are the same component.
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
    """The identities of the components that `config` names, by setting, and of the prompts.

    Raises:
        TriptychError: a component is not installed, or its files are missing.
    """
    found = {setting: _identity(kind, _specification(config, setting)) for setting, kind in KINDS.items()}
    return found | {PROMPTS: digest(load_prompts().model_dump_json())[:16]}


def check_identities(trained: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Compare the current components with those that the model was trained with.

    Another OCR engine, provider or prompt gives a warning, because readings and answers can still be used. Another
    encoder is an error, because the model cannot use its features.

    Raises:
        TriptychError: an encoder has changed.
    """
    for setting, before in trained.items():
        if (found := now.get(setting, before)) == before:
            continue
        message = f"{setting}: the model was trained with {before}, and the current one is {found}"
        if setting.startswith("encoders."):
            raise TriptychError(f"{message}; restore the former one, or train again")
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
