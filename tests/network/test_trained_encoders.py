import pytest
import torch
from torch import nn

from triptych.encoders.text import MiniLM
from triptych.errors import TriptychError
from triptych.network.trained_encoders import TunedImage, TunedText, insert_adapters


@pytest.fixture(scope="module")
def tokens():
    encoder = MiniLM()
    return torch.from_numpy(encoder.tokens("The dots are shifted to the right."))[None]


def test_new_adapters_change_nothing_and_leave_the_encoder_frozen(tokens):
    plain, adapted = MiniLM().module().eval(), insert_adapters(MiniLM().module(), 384).eval()
    with torch.no_grad():
        torch.testing.assert_close(adapted(tokens), plain(tokens))
    trained = [name for name, p in adapted.named_parameters() if p.requires_grad]
    assert trained
    assert all(".adapter." in name for name in trained)
    share = sum(p.numel() for p in adapted.parameters() if p.requires_grad) / sum(p.numel() for p in plain.parameters())
    assert share < 0.02


def test_trained_adapters_move_what_the_encoder_says(tokens):
    text = TunedText(insert_adapters(MiniLM().module(), 384), 384, dim=16, dropout=0.0).eval()
    before = text.encoder(tokens).detach()
    optimizer = torch.optim.SGD([p for p in text.parameters() if p.requires_grad], lr=0.5)
    for _ in range(2):
        optimizer.zero_grad()
        text(tokens)[:, :8].sum().backward()
        optimizer.step()
    assert not torch.allclose(text.encoder(tokens), before)


def test_a_text_encoder_that_adapters_do_not_fit_into_is_named():
    with pytest.raises(TriptychError, match=r"encoders\.tune=adapters: .* BERT family"):
        insert_adapters(nn.Linear(3, 3), 3)


def test_batch_normalisation_keeps_the_statistics_it_came_with():
    image = TunedImage(nn.Sequential(nn.Conv2d(3, 4, 2, stride=2), nn.BatchNorm2d(4)), 4, 2, dim=8, dropout=0.0)
    image.train()
    before = image.encoder[1].running_mean.clone()
    out = image(torch.randn(5, 3, 4, 4))
    assert out.shape == (5, 8, 2, 2)
    torch.testing.assert_close(image.encoder[1].running_mean, before)
    assert image.drop.training
