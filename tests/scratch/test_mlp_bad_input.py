import numpy as np
import pytest

from nncourse.scratch import MLP, optimizers
from tests.scratch.network_examples import CROSS_ENTROPIES

X, T = np.ones((4, 2)), np.ones((4, 1))


def matrix(value, rows=4, columns=2, at=(2, 1)) -> np.ndarray:
    """Ones, but for one number."""
    values = np.ones((rows, columns))
    values[at] = value
    return values


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ([[3]], {}, r"`sizes` must hold two or more positive integers.*\[3\]"),
        ([[2, 0, 1]], {}, r"`sizes` must hold two or more positive integers.*\[2, 0, 1\]"),
        ([[2, 2.5, 1]], {}, r"`sizes` must hold two or more positive integers.*\[2, 2.5, 1\]"),
        ([[2, np.nan]], {}, r"`sizes` must hold two or more positive integers.*\[2, nan\]"),
        ([[2, 3, 1], "gelu"], {}, "`activation` must be one of step, .* swish. Received: 'gelu'"),
        ([[2, 3, 1], ["relu"]], {}, r"one for each of the 2 layers. Received: \['relu'\]"),
        ([[2, 3, 1], ["relux", "linear"]], {}, "`activation` must be one of .*'relux'"),
        ([[2, 3, 1], "relu", "mse"], {}, "`loss` must be one of mean_squared_error, .*'mse'"),
        ([[2, 1]], {"dropout": 1}, r"`dropout` must lie in \[0, 1\). Received: dropout=1"),
        ([[2, 1]], {"dropout": -0.1}, r"`dropout` must lie in \[0, 1\). Received: dropout=-0.1"),
        ([[2, 1]], {"dropout": np.nan}, r"`dropout` must lie in \[0, 1\). Received: dropout=nan"),
        ([[2, 1]], {"l2": -1e-9}, "`l2` must be a finite number of 0 or more. .*l2=-1e-09"),
        ([[2, 1]], {"l2": np.inf}, "`l2` must be a finite number of 0 or more. .*l2=inf"),
        ([[2, 1]], {"l2": np.nan}, "`l2` must be a finite number of 0 or more. .*l2=nan"),
    ],
)
def test_network_refuses(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        MLP(*arguments, **options)


@pytest.mark.parametrize("loss", CROSS_ENTROPIES)
@pytest.mark.parametrize("output", ["sigmoid", "softmax", "relu"])
def test_cross_entropies_refuse_an_output_that_is_not_linear(loss, output):
    message = f"takes scores.* must be 'linear'. Received: '{output}'"
    with pytest.raises(ValueError, match=message):
        MLP([2, 3, 2], ["tanh", output], loss)


@pytest.mark.parametrize(
    "weights",
    [
        [(np.ones((2, 3)), np.ones(3)), (np.ones((2, 1)), np.ones(1))],  # 3 outputs, 2 inputs
        [(np.ones((3, 2)), np.ones(3)), (np.ones((3, 1)), np.ones(1))],  # transposed
        [(np.ones((2, 3)), np.ones((1, 3))), (np.ones((3, 1)), np.ones(1))],
        [(np.ones((2, 3)), np.ones(3))],
        [],
    ],
)
def test_refuses_weights_that_do_not_chain(weights):
    network = MLP([2, 3, 1], seed=0)
    before = network(X)
    with pytest.raises(ValueError, match=r"of the shapes \[\(\(2, 3\), \(3,\)\), .* Received: \["):
        network.weights = weights
    np.testing.assert_array_equal(network(X), before)


BAD_EXAMPLES = [
    (X[:, 0], T, r"`x` must have the shape \(samples, 2\).*Received: x of shape \(4,\).$"),
    (np.ones((4, 3)), T, r"`x` must have the shape \(samples, 2\).*Received: x of shape \(4, 3\)"),
    (np.ones((0, 2)), np.ones((0, 1)), r"Received: x of shape \(0, 2\)"),
    (X, T[:, 0], r"`t` must .* \(samples, 1\).*t of shape \(4,\). A single .* `t\[:, None\]`"),
    (X, np.ones((4, 2)), r"`t` must have the shape \(samples, 1\).*t of shape \(4, 2\)"),
    (X, T[:3], "`x` and `t` must have the same length. Received: 4 and 3"),
    (matrix(np.nan), T, r"`x` must hold finite numbers. Received: x\[2, 1\]=nan"),
    (matrix(-np.inf), T, r"`x` must hold finite numbers. Received: x\[2, 1\]=-inf"),
    (X, matrix(np.nan, 4, 1, (3, 0)), r"`t` must hold finite numbers. Received: t\[3, 0\]=nan"),
]


@pytest.mark.parametrize(("x", "t", "message"), BAD_EXAMPLES)
def test_examples_are_refused_wherever_they_go(x, t, message):
    network, rule = MLP([2, 3, 1]), optimizers.SGD(0.1)
    for take in (
        network.loss,
        network.loss_and_gradients,
        lambda x, t: network.fit(x, t, rule),
        lambda x, t: network.fit(X, T, rule, validation_data=(x, t)),
    ):
        with pytest.raises(ValueError, match=message):
            take(x, t)
    if "`x` must" in message:
        with pytest.raises(ValueError, match=message):
            network(x)


def test_the_hint_for_a_single_column_names_the_argument():
    with pytest.raises(ValueError, match=r"A single column is `x\[:, None\]`"):
        MLP([1, 1])([1.0, 2.0])


@pytest.mark.parametrize(
    ("loss", "t", "message"),
    [
        ("binary_crossentropy", [[1, 0], [0, -1]], r"hold 0 and 1 .* t\[1\]=\[0.0, -1.0\]"),
        ("binary_crossentropy", [[0.5, 0], [0, 1]], r"hold 0 and 1 .* t\[0\]=\[0.5, 0.0\]"),
        ("categorical_crossentropy", [[1, 0], [1, 1]], r"one-hot rows.* t\[1\]=\[1.0, 1.0\]"),
        ("categorical_crossentropy", [[1, 0], [0, 0]], r"one-hot rows.* t\[1\]=\[0.0, 0.0\]"),
        ("categorical_crossentropy", [[0.5, 0.5], [0, 1]], r"one-hot .* t\[0\]=\[0.5, 0.5\]"),
        ("categorical_crossentropy", [[2, -1], [0, 1]], r"one-hot .* t\[0\]=\[2.0, -1.0\]"),
        ("hinge", [[1, -1], [0, 1]], r"hold -1 and \+1 .* t\[1\]=\[0.0, 1.0\]"),
        ("perceptron", [[1, -1], [1, 2]], r"hold -1 and \+1 .* t\[1\]=\[1.0, 2.0\]"),
    ],
)
def test_targets_are_of_the_kind_that_the_loss_wants(loss, t, message):
    with pytest.raises(ValueError, match=message):
        MLP([2, 2], loss=loss).loss_and_gradients(X[:2], t)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, "`batch_size` must be an integer from 1 to the 4 .*batch_size=0"),
        ({"batch_size": 5}, "`batch_size` must be an integer from 1 to the 4 .*batch_size=5"),
        ({"batch_size": 2.5}, "`batch_size` must be an integer from 1 to .*batch_size=2.5"),
        ({"batch_size": 2.0}, "`batch_size` must be an integer from 1 to .*batch_size=2.0"),
        ({"batch_size": np.nan}, "`batch_size` must be an integer from 1 to .*batch_size=nan"),
        ({"epochs": 0}, "`epochs` must be a positive integer. Received: epochs=0"),
        ({"epochs": 1.5}, "`epochs` must be a positive integer. Received: epochs=1.5"),
        ({"epochs": np.inf}, "`epochs` must be a positive integer. Received: epochs=inf"),
        ({"patience": 0}, "`patience` must be a positive integer. Received: patience=0"),
        ({"patience": -3}, "`patience` must be a positive integer. Received: patience=-3"),
        ({"patience": 2.5}, "`patience` must be a positive integer. Received: patience=2.5"),
        ({"patience": 2, "validation_data": None}, "`patience` .* give `validation_data` too"),
    ],
)
def test_fit_refuses(options, message):
    network = MLP([2, 3, 1], seed=0)
    before = network(X)
    with pytest.raises(ValueError, match=message):
        network.fit(X, T, optimizers.SGD(0.1), **{"validation_data": (X, T), **options})
    np.testing.assert_array_equal(network(X), before)


