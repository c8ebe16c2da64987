"""Scores of a classifier, over all classes and for normal against defective."""

from triptych.evaluation.metrics import BinaryScores, Scores, score

__all__ = ["BinaryScores", "Scores", "score"]
