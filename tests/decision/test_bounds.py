"""Exact bounds of a binomial rate."""

import pytest
from scipy.stats import binomtest

from triptych.decision.bounds import binomial_interval, least_records, lower_bound, most_errors, upper_bound


@pytest.mark.parametrize(("n", "rate"), [(36, 0.080), (59, 0.05), (149, 0.02), (299, 0.01)])
def test_what_n_records_without_an_error_can_promise(n, rate):
    assert upper_bound(0, n) == pytest.approx(rate, abs=0.0005)


@pytest.mark.parametrize(("rate", "n"), [(0.05, 59), (0.02, 149), (0.01, 299), (0.005, 598)])
def test_the_least_number_of_records_for_a_promise(rate, n):
    assert least_records(rate) == n
    assert upper_bound(0, n) <= rate < upper_bound(0, n - 1)


def test_more_errors_need_more_records():
    n = least_records(0.05, errors=2)
    assert upper_bound(2, n) <= 0.05 < upper_bound(2, n - 1)


@pytest.mark.parametrize(("errors", "n"), [(0, 10), (3, 40), (10, 10)])
def test_intervals_equal_those_of_scipy(errors, n):
    found, exact = binomial_interval(errors, n), binomtest(errors, n).proportion_ci(0.95)
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high))


def test_without_records_nothing_is_known():
    assert (lower_bound(0, 0), upper_bound(0, 0)) == (0.0, 1.0)


@pytest.mark.parametrize(("errors", "n", "confidence"), [(2, 1, 0.95), (-1, 1, 0.95), (0, 1, 1.0)])
def test_impossible_counts_are_refused(errors, n, confidence):
    with pytest.raises(ValueError, match="must be"):
        upper_bound(errors, n, confidence)


@pytest.mark.parametrize(("n", "rate"), [(58, 0.05), (59, 0.05), (200, 0.05), (200, 0.2), (1, 0.5), (0, 0.5)])
def test_the_most_errors_that_keep_a_promise(n, rate):
    most = most_errors(n, rate)
    kept = [errors for errors in range(n + 1) if n and upper_bound(errors, n) <= rate]
    assert most == (max(kept) if kept else None)
