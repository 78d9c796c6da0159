import itertools

import keras
import numpy as np
import pytest
import scipy.signal
import scipy.spatial
import skimage.measure
from keras import ops
from sklearn.datasets import load_digits

from nncourse.models import LeNet5
from nncourse.models.lenet5 import scaled_tanh
from tests.checks import check_model

VARIANTS = ["dense", "published"]
IMAGES = np.random.default_rng(0).normal(size=(2, 32, 32, 1)).astype("float32")


def trainable(layer):
    return sum(int(np.prod(weight.shape)) for weight in layer.trainable_weights)


def counts(model):
    return {layer.name: n for layer in model.layers if (n := trainable(layer))}


@pytest.mark.parametrize("variant", VARIANTS)
def test_keeps_the_promises_of_a_model(variant, tmp_path):
    check_model(LeNet5(variant), IMAGES, tmp_path)


def test_parameters_as_taught():
    model = LeNet5()
    parts = {"C1": 156, "C3": 2416, "C5": 48120, "F6": 10164, "output": 850}
    assert counts(model) == parts
    assert trainable(model) == model.count_params() == 61706
    assert trainable(LeNet5(input_shape=(32, 32, 3))) == 62006


def test_parameters_as_published():
    model = LeNet5("published")
    parts = {"C1": 156, "S2": 12, "C3": 1516, "S4": 32, "C5": 48120, "F6": 10164}
    assert counts(model) == parts
    assert trainable(model) == 60000
    assert model.count_params() == 60000 + 840  # the codes are fixed


def test_the_docstring_has_the_counts():
    table = [line.split() for line in LeNet5.__doc__.splitlines()]
    rows = {row[0]: row[-2:] for row in table if len(row) > 2}
    as_taught, as_published = counts(LeNet5()), counts(LeNet5("published"))
    for name in ("C1", "S2", "C3", "S4", "C5", "F6", "output"):
        assert rows[name] == [f"{as_taught.get(name, 0):,}", f"{as_published.get(name, 0):,}"]
    assert rows["all"] == ["61,706", "60,000"]


def test_connections_as_published():
    """Every output pixel has a connection for each number that it is computed from, and a bias."""
    model = LeNet5("published")
    connections = {}
    for name in ("C1", "C3", "C5", "F6"):
        layer = model.get_layer(name)
        places = int(np.prod(layer.output.shape[1:-1]))  # each weight is used at every place
        connections[name] = places * trainable(layer)
    for name in ("S2", "S4"):
        pixels = int(np.prod(model.get_layer(name).output.shape[1:]))
        connections[name] = pixels * (2 * 2 + 1)
    connections["output"] = model.get_layer("output").get_weights()[0].size
    published = {"C1": 122304, "S2": 5880, "C3": 151600, "S4": 2000, "C5": 48120, "F6": 10164}
    assert connections == published | {"output": 840}
    assert sum(connections.values()) == 340908


@pytest.mark.parametrize("variant", VARIANTS)
def test_sizes_of_the_maps(variant):
    model = LeNet5(variant)
    shapes = {layer.name: layer.output.shape[1:] for layer in model.layers}
    assert shapes["C1"] == (28, 28, 6)
    assert shapes["S2"] == (14, 14, 6)
    assert shapes["C3"] == (10, 10, 16)
    assert shapes["S4"] == (5, 5, 16)  # C5's input has sides of 5, not of 10
    assert shapes["C5"] == (1, 1, 120)
    assert shapes["F6"] == (84,)
    assert model.output_shape == (None, 10)


def test_the_table_of_c3_has_the_published_properties():
    rows = LeNet5("published").get_layer("C3").connections

    def contiguous(row):  # in a circle of six
        return any({(start + i) % 6 for i in range(len(row))} == set(row) for start in range(6))

    assert len(rows) == len({frozenset(row) for row in rows}) == 16
    assert [len(row) for row in rows] == [3] * 6 + [4] * 9 + [6]
    assert sum(len(row) for row in rows) == 60
    assert [contiguous(row) for row in rows] == [True] * 12 + [False] * 3 + [True]
    reads = np.array([[c in row for c in range(6)] for row in rows])
    assert (reads.sum(axis=0) == 10).all()  # each map of S2 is read equally often


