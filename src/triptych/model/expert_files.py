"""Converts the experts of a model to plain values for JSON and to tensors, and back."""

from dataclasses import asdict
from typing import Any

from torch import Tensor

from triptych.config import Config
from triptych.encoders.chosen import open_encoders
from triptych.experts.ensemble import Ensemble, Part
from triptych.experts.expert import Context
from triptych.experts.pool import Pool
from triptych.experts.registry import open_experts
from triptych.features.precedents import Precedents
from triptych.features.vector import Features
from triptych.model.checks import check_features, check_pool, checked_precedents, checked_sizes
from triptych.network.network import Sizes


def ensemble_to_files(ensemble: Ensemble) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Plain values, and tensors named `<part>.<expert>.<name>`, where parts and experts are numbered."""
    tensors = {
        f"{i}.{j}.{key}": tensor.contiguous()
        for i, part in enumerate(ensemble.parts)
        for j, expert in enumerate(part.experts.values())
        for key, tensor in expert.state().items()
    }
    parts = [
        {
            "experts": list(part.experts),
            "features": part.features.names,
            "precedents": part.features.precedents.by_words,
            "sizes": asdict(part.sizes),
        }
        for part in ensemble.parts
    ]
    return {"weights": dict(ensemble.pool.weights), "parts": parts}, tensors


def ensemble_from_files(values: Any, tensors: dict[str, Tensor], config: Config, classes: int) -> Ensemble:
    """The ensemble that `ensemble_to_files` wrote.

    Raises:
        ValueError, KeyError, TypeError, RuntimeError: the values or tensors are damaged.
    """
    states: dict[tuple[int, int], dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        part, expert, name = key.split(".", 2)
        states.setdefault((int(part), int(expert)), {})[name] = tensor
    parts = [_part(kept, i, states, config, classes) for i, kept in enumerate(values["parts"])]
    weights = check_pool(values["weights"], {name for part in parts for name in part.experts})
    return Ensemble(parts, Pool(weights))


def _part(
    kept: Any, number: int, states: dict[tuple[int, int], dict[str, Tensor]], config: Config, classes: int
) -> Part:
    sizes = Sizes(**checked_sizes(kept["sizes"]))
    if sizes.classes != classes:
        raise ValueError(f"there are {classes} labels, but the experts have learned {sizes.classes} classes")
    check_features(kept["features"], sizes.readings)
    features = Features(kept["features"], Precedents(checked_precedents(kept["precedents"])))
    context, experts = Context(config, sizes, open_encoders(config.encoders)), open_experts(kept["experts"])
    fitted = {name: expert.restore(states[number, i], context) for i, (name, expert) in enumerate(experts.items())}
    return Part(features, sizes, fitted)
