"""Settings chosen within the training records: every combination of a grid, by cross-validated macro-F1."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from triptych.evaluation.peers.peer import Seen

FOLDS = 5

Grid = Mapping[str, Sequence[object]]


def fit_best(learner: Any, grid: Grid, features: Any, records: Sequence[Seen], labels: Sequence[str], seed: int) -> Any:
    """The scikit-learn estimator `learner` with the best settings of `grid`, fitted to all of `features` [n, ...].

    The folds hold the classes in their proportions; there are fewer of them where a class is smaller than `FOLDS`.
    Records of one picture stay together, for a setting that knows them by heart would seem to do well.
    """
    from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, StratifiedKFold

    folds = min(FOLDS, max(2, min(Counter(labels).values())))
    sources = [record.source or str(place) for place, record in enumerate(records)]
    shared = len(set(sources)) < len(sources)
    division = (StratifiedGroupKFold if shared else StratifiedKFold)(folds, shuffle=True, random_state=seed)
    search = GridSearchCV(learner, dict(grid), scoring="f1_macro", cv=division)
    return search.fit(features, list(labels), groups=sources if shared else None).best_estimator_
