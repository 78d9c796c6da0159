import types

import matplotlib.pyplot as plt
import numpy as np
import pytest

from nncourse.visualizations import plot_training, plot_updates_against_bound, show_images

rng = np.random.default_rng(0)


@pytest.mark.parametrize("shape", [(5, 8, 6), (5, 8, 6, 1), (5, 8, 6, 3)])
@pytest.mark.parametrize("columns", [1, 2, 3, 8])
def test_images_stand_in_a_grid_row_by_row(shape, columns):
    images = rng.uniform(size=shape)
    _, axes = show_images(images, columns=columns, titles=list("abcde"))
    assert len(axes.images) == 5
    boxes = []
    for index, (drawn, title) in enumerate(zip(axes.images, axes.texts, strict=True)):
        expected = images[index, ..., 0] if shape[-1] == 1 else images[index]
        np.testing.assert_array_equal(drawn.get_array(), expected)
        assert drawn.origin == "upper"
        left, right, bottom, top = drawn.get_extent()
        assert (right - left) / (top - bottom) == pytest.approx(6 / 8)  # square pixels
        x, y = title.get_position()
        assert title.get_text() == "abcde"[index]
        assert x == pytest.approx((left + right) / 2)
        assert y > top
        boxes.append((left, right, bottom, top))
    for index, (left, right, bottom, top) in enumerate(boxes):
        row, column = divmod(index, min(columns, 5))
        assert left == pytest.approx(column * (boxes[1][0] if columns > 1 else 0))
        for other_row in range(row):
            assert top < boxes[other_row * min(columns, 5)][2]
        assert axes.get_xlim()[0] <= left < right <= axes.get_xlim()[1] + 1e-9
        assert axes.get_ylim()[0] - 1e-9 <= bottom < top <= axes.get_ylim()[1]


@pytest.mark.parametrize(
    ("images", "limits"),
    [
        (np.array([[[0.25, 0.5]]]), (0, 1)),
        (np.array([[[-1.0, 3.0]]]), (-1, 3)),
        (np.array([[[0, 255]]], np.uint8), (0, 1)),
        (np.array([[[0, 16]]]), (0, 16)),
    ],
)
def test_gray_goes_from_black_to_white(images, limits):
    _, axes = show_images(images)
    assert axes.images[0].get_clim() == limits
    low, high = axes.images[0].to_rgba(np.array(limits))[:, :3]
    assert (low == 0).all()
    assert (high == 1).all()


def test_signed_images_share_a_scale_about_zero_with_a_color_bar():
    images = np.array([[[0.5, 2.0]], [[0.0, -1.0]]])
    figure, axes = show_images(images, signed=True)
    assert [image.get_clim() for image in axes.images] == [(-2, 2)] * 2
    red, white, blue = axes.images[0].to_rgba(np.array([-2.0, 0.0, 2.0]))[:, :3]
    assert blue[2] > blue[0]
    assert red[0] > red[2]
    assert white.min() > 0.95
    assert len(figure.axes) == 2


@pytest.mark.parametrize(
    ("images", "options", "message"),
    [
        (np.zeros((8, 8)), {}, r"`images` must have the shape.*\(8, 8\)"),
        (np.zeros((2, 8, 8, 4)), {}, r"`images` must have the shape.*\(2, 8, 8, 4\)"),
        (np.zeros((0, 8, 8)), {}, r"`images` must have the shape.*none of them 0"),
        (np.full((1, 2, 2), np.nan), {}, "`images` must hold finite numbers"),
        (np.full((1, 2, 2, 3), 2.0), {}, r"`images` in color must hold.*from 2 to 2"),
        (np.zeros((1, 2, 2, 3)), {"signed": True}, "`signed` is for grayscale images"),
        (np.zeros((2, 2, 2)), {"columns": 0}, "`columns` must be a positive integer. .*=0"),
        (np.zeros((2, 2, 2)), {"titles": ["a"]}, "`titles` must hold a title for each of the 2"),
    ],
)
def test_images_refuses(images, options, message):
    with pytest.raises(ValueError, match=message):
        show_images(images, **options)
    assert plt.get_fignums() == []


