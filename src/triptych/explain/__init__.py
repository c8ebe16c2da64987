"""Explains models: Grad-CAM++, the ranking of records and embeddings, as in the paper's figures, from any data."""

from triptych.explain.alignment_stages import Alignment, Ranking, aligned_embeddings, ranked_records
from triptych.explain.gradcam import HeatMap, grad_cam_plus_plus, heat_map

__all__ = [
    "Alignment",
    "HeatMap",
    "Ranking",
    "aligned_embeddings",
    "grad_cam_plus_plus",
    "heat_map",
    "ranked_records",
]
