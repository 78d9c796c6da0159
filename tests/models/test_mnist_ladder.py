import itertools

import keras
import numpy as np
import pytest
from keras import ops

from nncourse.models import Ensemble, MNISTLadder
from tests.checks import check_model

SMALL = {"input_shape": (8, 8, 1), "kernel_size": 3, "padding": "same"}
DIGITS = np.random.default_rng(0).uniform(size=(3, 8, 8, 1)).astype("float32")
V6 = (25 * 20 + 20) + (25 * 20 * 40 + 40) + (640 * 1000 + 1000) + (1000 * 1000 + 1000) + 10010


@pytest.mark.parametrize(
    ("rung", "count"),
    [
        ("baseline", (784 * 100 + 100) + (100 * 10 + 10)),
        ("v1", (25 * 20 + 20) + (12 * 12 * 20 * 100 + 100) + 1010),
        ("v2", (25 * 20 + 20) + (25 * 20 * 40 + 40) + (4 * 4 * 40 * 100 + 100) + 1010),
        ("v3", 85670),
        ("v4", 85670),
        ("v5", 85670 + 100 * 100 + 100),
        ("v6", V6),
        ("v7", 5 * V6),
        ("v8", 299_434),
    ],
)
def test_parameters_by_hand(rung, count):
    model = MNISTLadder(rung)
    assert model.count_params() == count
    table = [line.split() for line in MNISTLadder.__doc__.splitlines()]
    assert [row[-1] for row in table if row and row[0] == rung] == [f"{count:,}"]


@pytest.mark.parametrize(
    ("rung", "names", "activation"),
    [
        ("baseline", "flatten dense_1 logits", "sigmoid"),
        ("v1", "conv_1 pool_1 flatten dense_1 logits", "sigmoid"),
        ("v2", "conv_1 pool_1 conv_2 pool_2 flatten dense_1 logits", "sigmoid"),
        ("v3", "conv_1 pool_1 conv_2 pool_2 flatten dense_1 logits", "relu"),
        ("v4", "conv_1 pool_1 conv_2 pool_2 flatten dense_1 logits", "relu"),
        ("v5", "conv_1 pool_1 conv_2 pool_2 flatten dense_1 dense_2 logits", "relu"),
        (
            "v6",
            "conv_1 pool_1 conv_2 pool_2 flatten dense_1 dropout_1 dense_2 dropout_2 logits",
            "relu",
        ),
    ],
)
def test_layers(rung, names, activation):
    model = MNISTLadder(rung, **SMALL)
    assert [layer.name for layer in model.layers] == ["image", *names.split()]
    for layer in model.layers:
        if layer.name.startswith(("conv", "dense")):
            assert layer.activation is keras.activations.get(activation)
        if layer.name.startswith("pool"):
            assert isinstance(layer, keras.layers.MaxPooling2D)
        if layer.name.startswith("dropout"):
            assert layer.rate == 0.5
    assert model.get_layer("logits").activation is keras.activations.linear
    assert model.name == f"mnist_{rung}"


@pytest.mark.parametrize("rung", ["baseline", "v2", "v6", "v7"])
def test_keeps_the_promises_of_a_model(rung, tmp_path):
    check_model(MNISTLadder(rung, **SMALL), DIGITS, tmp_path)


def test_sizes_of_the_maps():
    valid, same = MNISTLadder("v3"), MNISTLadder("v3", **SMALL, classes=4)
    shapes = [layer.output.shape[1:] for layer in valid.layers[1:5]]
    assert shapes == [(24, 24, 20), (12, 12, 20), (8, 8, 40), (4, 4, 40)]
    shapes = [layer.output.shape[1:] for layer in same.layers[1:5]]
    assert shapes == [(8, 8, 20), (4, 4, 20), (4, 4, 40), (2, 2, 40)]
    assert same.output_shape == (None, 4)


@pytest.mark.parametrize("rung", ["v2", "v6", "v7"])
def test_the_start_is_a_function_of_the_seed(rung):
    calls = itertools.count()

    def kernels(seed):
        keras.utils.set_random_seed(next(calls))  # which must not matter
        return [w for w in MNISTLadder(rung, **SMALL, seed=seed).get_weights() if w.ndim > 1]

    for first, again, other in zip(kernels(1), kernels(1), kernels(2), strict=True):
        np.testing.assert_array_equal(first, again)
        assert not np.allclose(first, other)


def test_every_layer_has_a_seed_of_its_own():
    """Two kernels drawn from one seed are the same numbers, as far as their sizes go."""
    layers = [
        layer for layer in MNISTLadder("v6", **SMALL).layers if hasattr(layer, "kernel_initializer")
    ]
    assert len({layer.kernel_initializer.seed for layer in layers}) == len(layers) >= 4


