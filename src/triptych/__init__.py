"""Triptych: classifies manufacturing defects from inspection records with three panels: image, VLM and LLM.

The names below are loaded on first use, so that importing the package is fast.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triptych.classifier import DefectClassifier
    from triptych.config import Config, load_config
    from triptych.records import Record, RecordSet, frame_records, open_records

__version__ = version("triptych")

_HOMES = {
    "Config": "triptych.config",
    "DefectClassifier": "triptych.classifier",
    "Record": "triptych.records",
    "RecordSet": "triptych.records",
    "frame_records": "triptych.records",
    "load_config": "triptych.config",
    "open_records": "triptych.records",
}

__all__ = [
    "Config",
    "DefectClassifier",
    "Record",
    "RecordSet",
    "__version__",
    "frame_records",
    "load_config",
    "open_records",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'triptych' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
