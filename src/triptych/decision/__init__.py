"""Decisions: the class of a record, accept or review, and what is promised about the errors of released records."""

from triptych.decision.class_balance import choose_classes
from triptych.decision.operating_point import OperatingPoint
from triptych.decision.policy import Decision, decide, undecided

__all__ = ["Decision", "OperatingPoint", "choose_classes", "decide", "undecided"]
