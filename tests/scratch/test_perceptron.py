import numpy as np
import pytest
import sklearn.linear_model
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse.datasets import make_separable
from nncourse.scratch import Perceptron

RULES = ("rosenblatt", "hebbian")
CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", range(3))
def test_separates_separable_data_within_the_convergence_bound(rule, seed):
    x, t = make_separable(samples=200, features=2, margin=0.1, seed=seed)
    unit = Perceptron(rule=rule).fit(x, t)
    assert (unit.predict(x) == t).all()
    assert unit.converged_
    assert unit.updates_ == len(unit.history_) - 1
    assert 0 < unit.updates_ <= (1 + (x**2).sum(axis=1).max()) / 0.1**2


@pytest.mark.parametrize("rule", RULES)
def test_equals_scikit_learn(rule):
    x, t = make_separable(samples=100, features=3, margin=0.02, seed=1)
    eta = 0.3
    unit = Perceptron(rule=rule, learning_rate=eta).fit(x, t)
    oracle = sklearn.linear_model.Perceptron(
        eta0=eta * (2 if rule == "rosenblatt" else 1),
        shuffle=False,
        tol=None,
        max_iter=unit.epochs_,
    ).fit(x, t)
    np.testing.assert_allclose(unit.weights_[0], oracle.intercept_[0], rtol=1e-9)
    np.testing.assert_allclose(unit.weights_[1:], oracle.coef_[0], rtol=1e-9)
    np.testing.assert_allclose(unit.decision_function(x), oracle.decision_function(x), rtol=1e-9)


@settings(max_examples=50)
@given(
    rule=st.sampled_from(RULES),
    eta=st.floats(0.01, 10),
    features=st.integers(1, 4),
    seed=st.integers(0, 1000),
)
def test_law_every_update_answers_a_mistake_and_adds_its_example(rule, eta, features, seed):
    x, t = make_separable(samples=20, features=features, margin=0.05, seed=seed)
    rng = np.random.default_rng(seed)
    unit = Perceptron(
        rule=rule, learning_rate=eta, initial_weights=rng.normal(size=features + 1), seed=seed
    ).fit(x, t)
    examples = t[:, None] * np.column_stack([np.ones(20), x])
    scale = 2 * eta if rule == "rosenblatt" else eta
    for before, after in zip(unit.history_[:-1], unit.history_[1:], strict=True):
        distances = np.abs(examples - (after - before) / scale).max(axis=1)
        culprit = distances.argmin()
        assert distances[culprit] < 1e-9
        assert examples[culprit] @ before <= 1e-9
    assert (examples @ unit.weights_ > 0).all()


def test_both_rules_and_every_rate_make_the_same_decisions_from_a_start_at_zero():
    x, t = make_separable(samples=100, features=2, margin=0.05, seed=2)
    units = [Perceptron(rule, eta).fit(x, t) for rule in RULES for eta in (0.01, 1.0, 7.0)]
    for unit in units[1:]:
        scale = unit.weights_[1] / units[0].weights_[1]
        np.testing.assert_allclose(unit.history_, scale * units[0].history_, rtol=1e-9, atol=1e-9)


def test_a_start_at_zero_moves_for_either_class():
    for target in (-1, 1):
        unit = Perceptron("hebbian").fit([[2.0, 3.0]], [target])
        np.testing.assert_array_equal(unit.history_, [[0, 0, 0], [target, 2 * target, 3 * target]])


def test_one_step_by_hand():
    """A wrong example from a start that is not zero: w + eta (t - y) x, with t - y = 2."""
    arguments = {"learning_rate": 0.5, "initial_weights": [-1.0, 0.0, 1.0], "max_epochs": 1}
    x, t = [[2.0, -1.0]], [1]
    unit = Perceptron("rosenblatt", **arguments).fit(x, t)
    np.testing.assert_allclose(unit.history_, [[-1, 0, 1], [0, 2, 0]])
    unit = Perceptron("hebbian", **arguments).fit(x, t)
    np.testing.assert_allclose(unit.history_, [[-1, 0, 1], [-0.5, 1, 0.5]])


