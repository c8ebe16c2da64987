"""An audit of the small simulated data set, with its true readings as columns and some planted faults."""

from dataclasses import replace

import pandas as pd
import pytest

from triptych import load_config
from triptych.audit import audit_records
from triptych.records import Record, frame_records

COPIED, CONTRADICTED = 3, 5  # rows


@pytest.fixture(scope="session")
def faulty(simulated):
    """Forty records and a copy of one under another label; the total of another one is wrong."""
    truth = pd.read_csv(simulated / "truth.csv").drop(columns=["layout", "Machine", "Lot", "Tool", "Date"])
    truth["total"] = truth["total"].astype(float)
    truth.loc[CONTRADICTED, "total"] *= 1.5
    records = frame_records(truth, simulated, "truth.csv")
    original = records[COPIED]
    label = next(name for name in records.classes if name != original.label)
    copy = Record("copy.png", original.image, original.readings, label, original.split)
    return replace(records, records=(*records, copy))


@pytest.fixture(scope="session")
def audited(faulty):
    """The audit of `faulty`."""
    return audit_records(faulty, load_config(None, ("cross_fitting.folds=2", "audit.permutations=200")))
