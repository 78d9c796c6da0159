import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, kstest

from nncourse.datasets import make_dynamic_ngrams, optimal_ngram_predictions


def followers(bits, step, order):
    """The bits that followed the current context before, found by reading from the beginning."""
    size = order - 1
    context = bits[step + 1 - size : step + 1]
    return [bits[i] for i in range(size, step + 1) if bits[i - size : i] == context]


@settings(deadline=None, max_examples=40)
@given(
    order=st.integers(1, 5), length=st.integers(4, 40), batch=st.integers(1, 4), seed=st.integers(0)
)
def test_the_best_prediction_counts_what_followed_the_context(order, length, batch, seed):
    x, y, mask = make_dynamic_ngrams(batch, length, order, seed=seed)
    assert x.shape == y.shape == (batch, length, 1)
    assert {array.dtype for array in (x, y, mask)} == {np.dtype("float32")}
    assert np.isin(x, (0, 1)).all()
    np.testing.assert_array_equal(x[:, 1:], y[:, :-1])
    predictions = optimal_ngram_predictions(x, order)
    assert predictions.shape == x.shape
    for row, p, when in zip(x[..., 0].tolist(), predictions[..., 0], mask, strict=True):
        for step in range(length):
            assert when[step] == (step + 1 >= order - 1)
            seen = followers(row, step, order) if when[step] else []
            assert p[step] == pytest.approx((sum(seen) + 0.5) / (len(seen) + 1))


def test_a_coin_has_a_beta_law():
    x, *_ = make_dynamic_ngrams(1000, length=2000, order=1, seed=2)
    assert kstest(x.mean(axis=(1, 2)), beta(0.5, 0.5).cdf).pvalue > 0.01
    first = make_dynamic_ngrams(4000, length=5, order=6, seed=2)[0]
    np.testing.assert_allclose(first.mean(axis=0), 1 / 2, atol=0.04)


def loss(p, y, mask):
    """Mean nats of the steps that count."""
    nats = -np.log(np.where(y == 1, p, 1 - p))[..., 0]
    return (nats * mask).sum() / mask.sum()


def test_no_other_context_predicts_better_and_it_knows_how_sure_it_is():
    x, y, mask = make_dynamic_ngrams(500, length=200, seed=3)
    best = optimal_ngram_predictions(x)
    losses = [loss(best, y, mask)]
    for wrong in (1, 4, 5, 7, 8):
        losses.append(loss(optimal_ngram_predictions(x, wrong), y, mask))
    assert losses[0] < min(losses[1:]) - 0.02
    assert losses[0] < 0.5 < np.log(2)
    # Of the steps where it says p a share p is 1, as with no other law of the chances.
    p, is_one = best[mask == 1].ravel(), y[mask == 1].ravel()
    for low in np.arange(0, 1, 0.1):
        here = (p >= low) & (p < low + 0.1)
        assert is_one[here].mean() == pytest.approx(p[here].mean(), abs=0.02)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"batch": 0}, "`batch` must be an integer of at least 1. Received: batch=0"),
        ({"length": 4}, "`length` must be an integer of at least 5. Received: length=4"),
        ({"length": 0, "order": 1}, "`length` must be an integer of at least 1. Received"),
        ({"order": 0}, "`order` must be an integer of at least 1. Received: order=0"),
        ({"order": 21}, "`order` must be at most 20. Received: order=21"),
        ({"seed": -1}, "`seed` must be a non-negative integer. Received: seed=-1"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_dynamic_ngrams(**{"batch": 2} | arguments)


@pytest.mark.parametrize(
    ("x", "shape"),
    [
        (np.zeros((2, 5)), r"\(2, 5\)"),
        (np.zeros((2, 5, 2)), r"\(2, 5, 2\)"),
        (np.full((1, 5, 1), 0.5), r"\(1, 5, 1\)"),
    ],
)
def test_what_is_predicted_must_be_bits(x, shape):
    with pytest.raises(
        ValueError, match=f"`x` must be zeros and ones .*Received: x of shape {shape}"
    ):
        optimal_ngram_predictions(x)
    with pytest.raises(ValueError, match="`order` must be an integer of at least 1"):
        optimal_ngram_predictions(np.zeros((1, 5, 1)), order=0)