def test_a_negative_rate_is_refused():
    with pytest.raises(ValueError, match=r"`learning_rate` must be .*learning_rate=-0.1"):
        MLP([2, 1]).fit(X, T, optimizers.SGD(-0.1))


class Breaking:
    """An update rule that breaks the weights at its third step."""

    def __init__(self, value: float):
        self.value, self.steps = value, 0

    def step(self, parameters, gradients):
        self.steps += 1
        return [np.full_like(w, self.value) if self.steps == 3 else w for w in parameters]


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e200])
def test_a_loss_that_is_no_number_any_more_stops_the_training(value):
    message = r"The loss became (nan|inf) at step 2 of epoch 2: .*smaller learning rate"
    with pytest.raises(ValueError, match=message):
        MLP([2, 1], seed=0).fit(X, T, Breaking(value), batch_size=2, epochs=9)
    message = r"The loss became (nan|inf) in the validation of epoch 3: .*smaller learning rate"
    with pytest.raises(ValueError, match=message):
        MLP([2, 1], seed=0).fit(X, T, Breaking(value), epochs=3, validation_data=(X, T))


def test_a_rate_that_is_too_large_is_told_without_a_warning():
    with pytest.raises(ValueError, match=r"The loss became (inf|nan) at step 1 of epoch \d+"):
        MLP([2, 3, 1], "relu", seed=0).fit(100 * X, T, optimizers.SGD(1e6), epochs=200)
