"""Finds the normal class, that of records without a defect."""

from collections.abc import Sequence

from triptych.errors import TriptychError

NORMAL_NAMES = ("normal", "ok", "good", "none")


def find_normal(classes: Sequence[str], name: str | None = None) -> str | None:
    """The normal class: `name` if given, else the class called normal, ok, good or none in any case, else None.

    Raises:
        TriptychError: `name` is not one of `classes`.
    """
    if name is not None:
        if name not in classes:
            found = ", ".join(classes)
            raise TriptychError(f"normal class {name!r}: no such class; found {found}. Name one of them with --normal")
        return name
    folded = {known.casefold(): known for known in classes}
    return next((folded[common] for common in NORMAL_NAMES if common in folded), None)
