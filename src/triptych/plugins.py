"""One seam for every replaceable component: a string in the configuration names an entry point.

A specification is `name` or `name:argument`, such as `lite0` or `transformers:microsoft/resnet-50`. The part before the
first colon is looked up among the entry points of the group `triptych.<kind>`; what it loads is called with the
argument (or with nothing). Built-in components are entry points too, so that a plug-in can do all that they can.
"""

from contextlib import suppress
from importlib.metadata import entry_points
from typing import Any

from triptych.errors import TriptychError


def available(kind: str) -> list[str]:
    """The names installed for `kind`."""
    return sorted(entry_points(group=f"triptych.{kind}").names)


def factories(kind: str) -> dict[str, Any]:
    """What makes the components of `kind`, by name; one that cannot be loaded is left out."""
    found: dict[str, Any] = {}
    for point in entry_points(group=f"triptych.{kind}"):
        with suppress(Exception):  # whatever a package that is only half installed raises
            found[point.name] = point.load()
    return dict(sorted(found.items()))


def server_of(kind: str, specification: str) -> str | None:
    """The URL of the server that the component would talk to; None where it needs no network.

    A component says so by a static method `server`, which is called with the argument of the specification.
    """
    name, _, argument = specification.partition(":")
    factory = next((point.load() for point in entry_points(group=f"triptych.{kind}", name=name)), None)
    tell = getattr(factory, "server", None)
    return tell(argument) if tell else None


def build(kind: str, specification: str) -> Any:
    """The component that `specification` names.

    Raises:
        TriptychError: nothing of that name is installed for `kind`.
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
