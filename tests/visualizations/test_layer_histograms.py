import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nncourse.visualizations import plot_layer_histograms

rng = np.random.default_rng(0)


def drawn(patch):
    """The heights above its row and the edges of a histogram."""
    heights, edges, baseline = patch.get_data()
    return heights - baseline, edges


def test_the_first_layer_is_on_top_and_has_the_first_name():
    layers = [rng.normal(size=(20, 10)) for _ in range(3)]
    _, axes = plot_layer_histograms(layers)
    baselines = [float(patch.get_data().baseline) for patch in axes.patches]
    assert baselines == sorted(baselines, reverse=True)
    assert len(set(baselines)) == 3
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == ["layer 1", "layer 2", "layer 3"]
    for tick, base, text in zip(axes.get_yticks(), baselines, axes.texts, strict=True):
        assert base < tick < base + 1
        assert text.get_position()[1] == tick
    low, high = axes.get_ylim()
    assert low < baselines[-1] < baselines[0] + 0.9 < high
    assert axes.get_ylabel() == "input → output"
    assert axes.yaxis.label.get_rotation() == 270  # reads downwards


def test_bars_equal_a_count_by_hand():
    layers = [rng.normal(size=(20, 10)), rng.uniform(2, 3, size=500)]
    _, axes = plot_layer_histograms(layers)
    lowest, highest = min(map(np.min, layers)), max(map(np.max, layers))
    for layer, patch in zip(layers, axes.patches, strict=True):
        heights, edges = drawn(patch)
        assert edges[0] == pytest.approx(lowest)
        assert edges[-1] == pytest.approx(highest)
        bins = np.floor((layer.ravel() - lowest) / (highest - lowest) * len(heights)).astype(int)
        counts = np.bincount(np.minimum(bins, len(heights) - 1), minlength=len(heights))
        assert counts.sum() == layer.size
        np.testing.assert_allclose(heights, counts / counts.max() * heights.max())


FINITE = arrays.arrays(
    float,
    arrays.array_shapes(max_dims=3, max_side=6),
    elements=st.one_of(st.just(0.0), st.floats(-1e6, 1e6), st.floats(1e-12, 1e-6)),
)


@given(layers=st.lists(FINITE, min_size=1, max_size=5), log=st.booleans())
def test_law_rows_are_normalized_and_summaries_are_of_all_values(layers, log):
    _, axes = plot_layer_histograms(layers, log=log)
    for layer, patch, text in zip(layers, axes.patches, axes.texts, strict=True):
        heights, edges = drawn(patch)
        assert (np.diff(edges) > 0).all()
        assert heights.max() == pytest.approx(0.85 if layer.any() else 0)
        zeros = f"\n{100 * (layer == 0).mean():.3g} % zeros" if (layer == 0).any() else ""
        assert text.get_text() == f"std {layer.std():.3g}{zeros}".replace("-", "−")
    plt.close("all")


def test_a_logarithmic_axis_shows_layers_that_differ_by_powers_of_ten():
    layers = [
        10.0**-exponent * rng.choice([-1, 1], 400) * rng.uniform(1, 2, 400)
        for exponent in (8, 4, 0)
    ]
    layers[1][:100] = 0
    _, axes = plot_layer_histograms(layers, xlabel="gradient", log=True)
    assert axes.get_xscale() == "log"
    assert axes.get_xlabel() == "|gradient|"
    for exponent, patch in zip((8, 4, 0), axes.patches, strict=True):
        heights, edges = drawn(patch)
        filled = np.flatnonzero(heights)
        assert edges[filled[0] + 1] > 10.0**-exponent
        assert edges[filled[-1]] < 2 * 10.0**-exponent
        np.testing.assert_allclose(edges[1:] / edges[:-1], edges[1] / edges[0])
    assert axes.texts[1].get_text().endswith("\n25 % zeros")
    assert "zeros" not in axes.texts[0].get_text()


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("layer", [np.zeros(3), np.full(3, 0.5), np.array([0.0, -2.0])])
def test_layers_without_spread_are_drawn(layer, log):
    figure, axes = plot_layer_histograms([layer], log=log)
    figure.canvas.draw()
    heights, edges = drawn(axes.patches[0])
    values = np.abs(layer[layer != 0]) if log else layer[layer != 0]
    assert np.count_nonzero(heights) == len(set(values))
    for value in values:
        assert edges[heights.argmax()] <= value <= edges[heights.argmax() + 1]


def test_twelve_named_layers_fit():
    names = [f"h{index}" for index in range(12)]
    _, axes = plot_layer_histograms([np.arange(3)] * 12, names=names, xlabel="input")
    assert [label.get_text() for label in axes.get_yticklabels()] == names
    assert axes.get_xlabel() == "input"


@pytest.mark.parametrize(
    ("layers", "options", "message"),
    [
        ([], {}, "`layers` must hold 1 to 12 arrays.*every k-th layer. Received: 0"),
        ([[1.0]] * 13, {}, "`layers` must hold 1 to 12 arrays.* Received: 13"),
        (
            [[1.0], []],
            {},
            r"`layers` must hold finite numbers. Received: an empty array in .*\[1\]",
        ),
        ([[1.0, np.nan]], {}, r"finite numbers. Received: nan in layers\[0\]"),
        ([[1.0], [[2.0, -np.inf]]], {}, r"finite numbers. Received: -inf in layers\[1\]"),
        ([[1.0]], {"names": ["a", "b"]}, r"`names` must name each of the 1 layers.*\['a', 'b'\]"),
    ],
)
def test_refuses(layers, options, message):
    with pytest.raises(ValueError, match=message):
        plot_layer_histograms(layers, **options)
    assert plt.get_fignums() == []