def test_the_codes_are_pictures_of_ink_that_differ_much():
    codes = LeNet5("published").get_layer("output").get_weights()[0]
    assert codes.shape == (10, 7 * 12)
    assert set(np.unique(codes)) == {-1, 1}
    different = [(a != b).sum() for a, b in itertools.combinations(codes, 2)]
    assert min(different) >= 16
    assert np.mean(different) > 30
    ink = (codes == 1).mean(axis=1)
    assert ink.min() > 0.2
    assert ink.max() < 0.6


def test_the_codes_are_in_the_order_of_the_digits():
    """What can be said of the shapes of the digits holds, and of no other order."""
    codes = LeNet5("published").get_layer("output").get_weights()[0].reshape(10, 12, 7) == 1
    assert (codes[8][2:4, :2].all(), codes[3][2:4, :2].any()) == (True, False)
    np.testing.assert_array_equal(codes[0], codes[0][:, ::-1])
    np.testing.assert_array_equal(codes[0], codes[0][::-1])
    assert codes[2][-1].all()
    assert codes[7][0].all()
    assert codes[1][:, 3].all()
    assert codes[4][:, 4:6].all()
    assert (codes[5][0].all(), codes[5][:6, 0].all()) == (True, True)
    np.testing.assert_array_equal(codes[9], codes[6][::-1, ::-1])


@pytest.mark.parametrize("variant", VARIANTS)
def test_equals_the_definition_written_with_scipy(variant):
    model = LeNet5(variant, seed=3)
    rng = np.random.default_rng(1)
    for weight in model.trainable_weights:  # biases and coefficients that matter
        weight.assign(weight + rng.normal(size=weight.shape) * 0.05)
    w = {layer.name: layer.get_weights() for layer in model.layers}
    rows = model.get_layer("C3").connections if variant == "published" else [range(6)] * 16

    def squash(x):
        return 1.7159 * np.tanh(2 * x / 3)

    def convolve(x, name, rows):
        kernel, bias = w[name]
        if kernel.ndim == 4:
            kernel = np.concatenate([kernel[..., f] for f in range(kernel.shape[-1])], axis=-1)
        kernels = iter(np.moveaxis(kernel, -1, 0))
        maps = [
            sum(scipy.signal.correlate2d(x[..., c], next(kernels), mode="valid") for c in row) + b
            for row, b in zip(rows, bias, strict=True)
        ]
        return squash(np.stack(maps, axis=-1))

    def subsample(x, name):
        if variant == "dense":
            return skimage.measure.block_reduce(x, (2, 2, 1), np.mean)
        coefficient, bias = w[name]
        sums = skimage.measure.block_reduce(x, (2, 2, 1), np.sum)
        return squash(coefficient * sums + bias)

    result = ops.convert_to_numpy(model(IMAGES))
    for image, logits in zip(IMAGES.astype("float64"), result, strict=True):
        x = subsample(convolve(image, "C1", [[0]] * 6), "S2")
        x = subsample(convolve(x, "C3", rows), "S4")
        x = convolve(x, "C5", [range(16)] * 120).ravel()
        x = squash(x @ w["F6"][0] + w["F6"][1])
        if variant == "dense":
            expected = x @ w["output"][0] + w["output"][1]
        else:
            expected = -scipy.spatial.distance.cdist([x], w["output"][0], "sqeuclidean")[0]
        np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-4)


