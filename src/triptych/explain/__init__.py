"""Explains models: Grad-CAM++, the ranking of records and embeddings, as in the paper's figures, from any data."""

from triptych.explain.gradcam import HeatMap, grad_cam_plus_plus, heat_map
from triptych.explain.stages import Alignment, Ranking, aligned_embeddings, ranked_records

__all__ = [
    "Alignment",
    "HeatMap",
    "Ranking",
    "aligned_embeddings",
    "grad_cam_plus_plus",
    "heat_map",
    "ranked_records",
]
