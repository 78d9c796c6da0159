import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from nncourse.datasets import make_spirals
from nncourse.optimizers import Rprop
from nncourse.scratch import optimizers as rules

# JAX has no float64 unless it is asked to before anything else.
JAX = keras.backend.backend() == "jax"
DTYPE = "float32" if JAX else "float64"
EXACT = 1e-5 if JAX else 1e-9


def ravine(w):
    return w * np.array([1, 50], w.dtype)


def rosenbrock(w):
    x, y = w
    return np.array([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)], w.dtype)


def flat_bottom(w):
    """The gradient of max(0, |w| - 1/2)^2 / 2 is exactly 0 in the middle."""
    return np.sign(w) * np.maximum(0, np.abs(w) - np.asarray(0.5, w.dtype))


PROBLEMS = pytest.mark.parametrize(
    ("gradient", "start"),
    [
        (ravine, [1, 1]),
        (ravine, [-3, 0.2]),
        (ravine, [0, 7]),  # the first gradient of one weight is 0
        (rosenbrock, [-1.2, 1]),
        (rosenbrock, [2, -2]),
        (flat_bottom, [0.8, -5]),
        (flat_bottom, [0.1, 2]),
    ],
)
RATES = pytest.mark.parametrize("learning_rate", [0.01, 0.3, 2.0])


def keras_path(optimizer, gradient, start, steps=50):
    w = keras.Variable(np.array(start), dtype=DTYPE)
    path = []
    for _ in range(steps):
        optimizer.apply([ops.convert_to_tensor(gradient(ops.convert_to_numpy(w)))], [w])
        path.append(ops.convert_to_numpy(w))
    return np.array(path)


def scratch_path(rule, gradient, start, steps=50):
    w = [np.array(start, float)]
    path = []
    for _ in range(steps):
        w = rule.step(w, [gradient(w[0])])
        path.append(w[0])
    return np.array(path)


@PROBLEMS
@RATES
def test_takes_the_steps_of_torch(gradient, start, learning_rate):
    torch = pytest.importorskip("torch")
    w = torch.tensor(start, dtype=getattr(torch, DTYPE), requires_grad=True)
    oracle = torch.optim.Rprop([w], lr=learning_rate)
    expected = []
    for _ in range(50):
        w.grad = torch.as_tensor(gradient(w.detach().numpy()))
        oracle.step()
        expected.append(w.detach().numpy().copy())
    path = keras_path(Rprop(learning_rate), gradient, start)
    np.testing.assert_allclose(path, expected, rtol=1e-6, atol=1e-6)


@PROBLEMS
@RATES
def test_takes_the_steps_of_scratch(gradient, start, learning_rate):
    # The rate is kept as a float32 number, so a rate of 0.3 is 0.30000001 everywhere.
    rate = float(np.float32(learning_rate))
    path = keras_path(Rprop(rate), gradient, start)
    expected = scratch_path(rules.Rprop(rate), gradient, start)
    np.testing.assert_allclose(path, expected, rtol=EXACT, atol=EXACT)


@settings(max_examples=30)
@given(
    gradients=st.lists(st.sampled_from([-1e-30, -2.0, 0.0, 1e-30, 5.0]), min_size=1, max_size=12),
    eta_minus=st.floats(0.1, 0.9),
    eta_plus=st.floats(1.1, 3),
    step_min=st.sampled_from([1e-6, 0.05]),
    step_max=st.sampled_from([0.12, 50.0]),
)
def test_law_every_sequence_of_signs(gradients, eta_minus, eta_plus, step_min, step_max):
    optimizer = Rprop(0.1, eta_minus, eta_plus, step_min, step_max)
    given_gradients = iter(gradients)
    path = keras_path(
        optimizer, lambda w: np.full_like(w, next(given_gradients)), [0.0], len(gradients)
    )
    w, size, before, expected = 0.0, 0.1, 0.0, []
    for sign in np.sign(gradients):
        if sign * before > 0:
            size = size * eta_plus
        elif sign * before < 0:
            size, sign = size * eta_minus, 0.0
        size = min(max(size, step_min), step_max)
        w, before = w - size * sign, sign
        expected.append(w)
    np.testing.assert_allclose(path[:, 0], expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_weights(dtype):
    # The product of two such gradients is 0 in float16.
    w = keras.Variable([1.0, -1.0], dtype=dtype)
    optimizer = Rprop(0.125)
    for sign in (1, 1, -1, -1):
        optimizer.apply([ops.cast(np.array([1e-5, -1e-5]) * sign, dtype)], [w])
    assert keras.backend.standardize_dtype(w.dtype) == dtype
    end = 1 - 0.125 - 0.15 + 0.075  # the third step waits
    result = ops.convert_to_numpy(ops.cast(w, "float32"))
    np.testing.assert_allclose(result, [end, -end], atol=0.01)


def classifier():
    keras.utils.set_random_seed(1)
    return keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(24, "tanh"),
            keras.layers.Dense(24, "tanh"),
            keras.layers.Dense(1),
        ]
    )


def fit(model, x, t, epochs):
    history = model.fit(x, t, batch_size=len(x), shuffle=False, epochs=epochs, verbose=0)
    return np.array(history.history["loss"])


def compile_with(model, optimizer, **kwargs):
    model.compile(
        optimizer, keras.losses.BinaryCrossentropy(from_logits=True), metrics=["acc"], **kwargs
    )


@pytest.fixture(scope="module")
def spirals():
    x, y = make_spirals(200, seed=0)
    return x.astype("float32"), y[:, None].astype("float32")


