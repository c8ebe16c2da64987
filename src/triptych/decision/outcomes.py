"""What became of labelled records: escapes, overkill and review, with exact intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from triptych.decision.bounds import Interval, binomial_interval


@dataclass(frozen=True)
class Rate:
    """A share of records: `count` of `records`."""

    count: int
    records: int

    @property
    def share(self) -> float | None:
        """The share, 0..1; None without records."""
        return self.count / self.records if self.records else None

    def interval(self, confidence: float = 0.95) -> Interval:
        """The exact interval of the share."""
        return binomial_interval(self.count, self.records, confidence)

    def to_json(self) -> dict[str, Any]:
        """The counts, the share in percent and in parts per million, and the 95% interval in percent."""
        found, share = self.interval(), self.share
        return {
            "count": self.count,
            "records": self.records,
            "percent": None if share is None else 100 * share,
            "ppm": None if share is None else round(1e6 * share),
            "interval": [100 * found.low, 100 * found.high],
        }


@dataclass(frozen=True)
class Outcomes:
    """The outcomes of labelled records.

    Attributes:
        review: the records that went to review, of all.
        escapes: the defective records that were accepted as normal, of all defective ones.
        overkill: the normal records that were accepted as defective, of all normal ones.
        wrong: the accepted records whose class is wrong, of all accepted ones.
    """

    review: Rate
    escapes: Rate
    overkill: Rate
    wrong: Rate

    @classmethod
    def of(
        cls, labels: Sequence[str], predicted: Sequence[str | None], verdicts: Sequence[str], normal: str | None
    ) -> "Outcomes":
        """The outcomes of n records; without a normal class there are no escapes and no overkill."""
        rows = list(zip(labels, predicted, verdicts, strict=True))
        accepted = [(label, found) for label, found, verdict in rows if verdict == "accept"]
        defective = 0 if normal is None else sum(label != normal for label in labels)
        return cls(
            review=Rate(len(rows) - len(accepted), len(rows)),
            escapes=Rate(sum(found == normal != label for label, found in accepted), defective),
            overkill=Rate(
                sum(label == normal != found for label, found in accepted),
                0 if normal is None else len(labels) - defective,
            ),
            wrong=Rate(sum(label != found for label, found in accepted), len(accepted)),
        )

    def to_json(self) -> dict[str, Any]:
        """The rates by name."""
        return {name: getattr(self, name).to_json() for name in ("review", "escapes", "overkill", "wrong")}
