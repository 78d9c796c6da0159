import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb, to_rgba

from nncourse.visualizations import (
    COLORS,
    animate_viterbi,
    draw_causal_stack,
    plot_filtered,
    plot_states,
    show_video,
    use_style,
)

# --- plot_filtered ---------------------------------------------------------------------------


def test_the_band_holds_95_percent_of_a_gaussian():
    _, axes = plot_filtered([0, 1, 3], [5, 6, 7], [1, 0, 2], label="mine")
    (band,) = axes.collections
    corners = band.get_paths()[0].vertices
    for time, low, high in ((0, 5 - 1.96, 5 + 1.96), (1, 6, 6), (3, 7 - 3.92, 7 + 3.92)):
        heights = corners[corners[:, 0] == time, 1]
        np.testing.assert_allclose((heights.min(), heights.max()), (low, high))
    (means,) = axes.lines
    assert means.get_xydata().tolist() == [[0, 5], [1, 6], [3, 7]]
    assert means.get_label() == "mine"


def test_observations_truth_and_gaps():
    y = [np.nan, 1, 2, np.nan, np.nan, 3, np.nan]
    _, axes = plot_filtered(
        np.arange(7) * 2, np.zeros(7), np.ones(7), observations=y, truth=np.arange(7)
    )
    gaps = [
        patch.get_extents().transformed(axes.transData.inverted()).intervalx
        for patch in axes.patches
    ]
    np.testing.assert_allclose(gaps, [(0, 1), (5, 9), (11, 12)], atol=1e-9)
    lines = {line.get_label(): line for line in axes.lines}
    np.testing.assert_array_equal(lines["observation"].get_ydata(), y)
    assert lines["observation"].get_linestyle() == "None"
    assert lines["truth"].get_ydata().tolist() == list(range(7))
    labels = axes.get_legend_handles_labels()[1]
    assert labels == ["95 % band", "observation", "not seen", "truth", "estimate"]


@pytest.mark.parametrize("gaps", [0, 1])
def test_the_legend_tells_of_gaps_if_there_are_any(gaps):
    _, axes = plot_filtered([0, 1], [0, 1], [1, 1], observations=[1, np.nan if gaps else 2])
    assert len(axes.patches) == gaps
    assert ("not seen" in axes.get_legend_handles_labels()[1]) == (gaps > 0)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([], [], []), {}, r"`times` must be a series of one number or more.*shape \(0,\)"),
        (([0, 0], [1, 1], [1, 1]), {}, "`times` must grow"),
        (([0, 1], [1], [1, 1]), {}, r"`means` must be a series of a number for each of 2 times"),
        (([0, 1], [1, np.nan], [1, 1]), {}, r"`means` must hold finite.*means\[1\]=nan"),
        (([0, 1], [1, 1], [1, -2]), {}, "`deviations` must be 0 or more. Received: -2"),
        (([0, 1], [1, 1], [1, 1]), {"truth": [1, np.inf]}, r"`truth` must hold.*truth\[1\]=inf"),
        (([0, 1], [1, 1], [1, 1]), {"truth": [1, np.nan]}, r"`truth` must hold.*truth\[1\]=nan"),
        (([0], [1], [1]), {"observations": [np.inf]}, r"observations\[0\]=inf"),
        (([0], [1], [1]), {"observations": [[1]]}, r"observations of shape \(1, 1\)"),
    ],
)
def test_filtered_refuses(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        plot_filtered(*arguments, **options)
    assert plt.get_fignums() == []


# --- plot_states -----------------------------------------------------------------------------

POSTERIOR = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7], [0, 1, 0]])


def height_at(axes, k, step):
    """From where to where the k-th state's area reaches in a step."""
    areas = [c for c in axes.collections if c.get_label() == f"state {k}"]
    corners = areas[0].get_paths()[0].vertices
    inside = corners[np.isclose(corners[:, 0], step)]
    following = corners[np.isclose(corners[:, 0], step + 1)]
    # A stair: what the left and the right end of the step have in common.
    common = sorted(set(inside[:, 1].round(9)) & set(following[:, 1].round(9)))
    return common[0], common[-1]


def test_the_probabilities_are_stacked():
    _, axes = plot_states(POSTERIOR)
    for step in range(2):
        for k in range(3):
            low = POSTERIOR[step, :k].sum()
            expected = low, low + POSTERIOR[step, k]
            np.testing.assert_allclose(height_at(axes, k, step), expected, atol=1e-9)
    assert axes.get_xlim() == (0, 3)


