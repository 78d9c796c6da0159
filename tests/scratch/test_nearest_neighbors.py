import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import KNeighborsClassifier

from nncourse.datasets import load_digits
from nncourse.scratch import KNearestNeighbors

METRICS = pytest.mark.parametrize(("metric", "p"), [("l1", 1), ("l2", 2)])


def by_sklearn(k, p, x, t):
    return KNeighborsClassifier(k, p=p, algorithm="brute").fit(x, t)


@settings(max_examples=80, deadline=None)
@given(
    samples=st.integers(1, 30),
    features=st.integers(1, 5),
    k=st.integers(1, 12),
    p=st.sampled_from([1, 2]),
    seed=st.integers(0),
)
def test_law_equal_to_scikit_learn(samples, features, k, p, seed):
    """Distances have no ties here, votes have many: five classes, few votes."""
    rng = np.random.default_rng(seed)
    k = min(k, samples)
    x, t = rng.normal(size=(samples, features)), rng.integers(0, 5, samples)
    new = rng.normal(size=(7, features))
    ours, theirs = KNearestNeighbors(k, f"l{p}").fit(x, t), by_sklearn(k, p, x, t)
    np.testing.assert_array_equal(ours.predict(new), theirs.predict(new))
    for mine, other in zip(ours.neighbors(new), theirs.kneighbors(new), strict=True):
        np.testing.assert_allclose(mine, other, atol=1e-9)


@METRICS
@pytest.mark.parametrize("k", [1, 4])
def test_equal_to_scikit_learn_on_digits(k, metric, p):
    (x, t), (new, answers) = load_digits()
    # A little noise, the same for both, parts distances that are equal up to rounding.
    noise = np.random.default_rng(0).normal(scale=1e-6, size=x.shape)
    x, new, answers = x + noise, new[:120], answers[:120]
    ours = KNearestNeighbors(k, metric).fit(x, t)  # images as they are
    theirs = by_sklearn(k, p, x.reshape(len(x), -1), t)
    predictions = ours.predict(new)
    np.testing.assert_array_equal(predictions, theirs.predict(new.reshape(len(new), -1)))
    assert np.mean(predictions == answers) > 0.95


@METRICS
def test_distances_by_hand(metric, p):
    neighbors = KNearestNeighbors(2, metric).fit([[3, 4], [0, 6], [0, 100]], [0, 1, 2])
    distances, indices = neighbors.neighbors([[0, 0]])
    if metric == "l1":
        np.testing.assert_array_equal(distances, [[6, 7]])
        np.testing.assert_array_equal(indices, [[1, 0]])
    else:
        np.testing.assert_array_equal(distances, [[5, 6]])
        np.testing.assert_array_equal(indices, [[0, 1]])


def test_of_equally_near_examples_the_first_comes_first():
    x = np.array([[9.0], [1], [-1], [1], [-1], [1]])
    model = KNearestNeighbors(3).fit(x, [0, 5, 4, 3, 2, 1])
    np.testing.assert_array_equal(model.neighbors([[0]])[1], [[1, 2, 3]])
    assert KNearestNeighbors(1).fit(x, [0, 5, 4, 3, 2, 1]).predict([[0]]) == 5
    # Many of them, for a sort that is not stable does keep the order of a few.
    many = KNearestNeighbors(50).fit(np.tile(x, (50, 1)), np.zeros(300, int))
    expected = np.flatnonzero(np.tile(np.abs(x[:, 0]) == 1, 50))[:50]
    np.testing.assert_array_equal(many.neighbors([[0]])[1][0], expected)


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        ([3, 1, 1, 3], 1),  # two votes each: the smaller class, not the nearest
        ([1, 3, 3, 1], 1),
        ([7, 2, 5, 0], 0),
        ([2, 2, 0, 1], 2),
        ([0, 4, 4, 4], 4),
    ],
)
def test_votes(classes, expected):
    x = np.arange(1.0, 5)[:, None]
    assert KNearestNeighbors(4).fit(x, classes).predict([[0]]) == [expected]
    assert by_sklearn(4, 2, x, classes).predict([[0]]) == [expected]


