"""Fusion of the aligned panels."""

from triptych.fusion.cmaf import CMAF
from triptych.fusion.concatenation import Concatenation
from triptych.fusion.panel_dropout import PanelDropout

__all__ = ["CMAF", "Concatenation", "PanelDropout"]
