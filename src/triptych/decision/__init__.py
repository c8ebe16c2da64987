"""Decisions: accept or review."""

from triptych.decision.policy import Decision, decide, undecided

__all__ = ["Decision", "decide", "undecided"]