def test_what_is_stored_and_returned():
    x, t = np.random.default_rng(0).normal(size=(5, 2, 3)), np.array([0, 1, 2, 3, 4], "uint8")
    model = KNearestNeighbors(np.int64(1))
    assert model.fit(x, t) is model
    assert (model.k, model.metric) == (1, "l2")
    np.testing.assert_array_equal(model.predict(x), t)
    np.testing.assert_array_equal(model.predict(x.reshape(5, 6)), t)
    assert model.predict(x).shape == (5,)
    distances, indices = model.neighbors(x[:2])
    assert distances.shape == indices.shape == (2, 1)
    np.testing.assert_array_equal(distances, 0)


def test_bytes_do_not_wrap_around():
    x = np.array([[250, 250], [6, 6]], np.uint8)
    assert KNearestNeighbors(1, "l1").fit(x, [0, 1]).predict(np.array([[245, 255]], np.uint8)) == [
        0
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"k": 0}, "`k` must be a positive integer. Received: k=0"),
        ({"k": -3}, "`k` must be a positive integer. Received: k=-3"),
        ({"k": 1.5}, "`k` must be a positive integer. Received: k=1.5"),
        ({"metric": "l3"}, r"`metric` must be one of \('l1', 'l2'\). Received: metric='l3'"),
        ({"metric": 2}, "`metric` must be one of .* Received: metric=2"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        KNearestNeighbors(**arguments)


@pytest.mark.parametrize(
    ("x", "t", "message"),
    [
        ([1.0, 2.0], [0, 1], r"`x` must have the shape \(samples, features\).*shape \(2,\)"),
        (np.ones((0, 3)), [], r"`x` must have .*shape \(0, 3\)"),
        (np.ones((3, 0)), [0, 1, 2], r"`x` must have .*shape \(3, 0\)"),
        ([[1.0], [np.nan]], [0, 1], "`x` must hold finite numbers"),
        ([[1.0], [np.inf]], [0, 1], "`x` must hold finite numbers"),
        ([[1.0], [2.0]], [0], r"`t` must hold a class.*each of 2 samples.*shape \(1,\)"),
        ([[1.0], [2.0]], [[0], [1]], r"`t` must hold a class.*shape \(2, 1\)"),
        ([[1.0], [2.0]], [0.0, 1.0], "`t` must hold a class.*type float64"),
        ([[1.0], [2.0]], ["a", "b"], "`t` must hold a class.*type <U1"),
        ([[1.0], [2.0]], [0, -1], "`t` must hold a class, an integer of 0 or more"),
        ([[1.0]], [0], "`x` must hold k = 2 samples or more. Received: 1"),
    ],
)
def test_bad_examples_are_named(x, t, message):
    with pytest.raises(ValueError, match=message):
        KNearestNeighbors(2).fit(x, t)


@pytest.mark.parametrize("method", ["predict", "neighbors"])
def test_bad_samples_are_named(method):
    model = KNearestNeighbors()
    with pytest.raises(ValueError, match="`fit` must come first"):
        getattr(model, method)([[1.0, 2.0]])
    model.fit(np.ones((4, 2)), [0, 1, 2, 3])
    for x, message in (
        (np.ones((5, 3)), r"`x` must have the shape \(samples, 2\).* x of shape \(5, 3\)"),
        (np.ones(2), r"`x` must have the shape \(samples, 2\).* x of shape \(2,\)"),
        (np.ones((0, 2)), r"`x` must have the shape \(samples, 2\).* x of shape \(0, 2\)"),
        ([[1.0, np.nan]], "`x` must hold finite numbers"),
    ):
        with pytest.raises(ValueError, match=message):
            getattr(model, method)(x)
