"""What a person does not want to be read: names and areas of a layout."""

from dataclasses import dataclass

from triptych.reading.box import Box
from triptych.reading.cell import Cell
from triptych.reading.units import tidy


@dataclass(frozen=True)
class Ignored:
    """Names and areas that are never read.

    Attributes:
        names: printed names, or names of readings such as `ring_2_4`. Case and spaces make no difference.
        areas: boxes on the upright page; a value whose centre lies in one is ignored.
    """

    names: tuple[str, ...] = ()
    areas: tuple[Box, ...] = ()

    def hides(self, cell: Cell) -> bool:
        """Whether `cell` is ignored, by its printed name or its position."""
        return self.hides_name(cell.name) or any(area.contains(cell.value.box.center) for area in self.areas)

    def hides_name(self, name: str) -> bool:
        """Whether the field `name` is ignored."""
        return _plain(name) in {_plain(other) for other in self.names}


NOTHING = Ignored()


def _plain(name: str) -> str:
    return "".join(tidy(name).casefold().rstrip(" :=").split())