def test_the_squashing_function_is_one_at_one_and_bends_most_there():
    x = np.linspace(-3, 3, 6001)
    y = ops.convert_to_numpy(scaled_tanh(ops.convert_to_tensor(x))).astype("float64")
    np.testing.assert_allclose(y, 1.7159 * np.tanh(2 * x / 3), atol=1e-6)
    assert np.interp([-1, 1], x, y) == pytest.approx([-1, 1], abs=1e-4)
    bends = np.gradient(np.gradient(1.7159 * np.tanh(2 * x / 3), x), x)
    assert abs(x[bends.argmax()]) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_start_is_a_function_of_the_seed(variant):
    calls = itertools.count()

    def weights(seed):
        keras.utils.set_random_seed(next(calls))  # which must not matter
        return LeNet5(variant, seed=seed).get_weights()

    same = [np.array_equal(a, b) for a, b in zip(weights(1), weights(1), strict=True)]
    assert all(same)
    kernels = [i for i, w in enumerate(weights(1)) if w.ndim > 1 and len(w) != 10]
    assert len(kernels) == (5 if variant == "dense" else 4)
    for i in kernels:
        assert not np.allclose(weights(1)[i], weights(2)[i])


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_layer_has_a_seed_of_its_own(variant):
    """Two kernels drawn from one seed are the same numbers, as far as their sizes go."""
    layers = [layer for layer in LeNet5(variant).layers if hasattr(layer, "kernel_initializer")]
    assert len({layer.kernel_initializer.seed for layer in layers}) == len(layers) >= 4


def test_the_start_has_variance_one_over_the_fan_in():
    model = LeNet5()
    for name, fan_in in {"C1": 25, "C3": 150, "C5": 400, "F6": 120, "output": 84}.items():
        kernel, bias = model.get_layer(name).get_weights()
        assert kernel.std() == pytest.approx(fan_in**-0.5, rel=0.1)
        assert not bias.any()


@pytest.mark.parametrize("variant", VARIANTS)
def test_learns_digits(variant):
    digits = load_digits()
    images = np.kron(digits.images / 8 - 1, np.ones((4, 4)))[..., None].astype("float32")
    train, test = slice(0, 600), slice(600, 1000)
    keras.utils.set_random_seed(0)
    model = LeNet5(variant)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(2e-3), loss, metrics=["accuracy"])

    def accuracy():
        return model.evaluate(images[test], digits.target[test], verbose=0)[1]

    assert accuracy() < 0.3
    model.fit(images[train], digits.target[train], batch_size=32, epochs=6, verbose=0)
    assert accuracy() > 0.85


def test_larger_images_and_other_numbers_of_classes():
    model = LeNet5(input_shape=(36, 40, 3), classes=7)
    assert model.get_layer("C5").output.shape[1:] == (2, 3, 120)
    assert model.output_shape == (None, 7)


@pytest.mark.parametrize("variant", ["original", None, 1])
def test_bad_variants_are_named(variant):
    with pytest.raises(ValueError, match=f"`variant` must be 'dense' or 'published'.*{variant}"):
        LeNet5(variant)


@pytest.mark.parametrize(
    "shape", [(32, 32), (32, 32, 0), (32, None, 1), 32, None, (32, 32, 1, 1), ("32", 32, 1)]
)
def test_bad_input_shapes_are_named(shape):
    with pytest.raises(ValueError, match="`input_shape` must be three positive integers"):
        LeNet5(input_shape=shape)


@pytest.mark.parametrize("shape", [(28, 28, 1), (31, 32, 1), (32, 31, 3)])
def test_small_images_are_refused(shape):
    with pytest.raises(ValueError, match="LeNet-5 needs images of at least 32x32 pixels"):
        LeNet5(input_shape=shape)


@pytest.mark.parametrize(("name", "value"), [("classes", 1), ("classes", 2.5), ("seed", -1)])
def test_bad_numbers_are_named(name, value):
    with pytest.raises(ValueError, match=f"`{name}` must be an integer.*{name}={value}"):
        LeNet5(**{name: value})


@pytest.mark.parametrize("classes", [9, 11])
def test_the_published_codes_are_for_ten_digits(classes):
    with pytest.raises(ValueError, match=r"`classes` must be 10\. Received: classes="):
        LeNet5("published", classes=classes)
