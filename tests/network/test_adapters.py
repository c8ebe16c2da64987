import math

import torch

from triptych.network.adapters import ImageAdapter, VectorAdapter


def test_principal_components_are_uncorrelated_and_of_unit_variance_on_the_training_maps():
    torch.manual_seed(0)
    features = torch.randn(40, 3, 2, 2) @ torch.eye(2) + torch.tensor([5.0, 0.0, -2.0])[:, None, None]
    features[:, 1] += 2 * features[:, 0]
    adapter = ImageAdapter(channels=3, grid=2, kept=2, dim=8, dropout=0.0)
    adapter.fit(features)
    rows = adapter.compress(features).movedim(1, -1).reshape(-1, 2)
    torch.testing.assert_close(torch.cov(rows.T, correction=0), torch.eye(2), atol=1e-4, rtol=0)
    torch.testing.assert_close(rows.mean(dim=0), torch.zeros(2), atol=1e-4, rtol=0)


def test_the_image_adapter_knows_where_on_the_map_something_lies():
    torch.manual_seed(0)
    adapter = ImageAdapter(channels=4, grid=2, kept=4, dim=8, dropout=0.0)
    torch.nn.init.normal_(adapter.position)
    left, right = torch.zeros(1, 4, 2, 2), torch.zeros(1, 4, 2, 2)
    left[..., 0], right[..., 1] = 3.0, 3.0
    assert not torch.allclose(adapter(left).mean(dim=(2, 3)), adapter(right).mean(dim=(2, 3)), atol=1e-3)


def test_vectors_are_standardised_and_a_missing_value_counts_for_nothing():
    adapter = VectorAdapter(channels=3, dim=4, dropout=0.0)
    adapter.fit(torch.tensor([[1.0, 7.0, math.nan], [3.0, 7.0, 4.0], [math.nan, 7.0, 8.0]]))
    torch.testing.assert_close(
        adapter.compress(torch.tensor([[1.0, 7.0, 8.0], [math.nan, 9.0, 1e9]])),
        torch.tensor([[-1.0, 0.0, 1.0], [0.0, 2.0, 5.0]]),  # a constant column is only centred; outliers end at 5 sigma
    )


def test_every_representation_is_normalised_over_its_channels():
    torch.manual_seed(0)
    image = ImageAdapter(channels=5, grid=3, kept=4, dim=16, dropout=0.0)(torch.randn(2, 4, 3, 3))
    vector = VectorAdapter(channels=5, dim=16, dropout=0.0)(torch.randn(2, 5))
    assert (image.shape, vector.shape) == ((2, 16, 3, 3), (2, 16, 1, 1))
    for z in (image, vector):
        torch.testing.assert_close(z.mean(dim=1), torch.zeros_like(z[:, 0]), atol=1e-5, rtol=0)
