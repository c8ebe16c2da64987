"""Fusion of the aligned panels."""

from triptych.fusion.cmaf import CMAF
from triptych.fusion.panel_dropout import PanelDropout

__all__ = ["CMAF", "PanelDropout"]