def test_a_history_or_its_dict_gives_both_curves():
    curves = {"loss": [3.0, 2.0, 1.5], "val_loss": [3.0, 2.5, 2.6]}
    for history in (curves, types.SimpleNamespace(history=curves, epoch=[0, 1, 2])):
        _, axes = plot_training(history)
        training, validation = axes.lines
        assert training.get_xydata().tolist() == [[1, 3], [2, 2], [3, 1.5]]
        assert validation.get_xydata().tolist() == [[1, 3], [2, 2.5], [3, 2.6]]
        assert training.get_linestyle() != validation.get_linestyle()
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "loss")
    _, axes = plot_training({"loss": [1.0]})
    assert len(axes.lines) == 1


@pytest.mark.parametrize("epochs", [1, 2, 5, 30, 400])
def test_ticks_are_epochs(epochs):
    figure, axes = plot_training({"loss": np.linspace(1, 0, epochs)})
    figure.canvas.draw()
    low, high = axes.get_xlim()
    ticks = [tick for tick in axes.get_xticks() if low <= tick <= high]
    assert ticks
    assert all(tick == int(tick) and 1 <= tick <= epochs for tick in ticks)


def test_several_metrics_have_a_panel_each():
    curves = {"loss": [1.0, 0.5], "accuracy": [0.5, 0.8], "val_accuracy": [0.5, 0.7]}
    _, axes = plot_training(curves, metrics=("loss", "accuracy"))
    assert [ax.get_ylabel() for ax in axes] == ["loss", "accuracy"]
    assert [len(ax.lines) for ax in axes] == [1, 2]
    figure, given = plt.subplots(1, 2)
    returned, same = plot_training(curves, metrics=("loss", "accuracy"), ax=given)
    assert returned is figure
    assert all(a is b for a, b in zip(same, given, strict=True))


@pytest.mark.parametrize(
    ("history", "options", "message"),
    [
        ({"loss": [1.0]}, {"metrics": ("accuracy",)}, r"`metrics` must be.*\['loss'\].*'accuracy'"),
        ({"loss": [1.0]}, {"metrics": ()}, "`metrics` must name at least one metric"),
        ({"loss": []}, {}, r"`history` must have at least one epoch. Received: loss=\[\]"),
    ],
)
def test_training_refuses(history, options, message):
    with pytest.raises(ValueError, match=message):
        plot_training(history, **options)
    assert plt.get_fignums() == []


def test_training_refuses_another_number_of_axes():
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match="`ax` must hold one axes for each of the 2 metrics"):
        plot_training({"a": [1], "b": [1]}, metrics=("a", "b"), ax=ax)


def test_updates_stand_at_one_over_the_margin_below_the_bound():
    margins = np.array([0.1, 0.5, 0.02])
    updates, bounds = [30, 2, 900], 2 / margins**2
    _, axes = plot_updates_against_bound(margins, updates, bounds)
    assert axes.collections[0].get_offsets().tolist() == [[10, 30], [2, 2], [50, 900]]
    line = axes.lines[0].get_xydata()
    np.testing.assert_allclose(line, [[2, 8], [10, 200], [50, 5000]])
    slope = np.diff(np.log(line[:, 1])) / np.diff(np.log(line[:, 0]))
    np.testing.assert_allclose(slope, 2)
    assert axes.get_xscale() == axes.get_yscale() == "log"


@pytest.mark.parametrize(
    ("margins", "updates", "bounds", "message"),
    [
        ([0.1], [1, 2], [4], "must have the same length. Received: 1, 2 and 1"),
        ([], [], [], "`margins` must be a vector"),
        ([0.0], [1], [4], "`margins` must hold positive, finite numbers. Received: 0.0"),
        ([0.1], [0], [4], "`updates` must hold positive"),
        ([0.1], [1], [np.inf], "`bounds` must hold positive, finite numbers. Received: inf"),
    ],
)
def test_bound_refuses(margins, updates, bounds, message):
    with pytest.raises(ValueError, match=message):
        plot_updates_against_bound(margins, updates, bounds)
    assert plt.get_fignums() == []


def test_updates_of_several_groups_share_one_bound():
    margins, updates = np.array([0.5, 0.1, 0.5, 0.1]), np.array([2, 19, 3, 40])
    _, axes = plot_updates_against_bound(
        margins, updates, 1 / margins**2, groups=["b", "b", "a", "a"]
    )
    assert len(axes.lines) == 1
    names = [collection.get_label() for collection in axes.collections]
    assert names == ["b", "a"]
    np.testing.assert_allclose(axes.collections[1].get_offsets(), [[2, 3], [10, 40]])
    with pytest.raises(ValueError, match=r"each of the 4 runs. Received: groups of shape \(1,\)"):
        plot_updates_against_bound(margins, updates, updates, groups=["a"])
