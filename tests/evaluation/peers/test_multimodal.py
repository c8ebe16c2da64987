from functools import partial

import numpy as np
import pytest
from PIL import Image, ImageDraw

from triptych.evaluation.peers import PeerRecord
from triptych.evaluation.peers.multimodal import Lite0Logistic, MultimodalSvm, weigh
from triptych.progress import silent

LABELS = ["disc", "blank"] * 6


def _picture(label: str, i: int) -> Image.Image:
    picture = Image.new("RGB", (64, 64), "white")
    if label == "disc":
        ImageDraw.Draw(picture).ellipse((10 + i, 10, 40 + i, 40), fill="black")
    return picture


@pytest.fixture(scope="module")
def seen():
    return [PeerRecord(partial(_picture, label, i), {"place": float(i % 3)}) for i, label in enumerate(LABELS)]


@pytest.mark.parametrize("peer", [Lite0Logistic, MultimodalSvm])
def test_pictures_tell_the_classes_apart(seen, peer):
    found = peer().fit(seen[:8], LABELS[:8], 0, silent).predict(seen[8:])
    assert found.labels == LABELS[8:]
    assert found.probabilities.argmax(axis=1).tolist() == [1, 0] * 2


def test_texts_and_readings_are_seen_beside_the_picture():
    checks = ["whether there is a cup upon the tray", "whether the tray is free of any cup"]
    same = partial(Image.new, "RGB", (64, 64))
    seen = [PeerRecord(same, {"check": checks[i % 2]}) for i in range(12)]
    assert MultimodalSvm().fit(seen[:8], LABELS[:8], 0, silent).predict(seen[8:]).labels == LABELS[8:]
    numbers = [PeerRecord(same, {"place": float(i % 2)}) for i in range(12)]
    assert MultimodalSvm().fit(numbers[:8], LABELS[:8], 0, silent).predict(numbers[8:]).labels == LABELS[8:]


def test_blocks_weigh_alike_whatever_their_width():
    features = np.ones((2, 5))
    weighed = weigh(features, (4, 1))
    np.testing.assert_allclose((weighed[:, :4] ** 2).sum(axis=1), (weighed[:, 4:] ** 2).sum(axis=1))
    assert weigh(features, ()) is features
