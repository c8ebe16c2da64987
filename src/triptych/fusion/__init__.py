"""Fusion of the aligned panels."""

from triptych.fusion.cmaf import CMAF

__all__ = ["CMAF"]
