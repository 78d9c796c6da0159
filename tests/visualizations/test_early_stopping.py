import types

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncourse.visualizations import plot_early_stopping, plot_training

U_CURVE = {"loss": [5.0, 4.0, 3.0, 2.0, 1.0, 0.5], "val_loss": [5.0, 4.0, 4.5, 4.6, 4.7, 3.0]}


def replay(values, patience: int, mode: str) -> tuple[int, int]:
    """The best epoch and the last one, counted from 1, as Keras's callback has them."""
    stopping = keras.callbacks.EarlyStopping("val_m", patience=patience, mode=mode)
    stopping.set_model(types.SimpleNamespace(stop_training=False))
    stopping.on_train_begin()
    for epoch, value in enumerate(values):
        stopping.on_epoch_end(epoch, {"val_m": value})
        if stopping.model.stop_training:
            break
    return stopping.best_epoch + 1, epoch + 1


def drawn(axes) -> dict:
    """What the figure says: the marked point, the shaded epochs and where the veil begins."""
    point = next(line for line in axes.lines if line.get_marker() == "*")
    line = next(line for line in axes.lines if line.get_linestyle() == ":")
    spans = {
        patch.get_label(): patch.get_extents().transformed(axes.transData.inverted())
        for patch in axes.patches
    }
    shaded = [(box.x0, box.x1) for label, box in spans.items() if label.endswith("in vain")]
    veiled = [(box.x0, box.x1) for label, box in spans.items() if not label.endswith("in vain")]
    return {
        "best": tuple(point.get_xydata()[0]),
        "line": line.get_xdata()[0],
        "shaded": np.round(shaded, 6).tolist(),
        "veiled": np.round(veiled, 6).tolist(),
    }


# Few different values, so that there are ties; exact in the float32 in which Keras compares.
VALUES = st.lists(st.integers(0, 12).map(lambda value: value / 8), min_size=1, max_size=25)


@given(values=VALUES, patience=st.integers(1, 6), metric=st.sampled_from(["loss", "accuracy"]))
def test_law_stops_where_keras_stops(values, patience, metric):
    best, last = replay(values, patience, "min" if metric == "loss" else "max")
    history = {metric: [0.0] * len(values), f"val_{metric}": values}
    _, axes = plot_early_stopping(history, metric=metric, patience=patience)
    seen = drawn(axes)
    assert seen["best"] == (best, values[best - 1])
    assert seen["line"] == best
    assert seen["shaded"] == ([[best, last]] if last > best else [])
    assert len(seen["veiled"]) == (last < len(values))
    for start, end in seen["veiled"]:
        assert start == last
        assert end >= len(values)
    plt.close("all")


@given(values=VALUES)
def test_law_without_patience_the_best_is_that_of_the_whole_curve(values):
    _, axes = plot_early_stopping({"loss": values, "val_loss": values})
    seen = drawn(axes)
    assert seen["best"] == (values.index(min(values)) + 1, min(values))
    in_vain = len(values) - seen["line"]
    assert seen["shaded"] == ([[seen["line"], len(values)]] if in_vain else [])
    assert seen["veiled"] == []
    plt.close("all")


def test_patience_decides_what_is_missed():
    impatient, patient = (
        drawn(plot_early_stopping(U_CURVE, patience=patience)[1]) for patience in (2, 4)
    )
    assert impatient["best"] == (2, 4.0)
    assert impatient["shaded"] == [[2, 4]]
    assert impatient["veiled"][0][0] == 4
    assert patient["best"] == (6, 3.0)
    assert patient["shaded"] == patient["veiled"] == []


def test_the_curves_are_those_of_plot_training():
    history = types.SimpleNamespace(history=U_CURVE)
    _, axes = plot_early_stopping(history, patience=2)
    _, expected = plot_training(history)
    for curve, other in zip(axes.lines, expected.lines, strict=False):
        assert curve.get_xydata().tolist() == other.get_xydata().tolist()
        assert curve.get_linestyle() == other.get_linestyle()
        assert curve.get_label() == other.get_label()
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "loss")
    assert axes.get_xlim() == expected.get_xlim()


def test_the_legend_says_the_epoch_its_value_and_the_epochs_in_vain():
    _, axes = plot_early_stopping(U_CURVE, patience=1)
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["training", "validation", "best epoch 2: 4", "1 epoch in vain"]


@pytest.mark.parametrize(
    ("history", "options", "message"),
    [
        ({"loss": [1.0]}, {}, r"`metric` must be in.*\['loss'\].*'val_loss' is missing"),
        (U_CURVE, {"metric": "mae"}, "Received: 'mae', so 'mae' is missing"),
        ({"loss": [], "val_loss": []}, {}, "one epoch or more. Received: 0 of loss and 0 of"),
        ({"loss": [1.0, 2.0], "val_loss": [1.0]}, {}, "Received: 2 of loss and 1 of val_loss"),
        ({"loss": [1.0, 2.0], "val_loss": [1.0, np.nan]}, {}, "val_loss=nan in epoch 2"),
        (
            {"loss": [np.inf], "val_loss": [1.0]},
            {},
            "finite numbers. Received: loss=inf in epoch 1",
        ),
        (U_CURVE, {"patience": 0}, "`patience` must be a positive integer. Received: patience=0"),
        (U_CURVE, {"patience": 1.5}, "`patience` must be a positive integer.*=1.5"),
        (U_CURVE, {"patience": np.nan}, "`patience` must be a positive integer.*=nan"),
        (U_CURVE, {"patience": -2}, "`patience` must be a positive integer.*=-2"),
    ],
)
def test_refuses(history, options, message):
    with pytest.raises(ValueError, match=message):
        plot_early_stopping(history, **options)
    assert plt.get_fignums() == []
