"""What a benchmark runs: ways to train Triptych, peers, and either on a part of the training records."""

from dataclasses import dataclass
from typing import Protocol

from triptych.config import Config
from triptych.evaluation.protocol import Split


class Training(Protocol):
    """A way to train Triptych."""

    @property
    def name(self) -> str:
        """Names its runs."""

    @property
    def binary(self) -> bool:
        """Whether it is trained on normal against defective alone."""

    def configure(self, config: Config) -> Config:
        """Its configuration, from the one that the user chose."""


@dataclass(frozen=True)
class OnPart:
    """A method that learns from `size` of the training records, a point of its learning curve."""

    method: Training | str
    size: int


Method = Training | str | OnPart  # a str is the name of a peer


@dataclass(frozen=True)
class Task:
    """One method to run on one split.

    Attributes:
        split: the records.
        method: what learns from them, or from `size` of them.
        config: how; for a peer, how records are read.
        fingerprint: of all that the result depends on.
        name: what its runs are called.
        size: how many training records it gets; None for all.
    """

    split: Split
    method: Training | str
    config: Config
    fingerprint: str
    name: str
    size: int | None = None

    @property
    def binary(self) -> bool:
        """Whether normal is told from defective alone."""
        return not isinstance(self.method, str) and self.method.binary


def name_of(method: Method) -> str:
    """What the runs of `method` are called."""
    if isinstance(method, OnPart):
        return f"{name_of(method.method)}-of-{method.size}"
    return method if isinstance(method, str) else method.name
