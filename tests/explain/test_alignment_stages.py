import itertools

import numpy as np
import pytest

from triptych import open_records
from triptych.explain import aligned_embeddings, ranked_records
from triptych.progress import silent
from triptych.training.fitting import augmented
from triptych.training.training_data import collect


@pytest.fixture(scope="module")
def data(simulated, quick):
    config = quick.changed("alignment.stages=[0.3, 0.6, 1.0]", "alignment.epochs=2")
    return collect(open_records(simulated).split("train"), config, silent)


@pytest.fixture(scope="module")
def training(data):
    return augmented(data, silent)


def test_the_least_self_similar_record_comes_first(data, training):
    ranked = ranked_records(training, data.decoder, silent)
    assert (np.diff(ranked.similarity) >= 0).all()
    assert {item.record.id for item in ranked.records} == {item.record.id for item in data.prepared}
    assert -1 <= ranked.similarity[0] < ranked.similarity[-1] <= 1


def test_embeddings_come_for_no_alignment_its_stages_and_direct_alignment(data, training):
    found = list(aligned_embeddings(training, silent))
    assert [alignment.title for alignment in found] == [
        "not aligned",
        "aligned with 30% of the records",
        "aligned with 60% of the records",
        "aligned with 100% of the records",
        "aligned directly",
    ]
    for one, two in itertools.pairwise(found):
        assert one.vectors.shape == (len(data.prepared), data.config.encoders.dim)
        assert not np.allclose(one.vectors, two.vectors)


def test_one_stage_is_drawn_once(data):
    from dataclasses import replace

    single = replace(data, config=data.config.changed("alignment.stages=[1.0]"))
    titles = [alignment.title for alignment in aligned_embeddings(augmented(single, silent), silent)]
    assert titles == ["not aligned", "aligned with 100% of the records", "aligned directly"]
