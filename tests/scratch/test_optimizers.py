import keras
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from keras import ops

from nncourse.scratch import optimizers

CURVATURES = np.array([1.0, 50.0])  # a ravine: the loss is (x^2 + 50 y^2) / 2
# JAX computes with float32 unless it is asked not to before anything else.
JAX = keras.backend.backend() == "jax"
DTYPE = "float32" if JAX else "float64"
TOLERANCE = 1e-5 if JAX else 1e-6

RULES = ["SGD", "Momentum", "Nesterov", "Rprop", "AdaGrad", "RMSprop", "AdaDelta", "Adam"]
RULES = {name: getattr(optimizers, name) for name in RULES}
# A rule with its constants, and Keras's optimizer with the same.
PAIRS = [
    ("SGD", {}, "SGD", {}),
    ("Momentum", {"momentum": 0.9}, "SGD", {"momentum": 0.9}),
    ("Momentum", {"momentum": 0.5}, "SGD", {"momentum": 0.5}),
    ("Nesterov", {"momentum": 0.9}, "SGD", {"momentum": 0.9, "nesterov": True}),
    ("Nesterov", {"momentum": 0.5}, "SGD", {"momentum": 0.5, "nesterov": True}),
    ("AdaGrad", {"initial_accumulator": 0.1}, "Adagrad", {"initial_accumulator_value": 0.1}),
    ("AdaGrad", {"initial_accumulator": 1.0}, "Adagrad", {"initial_accumulator_value": 1.0}),
    ("RMSprop", {"rho": 0.9}, "RMSprop", {"rho": 0.9}),
    ("RMSprop", {"rho": 0.5}, "RMSprop", {"rho": 0.5}),
    ("AdaDelta", {"rho": 0.95}, "Adadelta", {"rho": 0.95}),
    ("AdaDelta", {"rho": 0.8}, "Adadelta", {"rho": 0.8}),
    ("Adam", {"beta_1": 0.9, "beta_2": 0.999}, "Adam", {"beta_1": 0.9, "beta_2": 0.999}),
    ("Adam", {"beta_1": 0.5, "beta_2": 0.9}, "Adam", {"beta_1": 0.5, "beta_2": 0.9}),
]
STARTS = [[1.0, 1.0], [-3.0, 0.2], [0.0, 2.0]]


def ravine(w):
    return CURVATURES * w


def path(rule, gradient, start, steps=50):
    """The points that the rule visits, the start first."""
    points = [np.array(start, float)]
    for _ in range(steps):
        points.append(rule.step([points[-1]], [gradient(points[-1])])[0])
    return np.array(points)


def ravine_loss(w):
    return (CURVATURES * w**2).sum() / 2


def float32(number):
    """Keras rounds rates and constants to float32: so the rules get the rounded ones too."""
    return number if number is True else float(np.float32(number))


@pytest.mark.parametrize(("name", "constants", "keras_name", "keras_constants"), PAIRS)
@pytest.mark.parametrize("rate", [0.001, 0.01, 0.03])
def test_takes_the_steps_of_keras(name, constants, keras_name, keras_constants, rate):
    """On several ravines at once, whose parameters are a vector, a matrix and a number."""
    rate = float32(100 * rate if name == "AdaDelta" else rate)  # its own steps are that small
    rule = RULES[name](rate, **{key: float32(value) for key, value in constants.items()})
    oracle = getattr(keras.optimizers, keras_name)(
        rate, **{key: float32(value) for key, value in keras_constants.items()}
    )
    curvatures = [CURVATURES, np.array([[1.0, 50], [7, 20]]), np.array(30.0)]
    starts = [np.array(STARTS[0]), np.array(STARTS[1:]), np.array(0.5)]
    variables = [keras.Variable(start, dtype=DTYPE) for start in starts]
    w = starts
    for _ in range(50):
        w = rule.step(w, [c * v for c, v in zip(curvatures, w, strict=True)])
        values = [ops.convert_to_numpy(v) for v in variables]
        gradients = [(c * v).astype(DTYPE) for c, v in zip(curvatures, values, strict=True)]
        oracle.apply([ops.convert_to_tensor(g) for g in gradients], variables)
        for new, variable in zip(w, variables, strict=True):
            assert np.shape(new) == tuple(variable.shape)
            np.testing.assert_allclose(
                new, ops.convert_to_numpy(variable), rtol=TOLERANCE, atol=TOLERANCE
            )
    assert np.abs(w[0] - starts[0]).max() > 1e-3


