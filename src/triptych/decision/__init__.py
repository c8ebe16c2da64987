"""Decisions: the class of a record, and accept or review."""

from triptych.decision.class_balance import choose_classes
from triptych.decision.policy import Decision, decide, undecided

__all__ = ["Decision", "choose_classes", "decide", "undecided"]
