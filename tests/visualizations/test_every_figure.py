"""Promises that every figure keeps."""

import io
import warnings
from types import SimpleNamespace

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

from nncourse import visualizations as vis
from nncourse.scratch import Value
from nncourse.visualizations.style import SVG_OPTIONS

rng = np.random.default_rng(0)
X = rng.uniform(-1, 1, (60, 2))
T = np.where(X.sum(axis=1) > 0, 1, -1)
MARGINS = 10.0 ** rng.uniform(-3, 0, 800)
WEIGHTS = [rng.normal(size=(4, 5)), rng.normal(size=(5, 3))]
CURVES = {"loss": [3.0, 2.0, 1.0], "val_loss": [3.0, 2.5, 2.0]}

PATHS = {
    f"rule {k}": [-2.5, 0.7] * (0.95 - 0.1 * k * rng.uniform(size=(40, 2))).cumprod(0)
    for k in range(6)
}

MEMORY = SimpleNamespace(
    memory=rng.normal(size=(2, 8, 30, 6)),
    read_weights=rng.dirichlet(np.ones(30), size=(2, 8, 1)),
    write_weights=rng.dirichlet(np.ones(30), size=(2, 8, 1)),
)

# Each draws into the axes it is given, or into a new figure.
FIGURES = {
    "points": lambda **ax: vis.plot_points(X, T, **ax),
    "many points": lambda **ax: vis.plot_points(rng_points(3000), np.arange(3000) % 3, **ax),
    "regions": lambda **ax: vis.plot_decision_regions(lambda x: x.sum(1), X, T, threshold=0, **ax),
    "regions of labels": lambda **ax: vis.plot_decision_regions(
        lambda x: np.where(x.sum(1) > 0, 1, -1), X, T, **ax
    ),
    "line": lambda **ax: vis.plot_line([0.1, 1, -1], label="unit", **ax),
    "no line": lambda **ax: vis.plot_line([1, 0, 0], **ax),
    "activation": lambda **ax: vis.plot_activation("elu", **ax),
    "network": lambda **ax: vis.draw_network([4, 5, 3], weights=WEIGHTS, **ax),
    "wide network": lambda **ax: vis.draw_network([784, 30, 10], **ax),
    "neuron": lambda **ax: vis.draw_neuron(3, **ax),
    "images": lambda **ax: vis.show_images(rng_images(40), titles=["0"] * 40, **ax),
    "signed images": lambda **ax: vis.show_images(rng_images(4) - 0.5, signed=True, **ax),
    "training": lambda **ax: vis.plot_training(CURVES, **ax),
    "layer histograms": lambda **ax: vis.plot_layer_histograms(
        [rng_points(500), np.maximum(rng_points(500), 0)] * 6, **ax
    ),
    "gradient histograms": lambda **ax: vis.plot_layer_histograms(
        [rng_points(500) * 10.0**-k for k in range(10)], xlabel="gradient", log=True, **ax
    ),
    "early stopping": lambda **ax: vis.plot_early_stopping(
        {"loss": np.linspace(2, 1, 99), "val_loss": np.linspace(-1, 1, 99) ** 2}, patience=9, **ax
    ),
    "beam tree": lambda **ax: vis.draw_beam_tree(next_letter, 0, 5, 3, names="abcd", **ax),
    "bias and variance": lambda **ax: vis.plot_bias_variance(
        np.arange(500),
        rng_points(50) @ np.sin([np.arange(500) / 50, np.arange(500) / 9]),
        np.zeros(500),
        **ax,
    ),
    "loss surface": lambda **ax: vis.plot_loss_surface(
        lambda w: w**2 @ [1, 20], xlim=(-3, 1), ylim=(-1, 1), paths=PATHS, minimum=(0, 0), **ax
    ),
    "wide computation graph": lambda **ax: vis.draw_computation_graph(computation(1), **ax),
    "deep computation graph": lambda **ax: vis.draw_computation_graph(computation(4), **ax),
    "convolution": lambda **ax: vis.draw_convolution(
        np.arange(25).reshape(5, 5), [[0, 1, 2], [2, 2, 0], [0, 1, 2]], padding=1, **ax
    ),
    "large convolution": lambda **ax: vis.draw_convolution(
        rng_images(16).reshape(32, 32), np.ones((7, 5)), dilation=2, place=(9, 9), **ax
    ),
    "convolution matrix": lambda **ax: vis.draw_convolution_matrix([[1, 2, 3]] * 3, 4, **ax),
    "large convolution matrix": lambda **ax: vis.draw_convolution_matrix(
        rng_points(8).reshape(4, 4), 8, padding=1, **ax
    ),
    "receptive field": lambda **ax: vis.draw_receptive_fields(
        [{"kernel": 3, "padding": 1, "dilation": 2}, {"kernel": 2, "stride": 2}] * 2, 32, **ax
    ),
    "causal stack": lambda **ax: vis.draw_causal_stack(2, [1, 2, 4, 8], steps=20, **ax),
    "filtered": lambda **ax: vis.plot_filtered(
        np.arange(300), *rng_points(300).T ** 2, observations=[None] * 9 + [1] * 291, **ax
    ),
    "hidden states": lambda **ax: vis.plot_states(
        np.eye(3)[np.arange(120) // 7 % 3] * 0.7 + 0.1,
        np.arange(120) % 3,
        paths={"true": np.arange(120) // 8 % 3, "Viterbi": np.arange(120) // 7 % 3},
        **ax,
    ),
    "misclassified images": lambda **ax: vis.show_misclassified(
        rng_images(40), [1] * 40, [[0.9, 0.1]] * 40, **ax
    ),
    "no misclassified images": lambda **ax: vis.show_misclassified(
        rng_images(40), [0] * 40, [[0.9, 0.1]] * 40, **ax
    ),
    "LSTM cell": lambda **ax: vis.draw_lstm_cell(peepholes=True, **ax),
    "gate strip": lambda **ax: vis.plot_gate_activity(
        "a\nletter " * 22, rng_norms(198)[:2], names=["forget gate", "memory"], **ax
    ),
    "unrolled network": lambda **ax: vis.draw_unrolled(4, rolled=True, feedback=True, **ax),
    "long unrolled network": lambda **ax: vis.draw_unrolled(10, "many to one", truncate=3, **ax),
    "gradient norms": lambda **ax: vis.plot_gradient_norms(
        np.arange(51), {f"{k}": 0.3 * k ** rng_norms(51) for k in range(1, 6)}, bound=1.2, **ax
    ),
    "accuracy by length": lambda **ax: vis.accuracy_by_length(
        {f"{k} units": {n: [0.1 * k / n, 1 / n] for n in range(1, 40)} for k in range(1, 7)},
        trained_to=20,
        **ax,
    ),
    "alignment": lambda **ax: vis.plot_alignment(
        rng_images(2)[0], "12345678", ["hundert"] * 8, truth=[(k,) for k in range(8)], **ax
    ),
    "translator cell": lambda **ax: vis.draw_encoder_decoder(
        "1271", ["tausend", "zwei", "hundert", "ein", "und"], reverse=True, feedback=True, **ax
    ),
    "addressing": lambda **ax: vis.plot_addressing(
        {"before": np.eye(12)[3], "shifted": np.full(12, 1 / 12), "sharpened": np.eye(12)[4]}, **ax
    ),
    "strips over time": lambda **ax: vis.plot_strips(
        {"write head": rng_norms(128)[:, :60].T, "error": rng_points(60) / 9}, **ax
    ),
    "memory tape": lambda **ax: vis.draw_memory(
        MEMORY, rng_images(2), rng_images(2) - 0.5, step=5, **ax
    ),
    "bound": lambda **ax: vis.plot_updates_against_bound(
        MARGINS, np.ceil(0.1 / MARGINS**2), 1 / MARGINS**2, **ax
    ),
    "temperature": lambda **ax: vis.plot_softmax_temperature([2, 1, 0, -1], [0.5, 1, 5], **ax),
}
WITHOUT_AXES = (
    "tree",
    "network",
    "neuron",
    "images",
    "graph",
    "convolution",
    "matrix",
    "field",
    "stack",
    "cell",
    "strip",
    "tape",
)
DIAGRAMS = {name for name in FIGURES if name.endswith(WITHOUT_AXES)}


def computation(depth):
    a = Value(0.5, "x")
    for k in range(depth):
        a = (Value(0.4 * k - 0.3, f"$w_{k + 1}$") * a).sigmoid()
    a.backward()
    return a


def next_letter(prefixes):
    return np.log([[0.1, 0.2, 0.3, 0.4], [0.4, 0.1, 0.3, 0.2]])[prefixes[:, -1] % 2]


def rng_points(count):
    return np.random.default_rng(1).normal(size=(count, 2))


def rng_norms(lags):
    return np.random.default_rng(1).uniform(0.5, 1, (20, lags)).cumsum(1)


def rng_images(count):
    return np.random.default_rng(1).uniform(size=(count, 8, 8))


def svg(figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="svg", **SVG_OPTIONS)
    return file.getvalue()


@pytest.fixture(params=FIGURES)
def name(request):
    return request.param


def test_makes_one_figure_of_its_own(name):
    figure, axes = FIGURES[name]()
    assert plt.get_fignums() == [figure.number]
    assert axes in figure.axes


def test_draws_into_the_axes_it_is_given(name):
    figure, (left, right) = plt.subplots(1, 2)
    returned, axes = FIGURES[name](ax=right)
    assert returned is figure
    assert axes is right
    assert plt.get_fignums() == [figure.number]
    assert not left.has_data()
    assert right.has_data() or right.texts


def test_changes_no_setting(name):
    before = dict(matplotlib.rcParams)
    figure, _ = FIGURES[name]()
    svg(figure)
    assert dict(matplotlib.rcParams) == before


def test_gives_the_same_bytes_twice_and_weighs_little(name):
    vis.use_style()
    first, second = (svg(FIGURES[name]()[0]) for _ in range(2))
    assert first == second
    assert len(first) < 150_000


def test_axes_have_labels(name):
    _, axes = FIGURES[name]()
    if name in DIAGRAMS:
        assert not axes.axison
    else:
        assert axes.get_xlabel()
        assert axes.get_ylabel() or axes.get_legend()


def test_fits_a_page_and_a_phone(name):
    vis.use_style()
    figure, _ = FIGURES[name]()
    width, height = figure.get_size_inches()
    assert width <= 7.4
    assert height <= 7
    figure.canvas.draw()
    # At 350 of 614 pixels, 10 points come out as 7.6 pixels: less can't be read on a phone.
    sizes = [
        text.get_fontsize()
        for text in figure.findobj(matplotlib.text.Text)
        if text.get_text() and text.get_visible()
    ]
    assert min(sizes, default=10) >= 10


def test_no_text_is_cut_off(name):
    vis.use_style()
    figure, axes = FIGURES[name]()
    figure.canvas.draw()
    page = figure.bbox.padded(0.12 * figure.dpi)  # what a tight picture adds around it
    for text in axes.texts:
        box = text.get_window_extent()
        assert page.x0 <= box.x0
        assert page.y0 <= box.y0
        assert box.x1 <= page.x1
        assert box.y1 <= page.y1


def test_warns_of_nothing_without_the_style(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg(FIGURES[name]()[0])
