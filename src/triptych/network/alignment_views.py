"""What alignment (PFA) changed: the representations of some training records before and after it.

They are stored with the trained network, because fusion changes the adapters once more. So the state before and after
alignment cannot be computed from a trained model. Only a sample of the records is stored, and of their representations
only the first principal components, which is what t-SNE is commonly given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional as F

from triptych.cache import derived_seed
from triptych.network.network import Network
from triptych.network.steps import batches
from triptych.preparation.branch_inputs import BranchInputs

RECORDS, COMPONENTS = 100, 16  # definitions of what is stored: about 20 kB
PANELS = ("image", "vlm", "llm")
KEY = "alignment."  # before the names of the tensors in the state of a trained expert


@dataclass(frozen=True)
class View:
    """The state of m records at one time.

    Attributes:
        vectors: principal components [m, panels, d] of their representations, which have unit length.
        similarity: [m], the mean cosine similarity of a record's image with its texts.
    """

    vectors: Tensor = field(repr=False)
    similarity: Tensor = field(repr=False)


@dataclass(frozen=True)
class AlignmentViews:
    """The records before and after alignment, and the names of the aligned panels, the image first."""

    panels: Sequence[str]
    before: View
    after: View

    def state(self) -> dict[str, Tensor]:
        """Tensors for a model's folder, in half precision."""
        return {
            f"{KEY}panels": torch.tensor([PANELS.index(name) for name in self.panels]),
            **{
                f"{KEY}{name}": torch.stack([getattr(self.before, name), getattr(self.after, name)]).half()
                for name in ("vectors", "similarity")
            },
        }


def restore_views(state: Mapping[str, Tensor]) -> AlignmentViews | None:
    """The views that `AlignmentViews.state` gave; None if the state has none, as in models without alignment.

    Raises:
        KeyError, IndexError, ValueError: the tensors are damaged.
    """
    if f"{KEY}panels" not in state:
        return None
    panels = [PANELS[i] for i in state[f"{KEY}panels"].tolist()]
    vectors, similarity = state[f"{KEY}vectors"].float(), state[f"{KEY}similarity"].float()
    if vectors.ndim != 4 or vectors.shape[0] != 2 or vectors.shape[2] != len(panels):
        raise ValueError("the views of the alignment have the wrong shape")
    if similarity.shape != vectors.shape[:2]:
        raise ValueError("the views of the alignment differ in length")
    views = [View(*parts) for parts in zip(vectors, similarity, strict=True)]
    return AlignmentViews(panels, *views)


class Observer:
    """Views a sample of the training records, drawn by the seed; records without one of the aligned texts are left out.

    Args:
        network: the network; its active branches are the ones that will be aligned.
        inputs: the compressed training inputs.
        seed: the seed of the run.
    """

    def __init__(self, network: Network, inputs: BranchInputs, seed: int) -> None:
        self.network = network
        active, usable = network.active_branches, torch.ones(len(inputs), dtype=torch.bool)
        self.panels = ["image"] if "image" in active else []
        for text in PANELS[1:]:
            missing = getattr(inputs, f"missing_{text}")
            if text in active and (missing is None or not missing.all()):
                self.panels.append(text)
                usable &= usable if missing is None else ~missing.cpu()
        rows = usable.nonzero().flatten()
        order = torch.randperm(
            len(rows), generator=torch.Generator().manual_seed(derived_seed(seed, "alignment views"))
        )
        self.inputs = inputs[rows[order[:RECORDS]].sort().values]

    @property
    def can_see(self) -> bool:
        """Whether there is an image and a text to compare, and enough records for it."""
        return len(self.panels) > 1 and len(self.inputs) > 2

    @torch.no_grad()
    def view(self) -> View:
        """The records as the network represents them now."""
        parts = [self._represent(self.inputs[rows]) for rows in batches(len(self.inputs), 64, shuffle=False)]
        unit = torch.cat(parts)
        similarity = (unit[:, :1] * unit[:, 1:]).sum(dim=2).mean(dim=1)
        return View(_components(unit), similarity)

    def _represent(self, inputs: BranchInputs) -> Tensor:
        """Compressed inputs -> representations [b, panels, dim] of unit length."""
        inputs = inputs.to(self.network.device)
        maps = [self.network.branches[name](getattr(inputs, name)) for name in self.panels]
        return F.normalize(torch.stack([one.mean(dim=(2, 3)) for one in maps], dim=1).float(), dim=2).cpu()


def _components(unit: Tensor) -> Tensor:
    """The first principal components [m, panels, d] of vectors [m, panels, dim], in one space for all panels."""
    flat = unit.flatten(0, 1).double()
    flat = flat - flat.mean(dim=0)
    _, _, directions = torch.linalg.svd(flat, full_matrices=False)
    kept: Tensor = flat @ directions[:COMPONENTS].T
    return kept.float().reshape(*unit.shape[:2], -1)