def test_learns_spirals(spirals):
    model = classifier()
    compile_with(model, Rprop())
    _, untrained = model.evaluate(*spirals, verbose=0)
    fit(model, *spirals, epochs=80)
    _, trained = model.evaluate(*spirals, verbose=0)
    assert untrained < 0.65
    assert trained > 0.97


@pytest.mark.parametrize("jit_compile", ["auto", True, False])
def test_compiled_fit_takes_the_same_steps(spirals, jit_compile):
    """As the rule of scratch, fed with the gradients of the same network in NumPy."""
    x, t = spirals
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    weights = [np.array([[0.3], [-0.2]], "float32"), np.array([0.1], "float32")]
    model.set_weights(weights)
    model.compile(Rprop(0.125), "mse", jit_compile=jit_compile)
    fit(model, x, t, epochs=8)
    rule = rules.Rprop(0.125)
    for _ in range(8):
        error = 2 * (x @ weights[0] + weights[1] - t) / len(x)
        weights = rule.step(weights, [x.T @ error, error.sum(axis=0)])
    for weight, expected in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_allclose(weight, expected, atol=1e-5)


def test_a_saved_model_goes_on_where_it_was(spirals, tmp_path):
    model = classifier()
    compile_with(model, Rprop(0.02, eta_plus=1.3))
    fit(model, *spirals, epochs=15)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    assert isinstance(loaded.optimizer, Rprop)
    assert loaded.optimizer.get_config() == model.optimizer.get_config()
    before = loaded.get_weights()
    assert fit(loaded, *spirals, epochs=10) == pytest.approx(fit(model, *spirals, epochs=10))
    for weight, expected in zip(loaded.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(weight, expected, atol=1e-5)
    assert np.abs(loaded.get_weights()[0] - before[0]).max() > 0.01


def test_config_round_trip():
    arguments = {
        "learning_rate": 0.25,
        "eta_minus": 0.4,
        "eta_plus": 1.5,
        "step_min": 1e-4,
        "step_max": 2.0,
        "weight_decay": 0.01,
        "name": "resilient",
    }
    optimizer = Rprop(**arguments)
    config = optimizer.get_config()
    assert arguments.items() <= config.items()
    assert Rprop.from_config(config).get_config() == config
    again = keras.optimizers.deserialize(keras.optimizers.serialize(optimizer))
    assert isinstance(again, Rprop)
    assert again.get_config() == config


def test_the_rows_of_an_embedding():
    """TensorFlow lists row 1 twice; what counts is the sign of the sum, and row 2 is not used."""
    model = keras.Sequential([keras.Input((3,)), keras.layers.Embedding(3, 1)])
    model.set_weights([np.zeros((3, 1))])
    model.compile(Rprop(0.5), "mse")
    # The pulls on row 1 are -1 and 3, in sum downwards; that on row 0 upwards.
    fit(model, np.array([[0, 1, 1]]), np.array([[[1.0], [1.0], [-3.0]]]), epochs=1)
    np.testing.assert_allclose(model.get_weights()[0][:, 0], [0.5, -0.5, 0])


def test_options_of_the_base_class():
    clipped = keras_path(Rprop(0.3, clipnorm=1e-3), ravine, [1, 1])
    np.testing.assert_array_equal(clipped, keras_path(Rprop(0.3), ravine, [1, 1]))
    decayed = keras_path(Rprop(0.5, weight_decay=0.2), flat_bottom, [0.4, 0.4], steps=3)
    np.testing.assert_allclose(decayed[:, 0], 0.4 * 0.9 ** np.arange(1, 4), rtol=1e-6)


def test_gradient_accumulation_makes_a_full_batch_of_two_halves(spirals):
    x, t = spirals
    whole, halves = classifier(), classifier()
    compile_with(whole, Rprop())
    fit(whole, x, t, epochs=5)
    compile_with(halves, Rprop(gradient_accumulation_steps=2))
    halves.fit(x, t, batch_size=100, shuffle=False, epochs=5, verbose=0)
    for weight, expected in zip(halves.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_allclose(weight, expected, atol=1e-5)


def test_the_learning_rate_is_the_first_step_alone():
    optimizer = Rprop(0.01)
    optimizer.learning_rate = 0.25
    w = keras.Variable([1.0])
    optimizer.apply([ops.ones(1)], [w])
    optimizer.learning_rate = 7.0
    optimizer.apply([ops.ones(1)], [w])
    np.testing.assert_allclose(ops.convert_to_numpy(w), [1 - 0.25 - 0.3], rtol=1e-6)


@pytest.mark.parametrize(
    "learning_rate",
    [
        *(0, -0.1, float("nan"), float("inf"), "0.1", None),
        *(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9), lambda: 0.1),
    ],
)
def test_bad_learning_rate_is_named(learning_rate):
    with pytest.raises(ValueError, match="`learning_rate` must be a positive number, the first"):
        Rprop(learning_rate)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("eta_minus", value) for value in (0, 1, -0.5, float("nan"))),
        *(("eta_plus", value) for value in (1, 0.9, float("inf"), float("nan"))),
    ],
)
def test_bad_etas_are_named(name, value):
    with pytest.raises(ValueError, match="0 < eta_minus < 1 < eta_plus") as error:
        Rprop(**{name: value})
    assert f"{name}={value}" in str(error.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("step_min", value) for value in (0, -1e-6, 51, float("nan"))),
        *(("step_max", value) for value in (1e-7, -1, float("inf"), float("nan"))),
    ],
)
def test_bad_step_sizes_are_named(name, value):
    with pytest.raises(ValueError, match="0 < step_min <= step_max") as error:
        Rprop(**{name: value})
    assert f"{name}={value}" in str(error.value)
