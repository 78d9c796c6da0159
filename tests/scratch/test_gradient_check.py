import numpy as np
import pytest

from nncourse.scratch import MLP, activations, gradient_check

rng = np.random.default_rng(0)
SIZES = [4, 4, 4, 3]
X, T = rng.normal(size=(6, 4)), rng.normal(size=(6, 3))


class WithBug(MLP):
    """A network whose backward pass has the bug of its name, or none."""

    bug = ""

    def backward(self, passed, t):
        gradients = []
        da = self.loss_function.gradient(passed.output, t)
        for layer in reversed(range(len(self.weights))):
            W, _ = self.weights[layer]
            _, h_derivative = activations.get(self.activations[layer])
            at = passed.inputs[layer] if self.bug == "slope" and layer else None
            slope = h_derivative(
                passed.preactivations[layer] if at is None else at[:, : W.shape[1]]
            )
            mask = 1.0 if self.bug == "mask" else passed.masks[layer]
            dz = da * mask * slope
            l2 = {"no decay": 0, "half the decay": self.l2 / 2}.get(self.bug, self.l2)
            dW = passed.inputs[layer].T @ dz + 2 * l2 * W
            db = dz.mean(axis=0) if self.bug == "mean for sum" else dz.sum(axis=0)
            if self.bug == "decayed bias":
                db = db + 2 * l2 * self.weights[layer][1]
            if self.bug == "shifted bias":
                db = np.roll(db, 1)
            da = dz @ (W if self.bug == "transpose" and W.shape[0] == W.shape[1] else W.T)
            gradients.append((dW, db))
        if self.bug == "first layer":
            gradients[-1] = (1.002 * gradients[-1][0], gradients[-1][1])
        scale = {"factor": 2, "sign": -1}.get(self.bug, 1)
        return [(scale * dW, scale * db) for dW, db in gradients[::-1]]


def network_with(bug: str) -> WithBug:
    network = WithBug(SIZES, "tanh", l2=0.1, dropout=0.5, seed=0)
    network.bug = bug
    network.weights = [
        (W, np.random.default_rng(1).normal(size=b.shape)) for W, b in network.weights
    ]
    return network


BUGS = [
    "transpose",
    "factor",
    "sign",
    "no decay",
    "half the decay",
    "mask",
    "mean for sum",
    "decayed bias",
    "shifted bias",
    "slope",
    "first layer",
]


@pytest.mark.parametrize("bug", BUGS)
def test_detects(bug):
    network = network_with(bug)
    assert gradient_check(network, X, T, network.dropout_masks(6)) > 1e-3


def test_passes_what_is_right():
    network = network_with("")
    assert gradient_check(network, X, T) < 1e-8
    assert gradient_check(network, X, T, network.dropout_masks(6)) < 1e-8


def test_names_the_layer():
    errors = gradient_check(network_with("first layer"), X, T, by_layer=True)
    assert len(errors) == 3
    assert errors[0] > 1e-3
    assert max(errors[1:]) < 1e-8
    assert gradient_check(network_with("first layer"), X, T) == errors[0]


def test_leaves_every_bit_of_the_weights():
    network = network_with("")
    network.weights = [(1e-7 * W, b / 3) for W, b in network.weights]
    before = [part.tobytes() for layer in network.weights for part in layer]
    gradient_check(network, X, T)
    assert [part.tobytes() for layer in network.weights for part in layer] == before


class OneWeight:
    """A cubic of one parameter, whose gradient is off by as much as it is told."""

    def __init__(self, off: float):
        self.weights, self.off = [(np.array([2.0]),)], off

    def loss(self, x, t, masks=None):
        return float(self.weights[0][0][0] ** 3)

    def loss_and_gradients(self, x, t, masks=None):
        return self.loss(x, t), [(np.array([12.0 + self.off]),)]


@pytest.mark.parametrize(
    ("off", "error"), [(0, 0), (0.12, 0.12 / 12.12), (-6, 0.5), (12, 0.5), (-12, 1), (-24, 2)]
)
def test_the_error_is_relative_to_the_larger_of_the_two(off, error):
    assert gradient_check(OneWeight(off), None, None) == pytest.approx(error, abs=1e-9)


def test_two_gradients_of_zero_agree():
    network = MLP([4, 3, 3], "step", seed=0)
    network.weights = [network.weights[0], (np.zeros((3, 3)), np.zeros(3))]
    first, _ = gradient_check(network, X, T, by_layer=True)
    assert first == 0
