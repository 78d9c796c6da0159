"""The pictures of a memory and its heads: weightings, strips over time, the tape and its film."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from nncourse.visualizations import animate_memory, draw_memory, plot_addressing, plot_strips

rng = np.random.default_rng(0)


def trace_of(places, slots=12, width=3, heads=1):
    """A batch of one: the write heads at these slots, the read heads three slots behind."""
    write = np.repeat(np.eye(slots)[np.array(places) % slots][None, :, None], heads, axis=2)
    memory = rng.normal(size=(1, len(places), slots, width))
    return SimpleNamespace(
        write_weights=write / heads, read_weights=np.roll(write, -3, 3) / heads, memory=memory
    )


# --- weightings ------------------------------------------------------------------------------


@pytest.mark.parametrize("slots", [1, 5, 40])
def test_each_weighting_is_a_row_of_bars(slots):
    weightings = {name: rng.dirichlet(np.ones(slots)) for name in ("one", "two", "three")}
    _, axes = plot_addressing(weightings)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["one", "two", "three"]
    ticks = axes.get_yticks()
    assert (np.diff(ticks) < 0).all()  # from top to bottom
    for weights, bars, tick in zip(weightings.values(), axes.containers, ticks, strict=True):
        np.testing.assert_allclose([bar.get_height() for bar in bars], 0.75 * weights)
        centers = [bar.get_x() + bar.get_width() / 2 for bar in bars]
        np.testing.assert_allclose(centers, np.arange(slots))
        # The name stands in the middle of a full bar, and bars don't reach the row above.
        assert {round(tick - bar.get_y(), 6) for bar in bars} == {0.375}
    low, high = axes.get_ylim()
    assert low < ticks[-1] - 0.375
    assert high > ticks[0] + 0.375


def test_few_slots_have_their_numbers_written_and_many_do_not():
    _, axes = plot_addressing({"w": [0.123, 0.8, 0.004, 0.073]})
    assert [(t.get_position()[0], t.get_text()) for t in axes.texts] == [
        (0, "0.12"),
        (1, "0.8"),
        (3, "0.073"),
    ]
    _, axes = plot_addressing({"w": np.full(12, 1 / 12)})
    assert len(axes.texts) == 12
    _, axes = plot_addressing({"w": np.full(13, 1 / 13)})
    assert not axes.texts


def test_a_weight_beyond_1_by_rounding_is_drawn_as_1():
    _, axes = plot_addressing({"w": np.float32([1 + 1e-6, 0])})
    assert axes.containers[0][0].get_height() == 0.75


@pytest.mark.parametrize(
    ("weightings", "message"),
    [
        ({}, "`weightings` must hold at least one weighting. Received: none"),
        ({"a": [1, 0], "b": [1, 0, 0]}, "Received: 'b' of shape .3,."),
        ({"a": np.ones((1, 1))}, "Received: 'a' of shape .1, 1."),
        ({"a": np.zeros(41)}, "at most 40 slots. Received: 'a' of shape .41,."),
        ({"a": []}, "Received: 'a' of shape .0,."),
        ({"a": [0.5, -0.1]}, "weights from 0 to 1. Received: 'a' with -0.1 to 0.5"),
        ({"a": [1.1, 0]}, "weights from 0 to 1. Received: 'a' with 0.0 to 1.1"),
        ({"a": [np.nan, 0]}, "weights from 0 to 1. Received: 'a' with nan"),
    ],
)
def test_addressing_refuses(weightings, message):
    with pytest.raises(ValueError, match=message):
        plot_addressing(weightings)
    assert plt.get_fignums() == []


# --- strips ----------------------------------------------------------------------------------


def test_strips_lie_below_each_other_over_one_axis_of_time():
    strips = {"bits": rng.integers(2, size=(9, 4)), "slots": rng.random((9, 30)), "one": [[0]] * 9}
    _, axes = plot_strips(strips)
    bottoms = [np.inf]
    frames = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    ticks = zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)
    for image, frame, (tick, label), name in zip(axes.images, frames, ticks, strips, strict=True):
        np.testing.assert_array_equal(image.get_array(), np.transpose(strips[name]))
        left, right, bottom, top = image.get_extent()
        assert (left, right) == axes.get_xlim() == (-0.5, 8.5)
        assert bottom < top < bottoms[-1]  # row 0 on top, and below the strip before
        assert (tick, label.get_text()) == (pytest.approx((bottom + top) / 2), name)
        np.testing.assert_allclose(frame.get_xy(), (left, bottom))
        assert (frame.get_width(), frame.get_height()) == (9, pytest.approx(top - bottom))
        bottoms.append(bottom)
    assert axes.get_ylim() == (pytest.approx(bottoms[-1]), 0)
    heights = -np.diff([0, *bottoms[1:]])
    assert heights[1] > heights[0] > heights[2]  # more rows are higher


@pytest.mark.parametrize(
    ("values", "cmap", "limits"),
    [
        ([0, 0.5], "Blues", (0, 1)),
        ([0, 3], "Blues", (0, 3)),
        ([-0.2, 0.1], "RdBu", (-1, 1)),
        ([-4, 2], "RdBu", (-4, 4)),
    ],
)
def test_zero_is_white(values, cmap, limits):
    _, axes = plot_strips({"a": [values]})
    assert axes.images[0].get_cmap().name == cmap
    assert axes.images[0].get_clim() == limits


@pytest.mark.parametrize(
    ("strips", "message"),
    [
        ({}, "`strips` must hold at least one array. Received: none"),
        ({"a": np.ones((3, 2)), "b": np.ones((2, 3))}, "Received: 'b' of shape .2, 3."),
        ({"a": np.ones(3)}, "Received: 'a' of shape .3,."),
        ({"a": np.ones((3, 0))}, "Received: 'a' of shape .3, 0."),
        ({"a": 1.0}, "Received: 'a' of shape .."),
        ({"a": [[1], [np.inf]]}, "finite numbers. Received: 'a' does not"),
    ],
)
def test_strips_refuse(strips, message):
    with pytest.raises(ValueError, match=message):
        plot_strips(strips)
    assert plt.get_fignums() == []


# --- the tape --------------------------------------------------------------------------------

INPUTS, OUTPUTS = rng.integers(2, size=(1, 4, 5)), rng.random((1, 4, 2))


def bars_of(axes):
    """The heights of the orange and of the blue bars."""
    colors = {to_hex(bars[0].get_facecolor()): bars for bars in axes.containers}
    return [np.array([bar.get_height() for bar in colors[c]]) for c in ("#d55e00", "#0072b2")]


@pytest.mark.parametrize("step", [0, 2, 3])
def test_the_tape_shows_a_step(step):
    trace = trace_of([4, 5, 6, 7])  # and the read head at 1 to 4
    _, axes = draw_memory(trace, INPUTS, OUTPUTS, step=step)
    inputs, memory, outputs = (image.get_array() for image in axes.images)
    np.testing.assert_array_equal(memory, trace.memory[0, step, 1:8].T)
    for shown, array in ((inputs, INPUTS), (outputs, OUTPUTS)):
        np.testing.assert_array_equal(shown[:, : step + 1], array[0, : step + 1].T)
        is_blank = np.ma.getmaskarray(shown)
        assert is_blank[:, step + 1 :].all()
        assert not is_blank[:, : step + 1].any()
    write, read = bars_of(axes)
    np.testing.assert_allclose(write, 1.2 * np.eye(7)[3 + step])  # up, from the memory's top
    np.testing.assert_allclose(read, -1.2 * np.eye(7)[step])  # down, from its floor
    _, _, floor, top = axes.images[1].get_extent()
    ground = [bars[0].get_y() for bars in axes.containers]
    assert sorted(ground) == [floor, top]
    assert axes.get_title() == f"step {step}; memory, slots 1 to 7"
    assert {text.get_text() for text in axes.texts} == {
        "input, 4 steps",
        "write head",
        "read head",
        "output",
    }


def test_the_slots_in_use_may_lie_around_the_end():
    trace = trace_of([1, 0, -1, -2])  # and the read head at 10, 9, 8, 7
    _, axes = draw_memory(trace, INPUTS, OUTPUTS, step=0)
    assert axes.get_title() == "step 0; memory, slots 7 to 1"
    order = [7, 8, 9, 10, 11, 0, 1]
    np.testing.assert_array_equal(axes.images[1].get_array(), trace.memory[0, 0, order].T)
    write, read = bars_of(axes)
    assert (write.argmax(), read.argmin()) == (6, 3)


def test_slots_that_are_all_in_use_begin_at_0():
    _, axes = draw_memory(trace_of(range(4), slots=4), INPUTS, OUTPUTS, step=0)
    assert axes.get_title() == "step 0; memory, slots 0 to 3"


def test_a_film_leaves_room_for_the_controls_of_its_player():
    film = animate_memory(trace_of([4, 5, 6, 7]), INPUTS, OUTPUTS)
    film._draw_was_started = True
    (axes,) = film._fig.axes
    lowest = min(image.get_extent()[2] for image in axes.images)
    bottom, top = axes.get_ylim()
    assert (lowest - bottom) / (top - bottom) * film._fig.get_figheight() > 0.45  # inches


def test_at_most_forty_slots_are_shown():
    steps = 60
    trace = trace_of(range(steps), slots=100)
    arrays = np.ones((1, steps, 2)), np.ones((1, steps, 2))
    _, axes = draw_memory(trace, *arrays, step=0)
    assert axes.images[1].get_array().shape == (3, 40)


def test_several_heads_stand_on_each_other_and_another_example_is_another_picture():
    one, two = trace_of([4, 5, 6, 7], heads=2), trace_of([2, 2, 3, 3], heads=2)
    both = SimpleNamespace(
        **{name: np.concatenate([getattr(t, name) for t in (one, two)]) for name in vars(one)}
    )
    arrays = [np.concatenate([array, 0 * array]) for array in (INPUTS, OUTPUTS)]
    for example, (alone, first, last) in enumerate([(one, 1, 7), (two, 11, 3)]):
        _, axes = draw_memory(both, *arrays, step=3, example=example)
        assert axes.get_title().endswith(f"slots {first} to {last}")
        assert bars_of(axes)[0].max() == pytest.approx(1.2)
        slots = (first + np.arange((last - first) % 12 + 1)) % 12
        np.testing.assert_array_equal(axes.images[1].get_array(), alone.memory[0, 3, slots].T)
        np.testing.assert_array_equal(axes.images[0].get_array(), arrays[0][example].T)


def drawn_at(film, step):
    film._draw_was_started = True  # or it warns when it is deleted that it was never drawn
    film._draw_frame(step)


def test_the_film_has_the_pictures_of_all_steps():
    trace = trace_of([4, 5, 6, 7])
    film = animate_memory(trace, INPUTS, OUTPUTS, seconds=2)
    assert plt.get_fignums() == []
    assert film.event_source.interval == 500
    frames = list(film.new_frame_seq())
    assert frames == [0, 1, 2, 3]
    for frame in frames:
        drawn_at(film, frame)
        (drawn,) = film._fig.axes
        _, still = draw_memory(trace, INPUTS, OUTPUTS, step=frame)
        assert drawn.get_title() == still.get_title()
        for one, other in zip(drawn.images, still.images, strict=True):
            assert np.ma.allequal(one.get_array(), other.get_array())
        np.testing.assert_array_equal(bars_of(drawn), bars_of(still))
    plt.close("all")


def test_a_long_film_has_sixty_frames():
    trace = trace_of(range(200))
    film = animate_memory(trace, np.ones((1, 200, 1)), np.ones((1, 200, 1)), seconds=6)
    frames = list(film.new_frame_seq())
    assert len(frames) == 60
    assert (frames[0], frames[-1]) == (0, 199)
    assert film.event_source.interval == 100
    drawn_at(film, 0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"inputs": INPUTS[:, :3]}, "Received: inputs of shape .1, 3, 5."),
        ({"outputs": OUTPUTS[0]}, "Received: outputs of shape .4, 2."),
        ({"outputs": np.ones((2, 4, 2))}, "Received: outputs of shape .2, 4, 2."),
        ({"example": 1}, "`example` must be an integer from 0 to 0. Received: example=1"),
        ({"step": 4}, "`step` must be an integer from 0 to 3. Received: step=4"),
        ({"step": -1}, "`step` must be an integer from 0 to 3. Received: step=-1"),
    ],
)
def test_the_tape_refuses(changes, message):
    arguments = {"trace": trace_of([4, 5, 6, 7]), "inputs": INPUTS, "outputs": OUTPUTS, "step": 0}
    with pytest.raises(ValueError, match=message):
        draw_memory(**arguments | changes)
    assert plt.get_fignums() == []


@pytest.mark.parametrize("seconds", [0, -1, np.inf])
def test_the_film_refuses(seconds):
    with pytest.raises(ValueError, match="`seconds` must be a positive number"):
        animate_memory(trace_of([4, 5, 6, 7]), INPUTS, OUTPUTS, seconds=seconds)
