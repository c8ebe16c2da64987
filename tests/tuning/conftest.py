import copy
from functools import cache
from pathlib import Path

import pytest

from triptych import load_config, open_records
from triptych.progress import silent


@pytest.fixture(scope="session", autouse=True)
def _base_weights_read_once():
    """Every language model starts with its own copy of the base weights, which take long to read from their file."""
    from triptych.tuning import language_model

    read = cache(language_model._load)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language_model, "_load", lambda: copy.deepcopy(read()))
        yield


@pytest.fixture(scope="session")
def tuned(simulated: Path, tmp_path_factory: pytest.TempPathFactory):
    """Both models, tuned for a few steps on simulated and a few other records; read-only."""
    from triptych.tuning.adapter import KINDS
    from triptych.tuning.job import tune_models
    from triptych.tuning.tune import Schedule

    schedules = {kind: Schedule(simulated=12, steps=2, batch=2) for kind in KINDS}
    training = open_records(simulated).split("train")
    one_of_each = set({record.label: record.id for record in training}.values())
    records = training.where(lambda record: record.id in one_of_each)
    folder = tmp_path_factory.mktemp("adapters")
    return tune_models(records, load_config(), folder, 0, silent, schedules=schedules)
