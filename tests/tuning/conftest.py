from pathlib import Path

import pytest

from triptych import load_config, open_records
from triptych.progress import silent


@pytest.fixture(scope="session")
def tuned(simulated: Path, tmp_path_factory: pytest.TempPathFactory):
    """Both models, tuned for a few steps on simulated and a few other records; read-only."""
    from triptych.tuning.job import tune_models
    from triptych.tuning.tune import Schedule

    schedules = {"vlm": Schedule(simulated=12, steps=2, batch=2), "llm": Schedule(simulated=12, steps=2, batch=2)}
    training = open_records(simulated).split("train")
    one_of_each = set({record.label: record.id for record in training}.values())
    records = training.where(lambda record: record.id in one_of_each)
    folder = tmp_path_factory.mktemp("adapters")
    return tune_models(records, load_config(), folder, 0, silent, schedules=schedules)