def test_each_state_has_a_color_and_a_hatch_and_each_path_a_strip():
    paths = {"true": np.array([0, 2, 2]), "best": [1, 1, 0]}
    _, axes = plot_states(POSTERIOR, paths=paths, names="abc")
    areas = {c.get_label(): c for c in axes.collections}
    assert list(areas)[-3:] == ["a", "b", "c"]
    assert len({areas[name].get_hatch() for name in "abc"}) == 3
    rows = dict(zip([t.get_text() for t in axes.get_yticklabels()], axes.get_yticks(), strict=True))
    assert 0 > rows["true"] > rows["best"]
    for name, path in paths.items():
        found = {}
        for bars in axes.collections[:-3]:
            for bar in bars.get_paths():
                (left, low), (right, high) = bar.vertices.min(axis=0), bar.vertices.max(axis=0)
                if low < rows[name] < high:
                    found |= dict.fromkeys(range(round(left), round(right)), bars)
        assert sorted(found) == [0, 1, 2]
        for step, state in enumerate(path):
            assert tuple(found[step].get_facecolor()[0]) == to_rgba(COLORS[state])
            assert found[step].get_hatch() == areas["abc"[state]].get_hatch()


def test_symbols_are_dots_the_higher_the_larger():
    _, axes = plot_states(POSTERIOR, [2, 0, 1])
    (dots,) = axes.lines
    x, y = dots.get_xydata().T
    assert x.tolist() == [0.5, 1.5, 2.5]
    assert y[0] > y[2] > y[1] > 1


@pytest.mark.parametrize(
    ("posterior", "options", "message"),
    [
        ([0.5, 0.5], {}, r"shape \(steps, states\).*Received: posterior of shape \(2,\)"),
        (np.full((2, 6), 1 / 6), {}, "with 5 states at most"),
        (np.empty((0, 2)), {}, r"of shape \(0, 2\)"),
        ([[0.5, 0.6]], {}, r"probabilities of the sum 1. Received: rows with the sums \[1.1\]"),
        ([[1.5, -0.5]], {}, "must hold probabilities"),
        ([[np.nan, 1]], {}, "must hold probabilities"),
        ([[0.5, 0.5]], {"symbols": [0, 1]}, r"`symbols` must hold an integer for each of the 1"),
        ([[0.5, 0.5]], {"symbols": [0.5]}, "type float64"),
        ([[0.5, 0.5]], {"symbols": [-1]}, "`symbols` must hold integers from 0 on"),
        ([[0.5, 0.5]], {"paths": {"mine": [2]}}, r"`paths\['mine'\]`.*0 to 1. Received: from 2"),
        ([[0.5, 0.5]], {"names": ["a"]}, r"each of the 2 states. Received: \['a'\]"),
    ],
)
def test_states_refuses(posterior, options, message):
    with pytest.raises(ValueError, match=message):
        plot_states(posterior, **options)
    assert plt.get_fignums() == []


# --- draw_causal_stack -----------------------------------------------------------------------


def units(axes):
    """The fills of each row, series first, from the left."""
    rows = {}
    for line in axes.lines:
        (x,), (y,) = line.get_data()
        rows.setdefault(round(y, 6), []).append((x, to_rgb(line.get_color())))
    return [[fill for _, fill in sorted(rows[y])] for y in sorted(rows, reverse=True)]


@settings(max_examples=15, deadline=None)
@given(
    kernel=st.integers(1, 3),
    dilations=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    steps=st.integers(1, 20),
)
def test_law_what_is_filled_changes_the_last_output(kernel, dilations, steps):
    _, axes = draw_causal_stack(kernel, dilations, steps=steps)
    rows = units(axes)
    assert [len(row) for row in rows] == [steps] * (len(dilations) + 1)
    for layer in range(len(dilations)):
        values = np.eye(steps)  # a row for each value that is poked, in this layer's input
        for d in dilations[layer:]:
            padded = np.pad(values, ((0, 0), ((kernel - 1) * d, 0)))
            values = sum(padded[:, j * d : j * d + steps] for j in range(kernel))
        seen = [fill == to_rgb(COLORS[0]) for fill in rows[layer]]
        assert seen == (values[:, -1] > 0).tolist()
    assert [fill == to_rgb(COLORS[1]) for fill in rows[-1]] == [False] * (steps - 1) + [True]
    plt.close("all")