@pytest.mark.parametrize(("name", "constants", "keras_name", "keras_constants"), PAIRS)
def test_defaults_are_those_of_keras(name, constants, keras_name, keras_constants):
    rule = RULES[name]()
    config = getattr(keras.optimizers, keras_name)().get_config()
    assert rule.learning_rate == pytest.approx(config["learning_rate"])
    if keras_name != "SGD":  # Keras's momentum is 0 unless it is asked for
        for key, keras_key in zip(constants, keras_constants, strict=True):
            assert getattr(rule, key) == config[keras_key]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("rate", [0.01, 0.3, 60.0])
def test_rprop_takes_the_steps_of_torch(start, rate):
    torch = pytest.importorskip("torch")
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    oracle = torch.optim.Rprop([w], lr=rate)
    expected = [start]
    for _ in range(50):
        w.grad = torch.as_tensor(ravine(w.detach().numpy()))
        oracle.step()
        expected.append(w.detach().numpy().copy())
    np.testing.assert_allclose(path(optimizers.Rprop(rate), ravine, start), expected, atol=1e-12)


def test_the_known_answer_on_the_ravine():
    """The loss after 100 steps. Nesterov's 3.98e-7 is that of w in the form with a look ahead.

    The rule keeps, as Keras does, the points w + alpha v that the form looks ahead to.
    """
    eta, alpha, start = 0.015, 0.9, np.ones(2)
    plain = path(optimizers.SGD(eta), ravine, start, 100)[-1]
    assert ravine_loss(plain) == pytest.approx(2.433e-2, rel=1e-3)

    w, v, ahead = start, np.zeros(2), []
    for _ in range(100):
        v = alpha * v - eta * ravine(w + alpha * v)
        w = w + v
        ahead.append(w + alpha * v)
    assert ravine_loss(w) == pytest.approx(3.98e-7, rel=1e-3)
    points = path(optimizers.Nesterov(eta, alpha), ravine, start, 100)
    np.testing.assert_allclose(points[1:], ahead, atol=1e-12)
    assert ravine_loss(points[-1]) == pytest.approx(1.685e-7, rel=1e-3)


@pytest.mark.parametrize("alpha", [0.0, 0.5, 0.9])
def test_law_velocity_under_a_constant_gradient(alpha):
    gradient = np.array([2.0, -0.3])
    points = path(optimizers.Momentum(0.1, alpha), lambda w: gradient, np.zeros(2), 300)
    velocity = points[-1] - points[-2]
    np.testing.assert_allclose(velocity, -0.1 * gradient / (1 - alpha), rtol=1e-9)


def test_momentum_0_is_plain_descent():
    expected = path(optimizers.SGD(0.01), ravine, [1, 1])
    for rule in (optimizers.Momentum(0.01, 0), optimizers.Nesterov(0.01, 0)):
        np.testing.assert_array_equal(path(rule, ravine, [1, 1]), expected)


@settings(max_examples=50)
@given(
    gradient=st.floats(1e-3, 1e6).flatmap(lambda g: st.sampled_from([g, -g])),
    rate=st.floats(1e-4, 1.0),
)
def test_law_the_first_step_of_adam_is_the_rate(gradient, rate):
    (step,) = optimizers.Adam(rate).step([np.zeros(1)], [np.array([gradient])])
    # r after a step is g^2 / 1000: epsilon weighs against its root.
    epsilon = 1e-7 * np.sqrt(1000) / abs(gradient)
    np.testing.assert_allclose(step, -rate * np.sign(gradient) / (1 + epsilon), rtol=1e-9)


@settings(max_examples=50)
@example(gradients=[0.001, 1.0])  # where epsilon counts
@given(gradients=st.lists(st.floats(-100, 100).filter(lambda g: abs(g) > 1e-3), min_size=2))
def test_law_the_rate_of_adagrad_never_grows(gradients):
    rule = optimizers.AdaGrad(0.5, initial_accumulator=0)
    steps = [rule.step([np.zeros(1)], [np.array([g])])[0].item() for g in gradients]
    rates = -np.array(steps) / gradients
    np.testing.assert_allclose(
        rates, 0.5 / np.sqrt(np.cumsum(np.square(gradients)) + 1e-7), rtol=1e-9
    )
    assert (rates[1:] <= rates[:-1] * (1 + 1e-12)).all()


@settings(max_examples=50)
@given(
    exponent=st.integers(-250, 250),
    start=st.tuples(st.floats(-2, 2), st.floats(-2, 2)).filter(lambda w: abs(w[0] * w[1]) > 1e-3),
)
def test_law_rprop_heeds_the_sign_alone(exponent, start):
    scale = 10.0**exponent
    scaled = path(optimizers.Rprop(), lambda w: scale * ravine(w), start)
    np.testing.assert_array_equal(scaled, path(optimizers.Rprop(), ravine, start))
    np.testing.assert_array_equal(scaled, path(optimizers.Rprop(), lambda w: np.sign(w), start))


