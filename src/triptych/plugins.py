"""The plug-in mechanism: every replaceable component is an entry point, named by a string in the configuration.

A specification is `name` or `name:argument`, such as `lite0` or `transformers:microsoft/resnet-50`. The part before the
first colon is looked up among the entry points of the group `triptych.<kind>`. The loaded object is called with the
argument, or without arguments. Built-in components are entry points too, so plug-ins have the same capabilities.
"""

from contextlib import suppress
from importlib.metadata import entry_points
from typing import Any

from triptych.errors import TriptychError


def available(kind: str) -> list[str]:
    """The names of the installed components of `kind`."""
    return sorted(entry_points(group=f"triptych.{kind}").names)


def factories(kind: str) -> dict[str, Any]:
    """The factories of the components of `kind`, by name; those that cannot be loaded are left out."""
    found: dict[str, Any] = {}
    for point in entry_points(group=f"triptych.{kind}"):
        with suppress(Exception):  # incompletely installed packages raise many types
            found[point.name] = point.load()
    return dict(sorted(found.items()))


def server_of(kind: str, specification: str) -> str | None:
    """The URL of the server that the component uses; None if it needs no network.

    A component declares it by a static method `server`, which is called with the argument of the specification.
    """
    name, _, argument = specification.partition(":")
    factory = next((point.load() for point in entry_points(group=f"triptych.{kind}", name=name)), None)
    tell = getattr(factory, "server", None)
    return tell(argument) if tell else None


def build(kind: str, specification: str) -> Any:
    """The component that `specification` names.

    Raises:
        TriptychError: no component of this name is installed for `kind`.
    """
    name, colon, argument = specification.partition(":")
    found = entry_points(group=f"triptych.{kind}", name=name)
    if not found:
        known = ", ".join(available(kind))
        raise TriptychError(
            f"{kind}: nothing is called {name!r}; installed are {known}. Choose one, or install its plug-in"
        )
    factory = next(iter(found)).load()
    return factory(argument) if colon else factory()
