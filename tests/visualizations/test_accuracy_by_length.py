import matplotlib.pyplot as plt
import numpy as np
import pytest

from nncourse.visualizations import accuracy_by_length


def band(collection):
    """The lowest and the highest point of a band at each length."""
    corners = collection.get_paths()[0].vertices
    return {
        float(x): (corners[corners[:, 0] == x, 1].min(), corners[corners[:, 0] == x, 1].max())
        for x in np.unique(corners[:, 0])
    }


def test_single_shares_are_drawn_in_percent_and_in_order():
    _, axes = accuracy_by_length({"one": {9: 0.25, 3: 1, 6: 0.5}, "other": {3: 0.0}})
    assert [line.get_label() for line in axes.lines] == ["one", "other"]
    assert axes.lines[0].get_xdata().tolist() == [3, 6, 9]
    assert axes.lines[0].get_ydata().tolist() == [100, 50, 25]
    assert axes.lines[1].get_xydata().tolist() == [[3, 0]]
    assert not axes.collections
    assert len({line.get_marker() for line in axes.lines}) == 2


def test_several_starts_make_a_mean_and_a_band():
    shares = {"three": {4: [0.2, 0.9, 0.4], 2: np.array([1.0, 0.7, 0.7]), 8: 0.1}}
    _, axes = accuracy_by_length(shares)
    np.testing.assert_allclose(axes.lines[0].get_xydata(), [[2, 80], [4, 50], [8, 10]])
    (area,) = axes.collections
    assert band(area) == {2: (70, 100), 4: (20, 90), 8: (10, 10)}


def test_zero_and_one_can_be_told_from_the_frame():
    _, axes = accuracy_by_length({"one": {1: 1, 2: 0}})
    low, high = axes.get_ylim()
    assert low < 0
    assert high > 100


@pytest.mark.parametrize(("trained_to", "is_shaded"), [(5, True), (9, False), (12, False)])
def test_what_is_longer_than_in_training_is_shaded(trained_to, is_shaded):
    _, axes = accuracy_by_length({"one": {3: 1, 9: 0.5}}, trained_to)
    spans = [patch for patch in axes.patches if patch.get_label() == "not in training"]
    assert len(spans) == is_shaded
    if is_shaded:
        box = spans[0].get_extents().transformed(axes.transData.inverted())
        assert box.x0 == pytest.approx(5)
        assert box.x1 == pytest.approx(axes.get_xlim()[1])
        assert axes.get_xlim()[1] < 11  # the shade does not widen the axes
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names == ["one", "not in training"][: 1 + is_shaded]


@pytest.mark.parametrize(
    ("shares", "trained_to", "message"),
    [
        ({}, None, "`shares` must have one curve or more"),
        ({"a": {}}, None, r"`shares\['a'\]` must have one length or more. Received: {}"),
        ({"a": {"5": 1}}, None, "`length` must be a number. Received: '5'"),
        ({"a": {5: 1.01}}, None, r"`shares\['a'\]\[5\]` must be a number .* Received: 1.01"),
        ({"a": {5: [0.5, -0.1]}}, None, r"must be a number from 0 to 1, or a list"),
        ({"a": {5: np.nan}}, None, "must be a number from 0 to 1"),
        ({"a": {5: []}}, None, "must be a number from 0 to 1"),
        ({"a": {5: [[0.5]]}}, None, "must be a number from 0 to 1"),
        ({"a": {5: 1}}, np.inf, "`trained_to` must be a number. Received: inf"),
        ({"a": {5: 1}}, "5", "`trained_to` must be a number. Received: '5'"),
    ],
)
def test_refuses(shares, trained_to, message):
    with pytest.raises(ValueError, match=message):
        accuracy_by_length(shares, trained_to)
    assert plt.get_fignums() == []