def test_rprop_waits_after_a_turn_and_stays_within_its_sizes():
    signs = iter([1, 1, -1, -1, 0, -1])
    points = path(optimizers.Rprop(0.5), lambda w: np.array([next(signs)]), [0.0], 6)
    # Twice the same: 0.6. The turn halves it and waits; after the wait, as after 0, it stays.
    np.testing.assert_allclose(np.diff(points[:, 0]), [-0.5, -0.6, 0, 0.3, 0, 0.3], atol=1e-12)
    run = path(optimizers.Rprop(1.0), lambda w: np.ones(1), [0.0], 60)
    np.testing.assert_allclose(np.diff(run[-20:, 0]), -50)
    flips = iter([1, -1, 0] * 40)
    run = path(optimizers.Rprop(1.0), lambda w: np.array([next(flips)]), [0.0], 120)
    assert run[-3, 0] - run[-4, 0] == pytest.approx(-1e-6, rel=1e-3)


@pytest.mark.parametrize("name", RULES)
def test_a_gradient_of_zero_moves_nothing_at_first(name):
    (w,) = RULES[name](0.1).step([np.array([1.0, -2.0])], [np.zeros(2)])
    np.testing.assert_array_equal(w, [1, -2])


@pytest.mark.parametrize("name", RULES)
def test_parameters_and_gradients_are_left_alone(name):
    rule = RULES[name](0.1)
    w, g = [np.ones(2), np.ones((2, 3))], [np.full(2, 3.0), np.full((2, 3), -2.0)]
    first = rule.step(w, g)
    kept = [array.copy() for array in first]
    rule.step(first, g)
    for array, value in [(w[0], 1), (w[1], 1), (g[0], 3), (g[1], -2)]:
        np.testing.assert_array_equal(array, value)
    for array, before in zip(first, kept, strict=True):
        np.testing.assert_array_equal(array, before)
        assert np.abs(array - 1).max() > 0


@pytest.mark.parametrize("name", RULES)
def test_two_rules_share_nothing(name):
    used, fresh = RULES[name](0.1), RULES[name](0.1)
    path(used, ravine, [5.0, -5.0], steps=3)
    np.testing.assert_array_equal(
        path(fresh, ravine, [1.0, 1.0]), path(RULES[name](0.1), ravine, [1.0, 1.0])
    )


@pytest.mark.parametrize("name", RULES)
def test_a_rule_serves_one_network(name):
    rule = RULES[name](0.1)
    rule.step([np.ones(2)], [np.ones(2)])
    with pytest.raises(ValueError, match="remembers parameters of the shapes") as error:
        rule.step([np.ones(3)], [np.ones(3)])
    assert "[(2,)]" in str(error.value)
    assert "parameters [(3,)], gradients [(3,)]" in str(error.value)
    with pytest.raises(ValueError, match="remembers parameters of the shapes"):
        rule.step([np.ones(2)] * 2, [np.ones(2)] * 2)
    rule.step([np.ones(2)], [np.ones(2)])


@pytest.mark.parametrize("gradients", [[np.ones(3)], [np.ones((2, 1))], [], [np.ones(2)] * 2])
def test_gradients_of_other_shapes_are_refused(gradients):
    rule = optimizers.Adam()
    with pytest.raises(ValueError, match="remembers parameters of the shapes"):
        rule.step([np.ones(2)], gradients)
    rule.step([np.ones(4)], [np.ones(4)])  # a step that failed leaves no memory


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("rate", [0, -0.1, float("nan"), float("inf")])
def test_bad_rate_is_named(name, rate):
    with pytest.raises(ValueError, match="`learning_rate` must be a positive number") as error:
        RULES[name](rate)
    assert f"learning_rate={rate}" in str(error.value)


@pytest.mark.parametrize("value", [-0.1, 1, 1.5, float("nan")])
@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (optimizers.Momentum, "momentum"),
        (optimizers.Nesterov, "momentum"),
        (optimizers.RMSprop, "rho"),
        (optimizers.AdaDelta, "rho"),
        (optimizers.Adam, "beta_1"),
        (optimizers.Adam, "beta_2"),
    ],
)
def test_bad_fraction_is_named(rule, name, value):
    with pytest.raises(ValueError, match=rf"`{name}` must lie in \[0, 1\)") as error:
        rule(**{name: value})
    assert f"{name}={value}" in str(error.value)


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
def test_bad_initial_accumulator_is_named(value):
    with pytest.raises(ValueError, match="`initial_accumulator` must be 0 or more"):
        optimizers.AdaGrad(initial_accumulator=value)