def test_what_is_dropped_is_a_function_of_the_seed_and_not_the_same_in_both_layers():
    def dropped(seed):
        model = MNISTLadder("v6", **SMALL, seed=seed)
        ones = np.ones((1, 1000), "float32")
        layers = [model.get_layer(f"dropout_{i}") for i in (1, 2)]
        return [ops.convert_to_numpy(layer(ones, training=True)) == 0 for layer in layers]

    first, second = dropped(1)
    assert 0.4 < first.mean() < 0.6
    assert 0.4 < (first == second).mean() < 0.6
    np.testing.assert_array_equal(first, dropped(1)[0])
    assert 0.4 < (first == dropped(2)[0]).mean() < 0.6


@pytest.mark.parametrize("rung", ["baseline", "v2", "v5"])
def test_the_start_is_of_the_right_size(rung):
    """He's variance is 2 / fan in, Glorot's 2 / (fan in + fan out)."""
    model = MNISTLadder(rung)
    for layer in model.layers:
        if not layer.weights:
            continue
        kernel, bias = layer.get_weights()
        assert not bias.any()
        window = np.prod(kernel.shape[:-2])
        fan_in, fan_out = kernel.shape[-2] * window, kernel.shape[-1] * window
        he = rung == "v5" and layer.name != "logits"
        variance = 2 / fan_in if he else 2 / (fan_in + fan_out)
        assert kernel.std() == pytest.approx(variance**0.5, rel=0.1), layer.name


def test_no_two_members_of_the_ensemble_start_alike():
    model = MNISTLadder("v7", **SMALL)
    assert isinstance(model, Ensemble)
    starts = np.stack([member.get_weights()[0].ravel() for member in model.members])
    assert np.abs(np.corrcoef(starts) - np.eye(5)).max() < 0.5
    assert [member.name for member in model.members] == [f"mnist_v6_{i}" for i in range(5)]
    neighbor = MNISTLadder("v7", **SMALL, seed=1)
    assert not np.allclose(model.members[1].get_weights()[0], neighbor.members[0].get_weights()[0])


@pytest.mark.parametrize("rung", ["v0", "V1", "", None, 1])
def test_unknown_rungs_are_told_the_known_ones(rung):
    with pytest.raises(ValueError, match=r"`rung` must be one of 'baseline', 'v1', .*'v7'.*rung="):
        MNISTLadder(rung)


@pytest.mark.parametrize(
    ("rung", "arguments", "message"),
    [
        ("v1", {"input_shape": (5, 28, 1)}, "rung 'v1'.* `conv_1` .* 6x6 pixels.*: 5x28"),
        ("v2", {"input_shape": (8, 8, 1)}, "rung 'v2'.* `conv_2` .* 6x6 pixels.*: 2x2"),
        ("v7", {"input_shape": (28, 15, 1)}, "`conv_2` .* 6x6 pixels.*: 12x5"),
        ("v3", {"input_shape": (3, 8, 1), "padding": "same"}, "`conv_2` .* 2x2 pixels.*: 1x4"),
    ],
)
def test_small_images_are_refused(rung, arguments, message):
    with pytest.raises(ValueError, match=message):
        MNISTLadder(rung, **arguments)


def test_the_smallest_images_are_not_refused():
    assert MNISTLadder("v2", input_shape=(16, 16, 1)).get_layer("pool_2").output.shape[1] == 1
    smallest = MNISTLadder("v2", input_shape=(4, 4, 1), padding="same")
    assert smallest.get_layer("pool_2").output.shape[1] == 1
    assert MNISTLadder("baseline", input_shape=(1, 1, 1)).count_params() == 200 + 1010


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"input_shape": (28, 28)}, "`input_shape` must be three positive integers"),
        ({"input_shape": (28, 28, 0)}, "`input_shape` must be three positive integers"),
        ({"classes": 1}, "`classes` must be an integer of at least 2. Received: classes=1"),
        ({"classes": True}, "`classes` must be an integer of at least 2"),
        ({"kernel_size": 0}, "`kernel_size` must be an integer of at least 1"),
        ({"kernel_size": (5, 5)}, "`kernel_size` must be an integer of at least 1"),
        ({"padding": "full"}, "`padding` must be 'valid' or 'same'. Received: padding='full'"),
        ({"seed": -1}, "`seed` must be an integer of at least 0. Received: seed=-1"),
        ({"seed": None}, "`seed` must be an integer of at least 0"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        MNISTLadder("v1", **arguments)
