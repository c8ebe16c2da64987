"""What a number of labelled records can promise, said before a model is trained on them."""

from collections.abc import Mapping

from triptych.config import DecisionConfig
from triptych.decision.bounds import least_records, upper_bound
from triptych.decision.operating_point import WORDS, Side, cannot_promise, percent
from triptych.decision.prediction_sets import least_class_records


def promisable(counts: Mapping[str, int], normal: str | None, config: DecisionConfig) -> list[str]:
    """What can be promised at best, in sentences.

    Args:
        counts: the number of records by class; records that share a picture or a group count as one.
        normal: the class of good records.
        config: the promises that are asked for, and their confidence.
    """
    if normal is None:
        return ["no class is normal, so no escape or overkill rate can be promised; name it with --normal"]
    good, confidence = counts[normal], config.confidence
    numbers: dict[Side, int] = {"escape": sum(counts.values()) - good, "overkill": good}
    asked: dict[Side, float | None] = {"escape": config.max_escape, "overkill": config.max_overkill}
    lines = [_line(side, numbers[side], asked[side], confidence) for side in numbers]
    needed = least_class_records(confidence)
    if small := [name for name, n in counts.items() if n < needed]:
        lines.append(
            f"prediction sets cannot exclude {', '.join(small)} with {percent(confidence)} confidence: this needs "
            f"{needed} records of a class"
        )
    return lines


def _line(side: Side, n: int, rate: float | None, confidence: float) -> str:
    """What n records can promise about one kind of error."""
    if rate is not None and n < least_records(rate, confidence):
        return cannot_promise(side, rate, n, confidence)
    possible, best = WORDS[side][0], percent(upper_bound(0, n, confidence))
    wish = f"; {percent(rate)} is asked for, which takes {least_records(rate, confidence)}" if rate is not None else ""
    return f"{side}: {n} {possible} records can promise at best {best} with {percent(confidence)} confidence{wish}"
