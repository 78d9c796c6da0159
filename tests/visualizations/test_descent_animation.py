import io
import re
import subprocess

import imageio_ffmpeg
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from nncourse.scratch import optimizers
from nncourse.visualizations import COLORS, animate_descent, show_video, use_style

LIMITS = {"xlim": (-3, 1), "ylim": (-1, 1)}


def ravine(w):
    return w[:, 0] ** 2 / 2 + 10 * w[:, 1] ** 2


def path(rule, steps):
    w = [np.array([-2.5, 0.8])]
    for _ in range(steps):
        w += rule.step(w[-1:], [w[-1] * [1, 20]])
    return np.array(w)


PATHS = {
    "SGD": path(optimizers.SGD(0.09), 150),
    "Momentum": path(optimizers.Momentum(0.04, momentum=0.8), 150),
    "Nesterov": path(optimizers.Nesterov(0.03, momentum=0.8), 150),
    "AdaGrad": path(optimizers.AdaGrad(0.5), 150),
    "RMSprop": path(optimizers.RMSprop(0.05), 100),
    "Adam": path(optimizers.Adam(0.2), 60),
}


def drawn_at(animation, step):
    """Draws one frame and returns its axes."""
    animation._draw_was_started = True  # or it warns when it is deleted that it was never drawn
    animation._draw_frame(step)
    return animation._fig.axes[0]


def test_six_long_paths_are_a_movie_of_sixty_frames_that_weighs_little(tmp_path):
    use_style()
    video = show_video(animate_descent(ravine, PATHS, seconds=6, **LIMITS), alt="Six points")
    assert len(video._repr_html_()) < 300_000
    file = tmp_path / "movie.mp4"
    file.write_bytes(video.data)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-i", file, "-f", "framemd5", "-"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    frames = [line.split(",")[-1] for line in done.stdout.splitlines() if line[0] != "#"]
    assert len(frames) == 60
    assert len(set(frames)) == 60  # it moves
    assert re.search(r"Duration: 00:00:0(5\.9|6\.0)", done.stderr)
    assert plt.get_fignums() == []


def test_each_frame_shows_the_paths_up_to_its_step():
    animation = animate_descent(ravine, PATHS, minimum=(0, 0), **LIMITS)
    for step in (0, 1, 77, 150, 3):  # back and forth: a movie may start again
        axes = drawn_at(animation, step)
        assert axes.get_title() == f"step {step} of 150 (60 shown)"
        for line, (name, full) in zip(axes.lines, PATHS.items(), strict=False):
            assert line.get_label() == name
            np.testing.assert_array_equal(line.get_xydata(), full[: step + 1])
    assert len(axes.lines[5].get_xydata()) == 4


def test_a_short_and_a_diverged_path_rest_at_their_ends():
    diverged = PATHS["SGD"].copy()
    diverged[4:] = np.nan
    animation = animate_descent(ravine, {"a": PATHS["SGD"][:9], "b": diverged[:6]}, **LIMITS)
    assert list(animation.new_frame_seq()) == list(range(9))
    axes = drawn_at(animation, 8)
    assert axes.get_title() == "step 8 of 8"
    np.testing.assert_array_equal(axes.lines[0].get_xydata(), PATHS["SGD"][:9])
    np.testing.assert_array_equal(axes.lines[1].get_xydata(), diverged[:4])


def test_long_paths_are_thinned_from_the_first_to_the_last():
    animation = animate_descent(ravine, PATHS, seconds=3, **LIMITS)
    shown = list(animation.new_frame_seq())
    assert len(shown) == len(set(shown)) == 60
    assert (shown[0], shown[-1]) == (0, 150)
    assert animation.event_source.interval == 50  # milliseconds a frame
    drawn_at(animation, 0)


def test_draws_into_axes_that_are_given():
    figure, (left, right) = plt.subplots(1, 2)
    animation = animate_descent(ravine, {"SGD": PATHS["SGD"][:3]}, ax=right, **LIMITS)
    assert animation._fig is figure
    assert right.lines
    assert not left.has_data()
    drawn_at(animation, 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"paths": {}}, "`paths` must hold at least one path. Received: none"),
        ({"seconds": 0}, "`seconds` must be a positive number. Received: seconds=0"),
        ({"seconds": np.nan}, "`seconds` must be a positive number. Received: seconds=nan"),
        ({"xlim": (1, 0)}, r"`xlim` must hold two finite numbers"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        animate_descent(**{"loss": ravine, "paths": PATHS, **LIMITS, **arguments})
    assert plt.get_fignums() == []


def test_the_poster_keeps_the_colors_of_all_paths_and_its_legend_off_the_players_controls():
    paths = {name: path[:8] for name, path in PATHS.items()}
    animation = animate_descent(ravine, paths, **LIMITS)
    (legend,) = animation._fig.legends
    animation._fig.draw_without_rendering()
    assert legend.get_window_extent().y0 > animation._fig.axes[0].get_window_extent().y1
    movie = show_video(animation, alt="Five paths.")
    pixels = plt.imread(io.BytesIO(movie._poster))[..., :3].reshape(-1, 3)
    for color in COLORS:
        assert np.abs(pixels - to_rgb(color)).max(axis=1).min() < 0.02
