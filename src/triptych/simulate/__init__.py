"""Simulates ASE-like inspection records: hole positions of five classes, drawn as pictures that machines would save."""

from triptych.simulate.classes import CLASSES, draw_points
from triptych.simulate.dataset import SimulatedDataset, simulate_dataset
from triptych.simulate.draw import draw_record
from triptych.simulate.layout_spec import RING_EDGES, LayoutSpec
from triptych.simulate.layouts import LAYOUTS
from triptych.simulate.style import Style, draw_style

__all__ = [
    "CLASSES",
    "LAYOUTS",
    "RING_EDGES",
    "LayoutSpec",
    "SimulatedDataset",
    "Style",
    "draw_points",
    "draw_record",
    "draw_style",
    "simulate_dataset",
]