def test_no_line_leads_to_the_future_and_each_layer_says_what_it_sees():
    _, axes = draw_causal_stack(3, [1, 3])
    lines = np.concatenate([c.get_segments() for c in axes.collections])
    assert len(lines) == 3 + 3 * 3
    assert (lines[:, 0, 0] >= lines[:, 1, 0]).all()
    texts = [text.get_text() for text in axes.texts]
    assert texts == ["dilation 1, sees 3", "dilation 3, sees 9", "series"]
    assert len(units(axes)[0]) == 9 + 4


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((2, []), {}, "`layers` must hold one layer or more"),
        ((0, [1]), {}, "`kernel` must be a positive integer"),
        ((2, [0]), {}, "`dilation` must be a positive integer"),
        ((2, [1]), {"steps": 0}, "`steps` must be a positive integer. Received: steps=0"),
    ],
)
def test_stack_refuses(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        draw_causal_stack(*arguments, **options)
    assert plt.get_fignums() == []


# --- animate_viterbi -------------------------------------------------------------------------

SCORES = np.array([[-1, -2.04], [-3, -2.5], [-np.inf, -4.0], [-9, -5]])
BEFORE = np.array([[0, 0], [0, 0], [0, 1], [1, 1]])


def drawn_at(animation, frame):
    """Draws one frame and returns its axes."""
    animation._draw_was_started = True  # or it warns when it is deleted that it was never drawn
    animation._draw_frame(frame)
    return animation._fig.axes[0]


def chosen(axes):
    """The states that are framed, and the thick line through them."""
    frame = {
        tuple(int(c) for c in text.get_position())
        for text in axes.texts
        if text.get_bbox_patch().get_edgecolor()[:3] == to_rgb(COLORS[1])
    }
    thick = [line.get_xydata().tolist() for line in axes.lines if line.get_linewidth() == 4]
    return frame, thick


def won(axes):
    return {
        tuple(line.get_xydata().astype(int).ravel().tolist())
        for line in axes.lines
        if line.get_linewidth() == 2.5
    }


def test_columns_appear_one_by_one_with_their_scores():
    animation = animate_viterbi(SCORES, BEFORE, names="ab", symbols="wxyz")
    axes = drawn_at(animation, 0)
    assert [text.get_text() for text in axes.texts] == ["−1.0", "−2.0"]
    assert axes.get_title() == "step 1"
    assert won(axes) == set()
    axes = drawn_at(animation, 2)
    texts = [text.get_text() for text in axes.texts]
    assert texts == ["−1.0", "−2.0", "−3.0", "−2.5", "−∞", "−4.0"]
    # (t, from, t, to): the impossible state has no best path.
    assert won(axes) == {(0, 0, 1, 0), (0, 0, 1, 1), (1, 1, 2, 1)}
    assert [label.get_text() for label in axes.get_xticklabels()] == list("wxyz")
    assert [label.get_text() for label in axes.get_yticklabels()] == list("ab")
    assert chosen(axes) == (set(), [])


def test_an_impossible_state_is_left_by_no_line():
    axes = drawn_at(animate_viterbi(SCORES, BEFORE), 3)
    starts = {tuple(line.get_xydata()[0].astype(int).tolist()) for line in axes.lines}
    assert (2, 1) in starts
    assert (2, 0) not in starts


def test_the_path_is_read_from_its_end():
    animation = animate_viterbi(SCORES, BEFORE)
    frame, thick = chosen(drawn_at(animation, 4))
    assert (frame, thick) == ({(3, 1)}, [])
    frame, thick = chosen(drawn_at(animation, 6))
    assert frame == {(1, 1), (2, 1), (3, 1)}
    assert thick == [[[1, 1], [2, 1], [3, 1]]]
    frames = list(animation.new_frame_seq())
    axes = drawn_at(animation, frames[-1])
    assert chosen(axes)[1] == [[[0, 0], [1, 1], [2, 1], [3, 1]]]
    assert axes.get_title() == "reading back the best path"


def test_the_film_is_light():
    use_style()
    rng = np.random.default_rng(0)
    scores, before = -rng.uniform(1, 20, (12, 3)), rng.integers(0, 3, (12, 3))
    video = show_video(animate_viterbi(scores, before, seconds=3), alt="A trellis")
    assert len(video._repr_html_()) < 300_000
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("scores", "before", "options", "message"),
    [
        (SCORES[:1], BEFORE[:1], {}, r"from 2 to 12 steps. Received: scores of shape \(1, 2\)"),
        (np.zeros((13, 2)), np.zeros((13, 2), int), {}, r"of shape \(13, 2\)"),
        (SCORES, BEFORE[:3], {}, r"shape of scores, \(4, 2\). Received: before of shape \(3, 2\)"),
        (SCORES, BEFORE / 2, {}, "type float64"),
        (SCORES, BEFORE + 1, {}, "`before` must hold states from 0 to 1. Received: from 1 to 2"),
        (SCORES * np.nan, BEFORE, {}, "`scores` must hold log-probabilities"),
        (SCORES - np.inf, BEFORE, {}, "not all impossible at the end"),
        (SCORES, BEFORE, {"names": "abc"}, "`names` must hold 2 of them. Received: 3"),
        (SCORES, BEFORE, {"symbols": "a"}, "`symbols` must hold 4 of them. Received: 1"),
        (SCORES, BEFORE, {"seconds": 0}, "`seconds` must be a positive number"),
    ],
)
def test_viterbi_refuses(scores, before, options, message):
    with pytest.raises(ValueError, match=message):
        animate_viterbi(scores, before, **options)
    assert plt.get_fignums() == []
