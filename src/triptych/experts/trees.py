"""The expert `trees`: extremely randomised trees on the readings features and drawn records (beyond the paper).

scikit-learn trains the trees. They are stored as plain arrays and evaluated here, because scikit-learn does not check
the node indices of a loaded tree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from triptych.experts.expert import Context, TrainingSet
from triptych.experts.likelihood import log_normalised
from triptych.experts.linear import Examples, Floats, scaled
from triptych.experts.readings import has_numbers
from triptych.features.scaling import fit_scales
from triptych.preparation.branch_inputs import BranchInputs
from triptych.progress import Track

LEAF = -1  # index of the children of a leaf


@dataclass(frozen=True)
class Forest:
    """Trees, one after another in the same arrays.

    Attributes:
        roots: the index of the root of each tree, [t].
        children: the indices of the left and right child of each node, [nodes, 2]; LEAF for a leaf.
        feature: the index of the feature that each node tests, [nodes].
        threshold: the largest value of this feature for the left child, [nodes].
        shares: the shares of the classes in each node, [nodes, classes].
    """

    roots: NDArray[np.int64]
    children: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: Floats
    shares: NDArray[np.float32]

    @classmethod
    def of(cls, estimators: list[Any], known: NDArray[np.int64], classes: int) -> Self:
        """The trees of a scikit-learn forest that was trained on the classes `known` (indices)."""
        trees = [estimator.tree_ for estimator in estimators]
        roots = np.cumsum([0, *(tree.node_count for tree in trees[:-1])])
        pairs = [np.stack([t.children_left, t.children_right], axis=1) for t in trees]
        children = [np.where(pair < 0, LEAF, pair + root) for pair, root in zip(pairs, roots, strict=True)]
        shares = np.zeros((sum(tree.node_count for tree in trees), classes), dtype=np.float32)
        values = np.concatenate([tree.value[:, 0, :] for tree in trees])
        shares[:, known] = values / values.sum(axis=1, keepdims=True)
        feature = np.concatenate([np.maximum(tree.feature, 0) for tree in trees])
        threshold = np.concatenate([tree.threshold for tree in trees])
        return cls(roots, np.concatenate(children), feature, threshold, shares)

    def probabilities(self, features: Floats) -> Floats:
        """The mean class shares [n, classes] of the leaves that features [n, d] reach."""
        x, rows = features.astype(np.float32), np.arange(len(features))[:, None]
        nodes = np.tile(self.roots, (len(x), 1))
        for _ in range(len(self.children)):  # no path is longer; ends even with cycles in a damaged forest
            below = self.children[nodes]
            inside = below[..., 0] != LEAF
            if not inside.any():
                break
            right = x[rows, self.feature[nodes]] > self.threshold[nodes]
            nodes = np.where(inside, np.where(right, below[..., 1], below[..., 0]), nodes)
        found: Floats = self.shares[nodes].mean(axis=1, dtype=np.float64)
        return found

    def check(self, features: int, classes: int) -> Self:
        """The forest, if all its node and feature indices are valid.

        Raises:
            ValueError: they are not.
        """
        count, leaves = len(self.children), self.children == LEAF
        sound = (
            _within(self.roots, 0, count)
            and _within(self.children, LEAF, count)
            and bool((leaves[:, 0] == leaves[:, 1]).all())
            and _within(self.feature, 0, features)
            and self.shares.shape == (count, classes)
            and len(self.feature) == len(self.threshold) == count
        )
        if not sound:
            raise ValueError("the trees of an expert refer to nodes or features that do not exist")
        return self


def _within(numbers: NDArray[np.int64], least: int, end: int) -> bool:
    """Whether all `numbers` are in [least, end)."""
    return bool(numbers.min(initial=least) >= least and numbers.max(initial=end - 1) < end)


@dataclass(frozen=True)
class FittedTrees:
    """A forest on standardised features."""

    forest: Forest = field(repr=False)
    scales: Floats

    def log_probabilities(self, inputs: BranchInputs) -> Tensor:
        """The log-probabilities [n, classes] of n records."""
        assert inputs.readings is not None
        features = scaled(inputs.readings.double().cpu().numpy(), self.scales)
        return log_normalised(torch.from_numpy(self.forest.probabilities(features)).clamp_min(1e-12).log())

    def state(self) -> dict[str, Tensor]:
        """The scales, and the arrays of the forest."""
        names = ("roots", "children", "feature", "threshold", "shares")
        arrays = {name: torch.from_numpy(np.ascontiguousarray(getattr(self.forest, name))) for name in names}
        return {"scales": torch.from_numpy(self.scales), **arrays}


class Trees:
    """Extremely randomised trees; takes part if there are numbers."""

    averaged: ClassVar[bool] = False

    def takes_part(self, data: TrainingSet) -> bool:
        """Whether there are numbers."""
        return has_numbers(data)

    def fit(self, data: TrainingSet, track: Track) -> FittedTrees:
        """Learn from the records and those drawn from them."""
        from sklearn.ensemble import ExtraTreesClassifier

        assert data.inputs.readings is not None
        config, classes = data.context.config, data.context.sizes.classes
        examples = Examples.of(data.inputs.readings, data.labels, data.inputs.variants)
        scales = fit_scales(examples.features[: examples.own])
        t = config.trees
        in_leaf = max(t.least_in_leaf, len(examples.labels) // t.most_leaves)  # which bounds the size of the model
        trees = ExtraTreesClassifier(t.count, min_samples_leaf=in_leaf, random_state=config.seed)
        trees.fit(scaled(examples.features, scales), examples.labels, examples.weights)
        return FittedTrees(Forest.of(trees.estimators_, trees.classes_, classes), scales)

    def restore(self, state: Mapping[str, Tensor], context: Context) -> FittedTrees:
        """The fitted expert."""
        arrays = {name: tensor.numpy() for name, tensor in state.items()}
        scales = arrays.pop("scales")
        return FittedTrees(Forest(**arrays).check(scales.shape[1], context.sizes.classes), scales)
