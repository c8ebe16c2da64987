"""How good a classifier is: scores over classes, and over normal against defective."""

from triptych.evaluation.metrics import BinaryScores, Scores, score

__all__ = ["BinaryScores", "Scores", "score"]
