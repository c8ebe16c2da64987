"""Explains models: Grad-CAM++, the ranking of records and embeddings, as in the paper's figures, from any data."""

from triptych.explain.alignment_stages import Alignment, Ranking, aligned_embeddings, ranked_records
from triptych.explain.expert_maps import expert_maps, heat_map
from triptych.explain.gradcam import grad_cam_plus_plus
from triptych.explain.heat_map import HeatMap

__all__ = [
    "Alignment",
    "HeatMap",
    "Ranking",
    "aligned_embeddings",
    "expert_maps",
    "grad_cam_plus_plus",
    "heat_map",
    "ranked_records",
]
