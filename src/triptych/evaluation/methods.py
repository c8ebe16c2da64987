"""The methods of a benchmark: Triptych with some configuration, a peer, or either on a part of the training records."""

from dataclasses import dataclass
from typing import Protocol

from triptych.config import Config
from triptych.evaluation.protocol import Split


class Training(Protocol):
    """Triptych with some configuration."""

    @property
    def name(self) -> str:
        """The name of its runs."""

    @property
    def binary(self) -> bool:
        """Whether it is trained on the two classes normal and defective."""

    def configure(self, config: Config) -> Config:
        """Return its configuration, derived from the given one."""


@dataclass(frozen=True)
class OnPart:
    """A method trained on `size` of the training records: one point of its learning curve."""

    method: Training | str
    size: int


Method = Training | str | OnPart  # a str is the name of a peer


@dataclass(frozen=True)
class Task:
    """One method to run on one split.

    Attributes:
        split: the records.
        method: Triptych with some configuration, or the name of a peer.
        config: the configuration; for a peer without Triptych's features, only of the reading.
        fingerprint: a digest of everything on which the result depends.
        name: the name of its run.
        size: number of training records; None for all.
    """

    split: Split
    method: Training | str
    config: Config
    fingerprint: str
    name: str
    size: int | None = None

    @property
    def binary(self) -> bool:
        """Whether the method is trained on the two classes normal and defective."""
        return not isinstance(self.method, str) and self.method.binary


def name_of(method: Method) -> str:
    """The name of the runs of `method`."""
    if isinstance(method, OnPart):
        return f"{name_of(method.method)}-of-{method.size}"
    return method if isinstance(method, str) else method.name
