"""Finds experts by name among the entry points `triptych.expert`, those of other packages included."""

from collections.abc import Sequence

from triptych.experts.expert import Expert
from triptych.plugins import build


def open_experts(names: Sequence[str]) -> dict[str, Expert]:
    """The experts by name, in order.

    Raises:
        TriptychError: an expert is not installed.
    """
    return {name: build("expert", name) for name in names}
