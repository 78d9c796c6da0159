"""What every layer and every model promises, in one place: `check_layer` and `check_model`."""

import keras
import numpy as np
from keras import ops


def check_layer(make_layer, inputs, tmp_path, *, float16_tolerance=0.02, compiled=True):
    """Holds a layer to the promises of all layers.

    Args:
        make_layer: Returns a new layer, the same one at every call but for its random weights.
        inputs: A float32 array to call it on, batch first.
        tmp_path: An empty folder.
        float16_tolerance: How far the results may move, relative to the largest one, when the
            layer computes in float16.
        compiled: Whether it is also trained with `jit_compile`.
    """
    keras.utils.set_random_seed(0)
    layer = make_layer()
    outputs = _check_symbolic_shape(layer, inputs)
    _check_config_round_trip(layer, inputs, outputs)
    if layer.trainable_weights:
        _check_gradients_reach_every_weight(make_layer(), inputs)
    for jit_compile in (False, True) if compiled else (False,):
        _check_fit_step(make_layer(), inputs, jit_compile)
    _check_float16(layer, inputs, outputs, float16_tolerance)
    check_model(_wrap(make_layer(), inputs), inputs, tmp_path)


def check_model(model, inputs, tmp_path):
    """Holds a built model to the promises of all models.

    It saves to `.keras`, loads in safe mode when the folder that defines it is imported, and gives
    the same outputs; so does a copy made from its config once it has the same weights.
    """
    outputs = ops.convert_to_numpy(model(inputs))
    assert np.isfinite(outputs).all()
    path = tmp_path / f"{model.name}.keras"
    model.save(path)
    loaded = keras.saving.load_model(path, safe_mode=True)
    np.testing.assert_array_equal(ops.convert_to_numpy(loaded(inputs)), outputs)
    copy = model.__class__.from_config(model.get_config())
    if not copy.built:
        copy(inputs)
    copy.set_weights(model.get_weights())
    np.testing.assert_array_equal(ops.convert_to_numpy(copy(inputs)), outputs)


def _wrap(layer, inputs):
    return keras.Sequential([keras.Input(inputs.shape[1:]), layer])


def _build(layer, inputs, dtype="float32"):
    """Creates the weights and returns what is symbolic: for real inputs JAX would compile loops."""
    return layer(keras.KerasTensor((None, *inputs.shape[1:]), dtype))


def _check_symbolic_shape(layer, inputs):
    symbolic = _build(layer, inputs)
    outputs = layer(inputs)
    assert symbolic.shape == (None, *outputs.shape[1:])
    assert tuple(layer.compute_output_shape(inputs.shape)) == tuple(outputs.shape)
    assert keras.backend.standardize_dtype(outputs.dtype) == "float32"
    return ops.convert_to_numpy(outputs)


def _check_config_round_trip(layer, inputs, outputs):
    config = layer.get_config()
    copy = layer.__class__.from_config(layer.get_config())  # wrappers take theirs apart
    assert copy.get_config() == config
    _build(copy, inputs)
    copy.set_weights(layer.get_weights())
    np.testing.assert_array_equal(ops.convert_to_numpy(copy(inputs)), outputs)
    # A config that leaves an argument out would rebuild a layer with the default in its place.
    arguments = set(_arguments(layer.__class__)) - {"self", "kwargs"}
    assert arguments <= set(config), f"get_config lacks {arguments - set(config)}"


def _arguments(cls):
    code = cls.__init__.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _check_gradients_reach_every_weight(layer, inputs):
    """One step of plain gradient descent on a random target must move every trainable weight."""
    model = _wrap(layer, inputs)
    trainable = [weight.path for weight in layer.trainable_weights]
    assert len(set(trainable)) == len(trainable), "on PyTorch gradients of equal paths add up"
    before = _values(layer)
    model.compile(keras.optimizers.SGD(1.0), "mse")
    target = np.random.default_rng(0).normal(size=(len(inputs), *model.output_shape[1:]))
    model.fit(inputs, target, batch_size=len(inputs), verbose=0)
    after = _values(layer)
    for path in trainable:
        assert np.abs(after[path] - before[path]).max() > 0, f"no gradient: {path}"


def _values(layer):
    paths = [weight.path for weight in layer.weights]
    return dict(zip(paths, layer.get_weights(), strict=True))


def _check_fit_step(layer, inputs, jit_compile):
    """A step of `fit` under a dense layer: the gradient passes through to the layers before."""
    model = keras.Sequential(
        [keras.Input(inputs.shape[1:]), keras.layers.Dense(inputs.shape[-1]), layer]
    )
    target = np.random.default_rng(0).normal(size=(len(inputs), *model.output_shape[1:]))
    model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=jit_compile)
    before = model.layers[0].get_weights()[0]
    history = model.fit(inputs, target, batch_size=len(inputs), epochs=2, verbose=0)
    assert np.isfinite(history.history["loss"]).all()
    assert np.abs(model.layers[0].get_weights()[0] - before).max() > 0


def _check_float16(layer, inputs, outputs, tolerance):
    half = layer.__class__.from_config({**layer.get_config(), "dtype": "float16"})
    _build(half, inputs, "float16")
    half.set_weights(layer.get_weights())
    result = half(inputs.astype("float16"))
    assert keras.backend.standardize_dtype(result.dtype) == "float16"
    result = ops.convert_to_numpy(result).astype("float32")
    assert np.isfinite(result).all()
    assert np.abs(result - outputs).max() <= tolerance * np.abs(outputs).max()
