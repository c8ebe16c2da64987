"""Progressive feature alignment (PFA): the contrastive loss and the schedule of its stages."""

from triptych.alignment.itc import itc_loss, self_similarity
from triptych.alignment.schedule import Stage, next_stage

__all__ = ["Stage", "itc_loss", "next_stage", "self_similarity"]
