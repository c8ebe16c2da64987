import numpy as np
import pytest
import torch

from triptych.experts.linear import Examples, Linear, rows_of


def _examples(n=60, seed=0):
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(n) % 3
    return torch.randn(n, 4, generator=generator).double() + 2 * labels[:, None], labels


def test_it_is_scikit_learns_regression_on_standardised_features():
    from sklearn.linear_model import LogisticRegression

    from triptych.features.scaling import fit_scales, standardise

    features, labels = _examples()
    found = Linear.fit(Examples.of(features, labels), 3, 0.1).log_probabilities(features)
    x = standardise(features.numpy(), fit_scales(features.numpy()))
    expected = LogisticRegression(C=0.1, max_iter=1000).fit(x, labels.numpy()).predict_log_proba(x)
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_with_more_features_than_records_it_is_the_same_regression():
    from sklearn.linear_model import LogisticRegression

    from triptych.features.scaling import fit_scales, standardise

    features, labels = _examples(30)
    wide = torch.cat([features, torch.randn(30, 90, generator=torch.Generator().manual_seed(1)).double()], dim=1)
    linear = Linear.fit(Examples.of(wide, labels), 3, 0.1)
    x = standardise(wide.numpy(), fit_scales(wide.numpy()))
    expected = LogisticRegression(C=0.1, max_iter=1000, tol=1e-8).fit(x, labels.numpy())
    assert linear.coefficients.shape == (3, 94)
    np.testing.assert_allclose(linear.coefficients, expected.coef_, atol=1e-3)
    np.testing.assert_allclose(linear.log_probabilities(wide), expected.predict_log_proba(x), atol=3e-3)


@pytest.mark.parametrize("known", [[0, 1], [0, 2], [1, 2]])
def test_of_two_classes_each_has_its_logit(known):
    features, labels = _examples()
    rows = torch.isin(labels, torch.tensor(known))
    linear = Linear.fit(Examples.of(features[rows], labels[rows]), 3, 1.0)
    found = linear.log_probabilities(features[rows])
    assert (found.argmax(dim=1) == labels[rows]).double().mean() > 0.9
    unknown = ({0, 1, 2} - set(known)).pop()
    assert found[:, unknown].exp().max() < 1e-3


def test_features_that_are_all_equal_tell_nothing():
    linear = Linear.fit(Examples.of(torch.ones(9, 40).double(), torch.arange(9) % 3), 3, 0.1)
    found = linear.log_probabilities(torch.ones(1, 40).double())
    torch.testing.assert_close(found.exp(), torch.full((1, 3), 1 / 3).double(), atol=1e-3, rtol=0)


def test_what_is_drawn_from_a_record_counts_as_much_as_the_record():
    features, labels = _examples(6)
    examples = Examples.of(features, labels, features[:, None].expand(-1, 4, -1))
    assert examples.weights[:6].sum() == examples.weights[6:].sum() == 6
    assert examples.labels[6:10].tolist() == [0, 0, 0, 0]
    assert rows_of(examples, [1]).tolist() == [1, 10, 11, 12, 13]


def test_a_missing_value_counts_as_the_mean():
    features, labels = _examples()
    linear = Linear.fit(Examples.of(features, labels), 3, 0.1)
    found = linear.log_probabilities(torch.full((1, 4), torch.nan))
    torch.testing.assert_close(found[0].exp(), torch.from_numpy(linear.intercepts).softmax(dim=0), atol=1e-6, rtol=0)


def test_what_is_restored_says_the_same():
    features, labels = _examples()
    linear = Linear.fit(Examples.of(features, labels), 3, 0.1)
    again = Linear.restore(linear.state())
    assert torch.equal(again.log_probabilities(features), linear.log_probabilities(features))


def test_coefficients_that_do_not_fit_are_refused():
    features, labels = _examples()
    state = Linear.fit(Examples.of(features, labels), 3, 0.1).state()
    with pytest.raises(ValueError, match="do not fit"):
        Linear.restore(state | {"coefficients": state["coefficients"][:, :2]})
