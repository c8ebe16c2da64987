from dataclasses import replace

import numpy as np
import pytest
import torch

from triptych.experts import picture
from triptych.experts.picture import Picture, Whole, train
from triptych.experts.picture_encoder import PictureEncoder
from triptych.preparation.pictures import mirrored, plot_picture
from triptych.progress import silent

EVERY = torch.arange(30)


def _rings() -> torch.Tensor:
    """Thirty plots: rings, narrow and wide by turns, as the labels of `inputs` are."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[-1:1:32j, -1:1:32j]
    radii = np.where(np.arange(30) % 2, 0.75, 0.3) + rng.normal(0, 0.03, 30)
    densities = [np.exp(-(((np.hypot(x, y) - radius) / 0.1) ** 2)).astype(np.float32) for radius in radii]
    return torch.from_numpy(np.stack([plot_picture(d, 32) for d in densities]))


@pytest.fixture
def plotted(data):
    return replace(data, inputs=replace(data.inputs, plots=_rings()))


def test_it_learns_to_tell_plots_apart(plotted):
    fitted = Picture().fit(plotted, silent)
    assert fitted.plots
    assert (fitted.log_probabilities(plotted.inputs).argmax(dim=1) == plotted.labels).double().mean() > 0.9


def test_plots_are_preferred_where_enough_records_have_one(plotted):
    pictures = torch.zeros(30, 3, 16, 16, dtype=torch.uint8)
    few = torch.where((EVERY < 20)[:, None, None], 255, plotted.inputs.plots)
    for plots, expected in ((plotted.inputs.plots, True), (few, False)):
        data = replace(plotted, inputs=replace(plotted.inputs, plots=plots, pictures=pictures))
        assert Picture().fit(_quick(data), silent).plots == expected
    assert not Picture().takes_part(replace(plotted, inputs=replace(plotted.inputs, plots=few)))


def _quick(data):
    config = data.context.config.changed("picture.epochs=1")
    return replace(data, context=replace(data.context, config=config))


def test_a_plot_is_looked_at_all_ways_up_where_plots_are_turned(plotted):
    turned = replace(plotted, turned=True)
    assert Picture().fit(_quick(turned), silent).turned
    assert not Picture().fit(_quick(plotted), silent).turned


@pytest.mark.parametrize("kept", [0, 10_000])
def test_every_epoch_sees_one_view_of_every_record(config, monkeypatch, kept):
    monkeypatch.setattr(PictureEncoder, "maps", lambda self, pictures: pictures.float())
    seen = []

    def remember(maps):
        seen.append(maps)
        return maps.new_zeros(len(maps), 1280, requires_grad=True)

    config = config.changed(f"picture.kept_maps={kept}")
    encoder = PictureEncoder(2, config.picture)
    monkeypatch.setattr(encoder.late, "forward", remember)
    numbered = EVERY.to(torch.uint8)[:, None, None, None, None].expand(-1, 1, 1, 8, 8)
    views = torch.cat([numbered, (numbered + 100).expand(-1, 3, -1, -1, -1)], dim=1)
    train(encoder, Whole(encoder.late), views, EVERY % 2, 2, config, silent)
    chosen = torch.cat(seen)[:, 0, 0, 0]
    for epoch in chosen.reshape(2, 30):
        assert (epoch % 100).sort().values.tolist() == EVERY.tolist()
    assert 0.5 < (chosen >= 100).float().mean() < 1  # one of four is the record's own


def test_whole_pictures_are_mirrored(data):
    pictures = torch.randint(0, 255, (30, 3, 4, 4), dtype=torch.uint8)
    views = picture._views(replace(data.inputs, pictures=pictures), plots=False)
    assert torch.equal(views[:, 0], pictures)
    assert torch.equal(views[:, 1], mirrored(pictures))
    assert torch.equal(views[:, 1, :, :, 0], pictures[..., 3])


def test_the_folds_train_it_for_fewer_epochs(plotted, monkeypatch):
    seen = []
    monkeypatch.setattr(picture, "train", lambda *arguments: seen.append((type(arguments[1]).__name__, arguments[4])))
    for is_fold in (True, False):
        Picture().fit(replace(plotted, is_fold=is_fold), silent)
    p = plotted.context.config.picture
    assert seen == [("Whole", p.fold_epochs), ("Halves", p.epochs)]


def test_weights_that_are_not_complete_are_refused(plotted):
    state = Picture().fit(_quick(plotted), silent).state()
    name = next(key for key in state if key.startswith("encoder."))
    with pytest.raises(ValueError, match="not complete"):
        Picture().restore({key: value for key, value in state.items() if key != name}, plotted.context)
