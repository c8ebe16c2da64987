"""Settings chosen within the training records: every combination of a grid, by cross-validated macro-F1."""

from collections.abc import Mapping, Sequence
from typing import Any

from triptych.evaluation.peers.peer import Seen
from triptych.records.splits import folds

FOLDS = 5

Grid = Mapping[str, Sequence[object]]


def fit_best(learner: Any, grid: Grid, features: Any, records: Sequence[Seen], labels: Sequence[str], seed: int) -> Any:
    """The scikit-learn estimator `learner` with the best settings of `grid`, fitted to all of `features` [n, ...].

    The folds hold the classes in their proportions; there are fewer of them where a class is smaller than `FOLDS`.
    Records of one picture or group stay together, for a setting that knows them by heart would seem to do well. Where
    there is but one such group, the first settings are taken.
    """
    from sklearn.model_selection import GridSearchCV

    sources = [record.source or str(place) for place, record in enumerate(records)]
    numbers = {source: number for number, source in enumerate(sorted(set(sources)))}
    division = folds(labels, [numbers[source] for source in sources], FOLDS, seed)
    if not division:
        return learner.set_params(**{name: values[0] for name, values in grid.items()}).fit(features, list(labels))
    search = GridSearchCV(learner, dict(grid), scoring="f1_macro", cv=division)
    return search.fit(features, list(labels)).best_estimator_