def test_a_point_on_the_boundary_is_not_fired():
    unit = Perceptron("hebbian").fit([[0.0], [2.0]], [-1, 1])
    assert unit.decision_function([[-unit.weights_[0] / unit.weights_[1]]]) == 0
    assert unit.predict([[-unit.weights_[0] / unit.weights_[1]]]) == -1


def test_xor_never_converges():
    unit = Perceptron(max_epochs=50).fit(CORNERS, [-1, 1, 1, -1])
    assert not unit.converged_
    assert unit.epochs_ == 50
    assert (unit.predict(CORNERS) != [-1, 1, 1, -1]).any()


def test_epochs_count_the_last_pass_that_makes_no_mistake():
    unit = Perceptron().fit(CORNERS, [-1, -1, -1, 1])
    assert Perceptron(max_epochs=unit.epochs_).fit(CORNERS, [-1, -1, -1, 1]).converged_
    assert not Perceptron(max_epochs=unit.epochs_ - 1).fit(CORNERS, [-1, -1, -1, 1]).converged_


def test_order_is_drawn_from_the_seed_alone():
    x, t = make_separable(samples=100, features=2, margin=0.01, seed=0)
    first, again, other = (Perceptron(seed=seed).fit(x, t) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.history_, again.history_)
    assert first.updates_ != other.updates_ or (first.weights_ != other.weights_).any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"rule": "delta"}, 'must be "rosenblatt" or "hebbian". Received: rule=\'delta\''),
        ({"learning_rate": 0}, "`learning_rate` must be a positive number. Received: .*=0"),
        ({"learning_rate": float("nan")}, "`learning_rate` must be a positive number"),
        ({"max_epochs": 0}, "`max_epochs` must be a positive integer. Received: max_epochs=0"),
        ({"max_epochs": 1.5}, "`max_epochs` must be a positive integer. Received: max_epochs=1.5"),
    ],
)
def test_bad_settings_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        Perceptron(**arguments)


@pytest.mark.parametrize(
    ("x", "t", "message"),
    [
        (
            CORNERS,
            [0, 1, 1, 1],
            r"targets -1 and \+1. Received: .*\[0 1\].*become targets by 2 \* t",
        ),
        (CORNERS, [-1, 1, 1, 2], r"targets -1 and \+1. Received: .*values \[-1  1  2\]\.$"),
        (CORNERS, [-1, 1, 1], "same length. Received: 4 and 3"),
        ([[0.0, np.nan]], [1], r"`x` must hold finite numbers. Received: x\[0, 1\]=nan"),
        ([[np.inf, 0.0]], [1], r"`x` must hold finite numbers. Received: x\[0, 0\]=inf"),
        ([1.0, 2.0], [1, 1], r"`x` must be a matrix.*Received: x of shape \(2,\)"),
        (np.empty((0, 2)), [], r"at least one row.*Received: x of shape \(0, 2\)"),
        (np.empty((2, 0)), [1, -1], r"one feature.*Received: x of shape \(2, 0\)"),
    ],
)
def test_bad_data_are_named(x, t, message):
    with pytest.raises(ValueError, match=message):
        Perceptron().fit(x, t)


def test_bad_use_after_and_before_fitting():
    with pytest.raises(ValueError, match="has not been fitted yet"):
        Perceptron().predict(CORNERS)
    unit = Perceptron().fit(CORNERS, [-1, 1, 1, 1])
    with pytest.raises(
        ValueError, match=r"must have the 2 features.*Received: x of shape \(4, 1\)"
    ):
        unit.predict(CORNERS[:, :1])
    for start in ([1.0, 2.0], [0.0, np.inf, 0.0]):
        with pytest.raises(ValueError, match="`initial_weights` must hold 3 finite numbers"):
            Perceptron(initial_weights=start).fit(CORNERS, [-1, 1, 1, 1])
