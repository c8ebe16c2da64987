"""The heat maps of the experts that see a record's picture: where in it the support for the decision lies."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from triptych.encoders.chosen import open_encoders
from triptych.errors import TriptychError
from triptych.experts.ensemble import Part
from triptych.experts.expert import FittedExpert
from triptych.experts.frozen import FittedFrozen
from triptych.experts.panels import FittedPanels
from triptych.experts.picture import FittedPicture, seen_pictures
from triptych.explain.class_activation import class_activation
from triptych.explain.gradcam import panels_heat, picture_heat
from triptych.explain.heat_map import HeatMap, to_unit
from triptych.explain.views import View, digitised_view, encoder_view, picture_view
from triptych.features.vector import Features
from triptych.model.model import Model
from triptych.model.prediction import judge_prepared
from triptych.preparation.branch_inputs import stack_inputs
from triptych.preparation.prepared import Prepared

GRAD_CAM, EXACT = "Grad-CAM++", "exact class activation"


@dataclass(frozen=True)
class _Case:
    """A record, and the two classes that are compared."""

    model: Model
    prepared: Prepared
    label: str
    other: str

    @property
    def chosen(self) -> int:
        return self.model.classes.index(self.label)

    def encoder_view(self) -> View:
        """What the image encoder sees."""
        encoder = open_encoders(self.model.config.encoders).image
        return encoder_view(self.prepared, self.model.decoder, encoder)

    def heat_map(self, name: str, view: View, heat: NDArray[np.floating], method: str) -> HeatMap:
        """The map `heat` of the expert `name` on `view`."""
        return HeatMap(view.image, to_unit(heat), self.label, self.prepared.record.label, name, method, view.box)


Members = Sequence[tuple[Part, FittedExpert]]


def expert_maps(model: Model, prepared: Prepared, label: str, other: str) -> list[HeatMap]:
    """The heat maps of the experts with a weight that see the picture, the greatest weight first.

    `panels` and `picture` give Grad-CAM++ of `label`. `frozen` gives the exact class activation of `label` against
    `other`. An expert gives none if it sees nothing of this record, as `picture` of a record without a plot.
    """
    case = _Case(model, prepared, label, other)
    weights = sorted(model.ensemble.pool.weights.items(), key=lambda item: -item[1])
    found = [_map_of(case, name, model.ensemble.members(name)) for name, weight in weights if weight]
    return [one for one in found if one is not None]


def heat_map(model: Model, prepared: Prepared) -> HeatMap:
    """Grad-CAM++ of the class that `model` chooses for a record: the sum over the networks of the expert `panels`.

    Raises:
        TriptychError: the model has no such expert.
    """
    members = model.ensemble.members("panels")
    if not members:
        raise TriptychError(
            "figure gradcam: the expert 'panels' has no part in this model; train one with --set experts=[panels]"
        )
    predicted = judge_prepared(model, [prepared])[0].label
    return _of_panels(_Case(model, prepared, predicted, predicted), "panels", members)


def _map_of(case: _Case, name: str, members: Members) -> HeatMap | None:
    first = members[0][1] if members else None
    if isinstance(first, FittedPanels):
        return _of_panels(case, name, members)
    if isinstance(first, FittedFrozen):
        return _of_frozen(case, name, first)
    return _of_picture(case, name, first) if isinstance(first, FittedPicture) else None


def _of_panels(case: _Case, name: str, members: Members) -> HeatMap:
    networks = [(part, member) for part, member in members if isinstance(member, FittedPanels)]
    classes, item = case.model.classes, case.prepared
    heat = torch.stack([panels_heat(part, one, item, classes, case.chosen) for part, one in networks]).sum(dim=0)
    return case.heat_map(name, case.encoder_view(), heat.numpy(), GRAD_CAM)


def _of_frozen(case: _Case, name: str, expert: FittedFrozen) -> HeatMap:
    maps, other = torch.tensor(case.prepared.image), case.model.classes.index(case.other)
    return case.heat_map(name, case.encoder_view(), class_activation(expert.linear, maps, case.chosen, other), EXACT)


def _of_picture(case: _Case, name: str, expert: FittedPicture) -> HeatMap | None:
    view = digitised_view(case.prepared) if expert.plots else picture_view(case.prepared, case.model.decoder)
    if view is None:
        return None
    inputs = stack_inputs([case.prepared], Features([]), case.model.classes, labelled=False)
    heat = picture_heat(expert, seen_pictures(inputs, expert.plots)[0], case.chosen)
    return case.heat_map(name, view, heat.numpy(), GRAD_CAM)
