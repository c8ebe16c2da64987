"""ASE-like inspection records: hole positions of five classes, drawn as the pictures that machines save of them."""

from triptych.simulate.classes import CLASSES, draw_points
from triptych.simulate.dataset import SimulatedDataset, simulate_dataset
from triptych.simulate.draw import draw_record
from triptych.simulate.layout import RING_EDGES, Layout
from triptych.simulate.layouts import LAYOUTS
from triptych.simulate.style import Style, draw_style

__all__ = [
    "CLASSES",
    "LAYOUTS",
    "RING_EDGES",
    "Layout",
    "SimulatedDataset",
    "Style",
    "draw_points",
    "draw_record",
    "draw_style",
    "simulate_dataset",
]
